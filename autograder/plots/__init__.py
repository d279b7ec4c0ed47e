"""The pictures of lessons, and the cells that draw what a student's functions compute. Portable.

from autograder.plots import demo_of, heatmap     # in a notebook
"""

from __future__ import annotations

from autograder.distribution import install_name
from autograder.plots import messages

try:
    import matplotlib as _matplotlib  # noqa: F401  (is it there? this is the only folder that needs it)
except ModuleNotFoundError:
    raise ModuleNotFoundError(messages.no_matplotlib(install_name("matplotlib"))) from None

from autograder.plots.demo import demo_of
from autograder.plots.labels import translate_pictures
from autograder.plots.matrices import DrawingError, heatmap, picture, token_map

translate_pictures()

__all__ = ["DrawingError", "demo_of", "heatmap", "picture", "token_map"]
