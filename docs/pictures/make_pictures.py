"""Makes the README's pictures of what they show: JupyterLab, the page of a graded class, the picture of a cell.

    .venv/bin/python -m docs.pictures.make_pictures

Make them again when what they show has changed; look at each, and see whether its alternative text in the README still
tells what is there. Their sizes are always the same. What is seen is the same with the same fonts, Chromium and
JupyterLab. Where what a picture is for cannot be seen, an AssertionError says so, and none is written.
"""

from __future__ import annotations

import base64
import io
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import nbformat
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from autograder.course.loader import load_course
from autograder.course.worked.kernel import run_notebook
from autograder.course.worked.release import cell_lines, worked_notebook
from tests.helpers.command_line import autograder
from tests.helpers.jupyterlab import OpenNotebook, jupyter_server, open_browser
from tests.helpers.paths import ROOT

SOFTMAX, TRANSFORMER = "03_softmax", "09_vision_transformer"
MISTAKE = "over_queries"
MISTAKEN = """\
def softmax(S):
    e = np.exp(S - S.max(axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)"""
TOPICS = ("weights on the left", "softmax")  # a misconception, and a hard question
SHARP = '%config InlineBackend.figure_format = "retina"'

# In pixels of the page.
NOTEBOOK, CLASS, WINDOW = 795, 1180, 1400  # how wide a picture is; how high a window is
MARGIN, FADE = 10, 40  # around what is cut out of a page; where a cut ends
# In pixels of the picture.
FRAME, GREY = 3, "#8c959f"  # seen on white and on black


def main(target: Path) -> None:
    """Write the pictures into a folder."""
    for name, make in PICTURES.items():
        with tempfile.TemporaryDirectory() as folder:
            picture = make(Path(folder))
        (target / name).write_bytes(picture)


def named_mistake(folder: Path) -> bytes:
    """A mistake in JupyterLab, and what `check` says of it: its name, the hint, the numbers side by side."""
    mistakes = load_course(ROOT / "solutions").assignment(SOFTMAX).misconceptions
    (statement,) = (each.statement for each in mistakes if each.name == MISTAKE)
    shutil.copytree(ROOT / "assignments", folder / "assignments")
    path = Path("assignments", SOFTMAX, f"{SOFTMAX}.ipynb")
    lab = [sys.executable, "-m", "jupyterlab"]
    with (
        jupyter_server(lab, folder, folder / "jupyter") as server,
        open_browser(NOTEBOOK + 335, WINDOW, scale=1.8) as page,
    ):
        notebook = OpenNotebook(page, server, folder / path, path.as_posix())
        notebook.run_up_to("softmax")
        notebook.write("softmax", MISTAKEN)
        notebook.run_with_next()
        shown = notebook.shown("check_softmax").first
        notebook.cell("softmax").evaluate("each => each.scrollIntoView({block: 'center'})")
        tables = [shown.get_by_role("table", name=name, exact=True).first for name in ("yours", "expected")]
        return framed(cut(page, notebook.cell("softmax"), NOTEBOOK, 530, [shown.get_by_text(statement), *tables]))


def class_page(folder: Path) -> bytes:
    """Of the page of the sample class: what to teach again, and the heat map, lowest totals first."""
    graded = autograder("grade", ROOT / "examples" / "class", "--out", folder)
    assert (folder / "index.html").exists(), graded.stderr
    with open_browser(CLASS, WINDOW, scale=1.1) as page:
        page.goto((folder / "index.html").as_uri())
        topics = [page.locator(".topics").get_by_role("heading", name=name, exact=True) for name in TOPICS]
        top = cut(page, page.locator("main"), CLASS, 390, topics)
        page.locator(".grid th[data-col='1'] button").click()
        page.locator("#students").evaluate("each => each.scrollIntoView()")
        none, every = (page.locator(f".grid td.w{warmth}").first for warmth in (0, 5))  # no point, all points
        table = cut(page, page.locator(".find"), CLASS, 800, [none, every])
        return framed(top, table)


def attention_heads(folder: Path) -> bytes:
    """Where each head looks: what a cell of the solved notebook draws, with more pixels."""
    course = load_course(ROOT / "solutions")
    shutil.copytree(ROOT / "assignments", folder, dirs_exist_ok=True)
    for assignment in course.assignments[: course.names.index(TRANSFORMER) + 1]:
        notebook = worked_notebook(assignment)
        nbformat.write(notebook, folder / assignment.name / f"{assignment.name}.ipynb")
    (drawing,) = (place for place, cell in enumerate(notebook.cells) if 'f"head {head}"' in cell.source)
    notebook.cells = [nbformat.v4.new_code_cell(SHARP), *notebook.cells[: drawing + 1]]
    run_notebook(notebook, folder / TRANSFORMER, assignment.lesson_path, [1, *cell_lines(assignment)])
    (drawn,) = notebook.cells[-1].outputs  # nothing stands above it that says that an answer is wrong
    return framed(_image(base64.b64decode(drawn.data["image/png"])))


PICTURES: dict[str, Callable[[Path], bytes]] = {
    f"{make.__name__}.png": make for make in (named_mistake, class_page, attention_heads)
}


def cut(page: Page, corner: Locator, width: int, height: int, seen: Sequence[Locator]) -> Image.Image:
    """So much of a page, from the upper left corner of an element on. What is to be `seen` must be in it."""
    page.mouse.move(0, 0)  # what it is on may look different
    box = corner.bounding_box()
    assert box
    left, top = (max(int(box[side]) - MARGIN, 0) for side in ("x", "y"))  # whole ones: the size is the same every time
    for each in seen:
        expect(each).to_be_visible()
        inner = each.bounding_box()
        assert inner
        assert left <= inner["x"] <= inner["x"] + inner["width"] <= left + width, each
        assert top <= inner["y"] <= inner["y"] + inner["height"] <= top + height - FADE, each
    clip = {"x": left, "y": top, "width": width, "height": height}
    image = _image(page.screenshot(clip=clip, animations="disabled"))
    fading = round(FADE * image.width / width)
    mask = Image.new("L", (1, image.height), 255)
    for row in range(fading):
        mask.putpixel((0, image.height - fading + row), 255 - 255 * row // fading)
    return Image.composite(image, Image.new("RGB", image.size, "white"), mask.resize(image.size))


def framed(*images: Image.Image) -> bytes:
    """Images below each other, each in a frame, as a PNG with a palette."""
    height = sum(each.height + FRAME for each in images) + FRAME
    whole = Image.new("RGB", (images[0].width + 2 * FRAME, height), GREY)
    top = FRAME
    for each in images:
        whole.paste(each, (FRAME, top))
        top += each.height + FRAME
    out = io.BytesIO()
    few = whole.quantize(method=Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE)  # no colour goes far
    few.save(out, "png", optimize=True)
    return out.getvalue()


def _image(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


if __name__ == "__main__":
    main(Path(__file__).parent)
