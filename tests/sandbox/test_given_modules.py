"""What answers may import: loaded with all that its functions import, in grading and at home; and nothing else."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.sandbox.client import Sandbox, Worker
from autograder.sandbox.given.lazy import load_lazy_parts
from autograder.sandbox.plain.home import PlainHome
from autograder.sandbox.protocol import Cell, Part, Raised, Returned, SandboxError
from autograder.sandbox.toplevel.refused import depends_on_refused
from autograder.settings import Limits

pytestmark = pytest.mark.slow

LIMITS = Limits(cpu_seconds=2.0, memory_mb=256, answer_mb=4)
IMPORTS = ("numpy", "scipy.stats", "pandas")
HOMES = ("in grading", "at home")
SOURCE = """
import datetime, io
import numpy as np
import pandas as pd
import scipy.stats
from scipy import stats

CSV = "k,v,d\\na,1,2020-01-01\\nb,2,2021-05-06\\na,3,2021-05-07\\n"
df = pd.read_csv(io.StringIO(CSV), parse_dates=["d"])
"""
HONEST = {
    "a table from text": "pd.read_csv(io.StringIO(CSV), sep=None, engine='python').shape",
    "JSON": "pd.read_json(io.StringIO('[{\"a\": 1}]')).shape",
    "groups": "df.groupby('k').agg({'v': ['mean', 'std']}).shape",
    "groups that roll": "df.groupby('k').rolling(2, on='d').v.sum().shape",
    "merged": "df.merge(df, on='k').shape",
    "merged by the nearest": "pd.merge_asof(df, df, on='d').shape",
    "pivot": "df.pivot_table(index='k', values='v', aggfunc='sum').shape",
    "dates in words": "pd.to_datetime('3 March 2021').year",
    "dates by a format": "pd.to_datetime('2021-03-03', format='%Y-%m-%d').day",
    "time zones": "df.d.dt.tz_localize('Europe/Berlin').dt.tz_convert('America/New_York').dt.hour.tolist()",
    "over the year": "df.set_index('d').resample('ME').v.sum().shape",
    "names of days": "df.d.dt.day_name().tolist()",
    "text": "df.k.str.upper().str.contains('A|C', regex=True).tolist()",
    "text taken apart": "df.k.str.extract('(a)').shape",
    "categories": "df.k.astype('category').cat.codes.tolist()",
    "dicts": "df.to_dict('records')[0]['v']",
    "queries": "df.query('v > 1').shape",
    "written as text": "(df.to_csv(), df.to_json(), df.to_html(), df.to_string(), repr(df))[0][:3]",
    "correlation": "df[['v']].corr(method='spearman').shape",
    "reshaped": "pd.get_dummies(df.melt(id_vars='k', value_vars=['v']).k).shape",
    "tests of hypotheses": "stats.ttest_ind([1, 2, 3.0], [2, 3, 4.0]).pvalue > 0",
    "distributions": "stats.norm.fit([1, 2, 3.0])[0]",
    "densities": "stats.gaussian_kde([1, 2, 3.0])(1.0).shape",
    "bootstrap": "stats.bootstrap(([1, 2, 3.0],), np.mean, n_resamples=99).standard_error >= 0",
    "sequences": "stats.qmc.Sobol(2).random(4).shape",
    "Python's dates": "datetime.datetime.strptime('2020-01-02', '%Y-%m-%d').day",
}
ALLOWED = "they may import numpy, pandas, scipy.stats, with what these load by themselves"
REFUSED = {
    "import scipy.signal": "`scipy.signal` is not one of them",
    "import scipy.optimize": "`scipy.optimize` is not one of them",  # though `scipy.stats` has loaded it
    "from scipy import optimize": "`scipy.optimize` is not one of them",
    "from scipy import signal": f"`scipy.signal` is not loaded where answers are graded: {ALLOWED}",
    "import scipy; scipy.signal.hilbert": f"`scipy.signal` is not loaded where answers are graded: {ALLOWED}",
    "import pandas.tests": f"`pandas.tests` is not loaded where answers are graded: {ALLOWED}",
    "import json.tool": f"`json.tool` is not loaded where answers are graded: {ALLOWED}",
    "import sklearn.linear_model": "`sklearn.linear_model` is not one of them",
    "import scipy.stats.nonsense": "No module named 'scipy.stats.nonsense'",
    "from numpy import nonsense": "cannot import name 'nonsense' from 'numpy'",
}
ACCEPTED = [
    *("import scipy", "from scipy import stats", "from scipy.stats import norm", "import scipy.stats.distributions"),
    *("import pandas.plotting", "from numpy.linalg import norm", "import numpy.ma as ma", "import json.decoder"),
]


@pytest.fixture(scope="module", params=HOMES)
def worker(request: pytest.FixtureRequest) -> Iterator[Worker]:
    functions = "".join(f"def f{n}():\n    return {code}\n" for n, code in enumerate(HONEST.values()))
    functions += "def run(code):\n    exec(code)\n    return 1\n"
    home = Sandbox(LIMITS, IMPORTS) if request.param == HOMES[0] else PlainHome(LIMITS, IMPORTS)
    with home, Worker(home, [Part((Cell("code cell 1", SOURCE + functions),))]) as made:
        yield made


@pytest.mark.parametrize("number", range(len(HONEST)), ids=list(HONEST))
def test_what_honest_answers_do_with_pandas_and_scipy_is_loaded(worker: Worker, number: int) -> None:
    assert isinstance(reply := worker.call(f"f{number}", [], {}), Returned), reply


@pytest.mark.parametrize("code", list(REFUSED))
def test_what_is_not_loaded_is_told_in_one_sentence(worker: Worker, code: str) -> None:
    reply = worker.call("run", [code], {})
    assert isinstance(reply, Raised)
    assert "ImportError" in reply.bases
    assert REFUSED[code] in reply.message
    assert "\n" not in reply.message


@pytest.mark.parametrize("code", ACCEPTED)
def test_what_lies_above_and_beneath_a_module_is_there_as_far_as_it_is_loaded(worker: Worker, code: str) -> None:
    assert worker.call("run", [code], {}) == Returned(1)


def test_at_top_level_the_line_is_told() -> None:
    cells = (
        Cell("code cell 1", "import scipy.signal\n"),
        Cell("code cell 2", "def f(): return scipy.signal.hilbert([1])"),
    )
    with Sandbox(LIMITS, ["scipy"]) as sandbox, Worker(sandbox, [Part(cells)]) as worker:
        reply = worker.call("f", [], {})
    assert isinstance(reply, Raised)
    assert "ModuleNotFoundError in code cell 1, line 1: `scipy.signal` is not loaded where answers are graded" in (
        reply.message
    )


def test_memory_is_bounded_beyond_what_is_loaded() -> None:
    source = "import numpy as np\nimport pandas\n\ndef f(megabytes):\n    return len(np.ones(megabytes << 17))\n"
    for home in (Sandbox(LIMITS, IMPORTS), PlainHome(LIMITS, IMPORTS)):
        with home, Worker(home, [Part((Cell("code cell 1", source),))]) as worker:
            assert isinstance(worker.call("f", [LIMITS.memory_mb // 2], {}), Returned)
            assert isinstance(worker.call("f", [2 * LIMITS.memory_mb], {}), Raised)


def test_a_course_that_does_not_name_it_does_not_load_it() -> None:
    source = "def f(name):\n    return name in print.__self__.__import__('sys').modules\n"
    with Sandbox(LIMITS, ["numpy"]) as sandbox, Worker(sandbox, [Part((Cell("code cell 1", source),))]) as worker:
        assert worker.call("f", ["pandas"], {}) == Returned(False)
        assert worker.call("f", ["zoneinfo"], {}) == Returned(False)
        assert worker.call("f", ["numpy.linalg"], {}) == Returned(True)


def test_what_compiles_fortran_is_not_loaded_for_those_who_take_all_of_numpy() -> None:
    source = (
        "from numpy import *\nimport numpy.matlib\n\n"
        "def f():\n    return numpy.matlib.repmat(eye(1), 1, 2)\n\n"
        "def g(name):\n    return name in print.__self__.__import__('sys').modules\n"
    )
    for home in (Sandbox(LIMITS, ["numpy"]), PlainHome(LIMITS, ["numpy"])):
        with home, Worker(home, [Part((Cell("code cell 1", source),))]) as worker:
            reply = worker.call("f", [], {})
            assert isinstance(reply, Returned)
            assert reply.value.tolist() == [[1, 1]]
            assert worker.call("g", ["numpy.f2py"], {}) == Returned(False)


def test_at_home_a_package_may_be_missing_and_python_says_so() -> None:
    source = "def f():\n    import no_such_package\n\ndef g():\n    return 1\n"
    with (
        PlainHome(LIMITS, ["numpy", "no_such_package"]) as home,
        Worker(home, [Part((Cell("code cell 1", source),))]) as worker,
    ):
        reply = worker.call("f", [], {})
        assert worker.call("g", [], {}) == Returned(1)
    assert isinstance(reply, Raised)
    assert reply.message == "No module named 'no_such_package'"


def test_where_it_is_graded_a_package_that_is_missing_is_named() -> None:
    with pytest.raises(SandboxError) as refused, Sandbox(LIMITS, ["numpy", "no_such_package"]):
        pass
    assert str(refused.value) == (
        "the zygote ended: no_such_package, which answers may import, cannot be imported here: "
        "ModuleNotFoundError: No module named 'no_such_package'"
    )


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A package whose functions import parts of it, each in another way."""
    name = "lazy_for_tests"
    (folder := tmp_path / name).mkdir()
    (folder / "__init__.py").write_text(
        f"def absolute():\n    import {name}.a\n\n"
        "class C:\n    def relative(self):\n        from . import b, absolute\n        return b, absolute\n\n"
        "def missing():\n    from .not_there import x\n    import torch_for_tests\n    from . import ends\n"
    )
    for part in "abcd":
        (folder / f"{part}.py").write_text("")
    (folder / "ends.py").write_text("raise SystemExit(1)\n")
    (folder / "a.py").write_text("def deeper():\n    def inner():\n        from .c import nothing\n    return inner\n")
    (folder / "b.py").write_text("".join(f"x{n} = {n}\n" for n in range(3)) + _many_constants())
    monkeypatch.syspath_prepend(tmp_path)
    __import__(name)
    yield name
    for module in [each for each in sys.modules if each.partition(".")[0] == name]:
        del sys.modules[module]


def _many_constants() -> str:
    """A function with so many constants and names that their numbers take more than a byte."""
    lines = "".join(f"    y{n} = {n + 1000}\n    z.name{n}\n" for n in range(300))
    return f"\n\ndef long(z):\n{lines}    from lazy_for_tests import d\n    return d\n"


def test_all_that_functions_of_a_package_import_is_found(package: str) -> None:
    load_lazy_parts({package})
    assert {f"{package}.{part}" for part in "abcd"} <= sys.modules.keys()


@pytest.mark.parametrize(
    ("line", "by_text"),
    [
        ("import numpy.linalg as m", False),
        ("from numpy import linalg as m", False),
        ("import scipy.stats as m", False),
        ("from scipy import stats as m", False),
        ("import scipy.stats.mstats as m", True),
        ("import scipy.signal as m", True),
        ("import collections.abc as m", False),
        ("import json.tool as m", True),
    ],
)
def test_a_notebook_asks_a_worker_where_the_text_does_not_tell(line: str, by_text: bool) -> None:
    cells = (Cell("code cell 1", f"{line}\n\ndef f():\n    return m\n"),)
    assert depends_on_refused(cells, ["f"], ("numpy", "scipy.stats")) is by_text
