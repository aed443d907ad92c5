"""The page of a matrix in a real browser, and `tsgen test --report` on a real project."""

from __future__ import annotations

import importlib.util
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.legs import NASTY, leg, proven, realistic, report
from tsgen.drawing import matrix_page
from tsgen.types.matrix import WORDS, MatrixReport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from .conftest import Made, Tsgen

    Show = Callable[..., "Shown"]

BROWSERS = ("chromium", "chromium-headless-shell", "chromium-browser", "google-chrome")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WHITE, DARK = "rgb(255, 255, 255)", "rgb(20, 23, 26)"


class Shown:
    """A page in the browser, with whatever went wrong while it was there."""

    def __init__(self, page: Page, file: Path) -> None:
        self.page, self.file = page, file
        self.console: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self.console.append(message.text))
        page.on("pageerror", lambda error: self.console.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        page.goto(file.as_uri())

    def column(self, title: str) -> list[str]:
        """What stands in a column of the table, from top to bottom, without rows that are filtered out."""
        cells = self.page.locator(f'#legs-table [data-title="{title}"]').all()
        return [cell.inner_text().split("\n")[0].strip() for cell in cells if cell.is_visible()]

    def colour(self, what: str, name: str = "background-color") -> str:
        return str(self.page.locator(what).first.evaluate(f"e => getComputedStyle(e)['{name}']"))

    def faults(self) -> list[str]:
        """What axe-core finds wrong for people who use a keyboard, a screen reader, or see little contrast."""
        from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # noqa: PLC0415 - see `browser`

        found = Axe().run(self.page, options={"runOnly": TAGS}).response["violations"]
        return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not program:
        pytest.skip(f"no browser (looked for {', '.join(BROWSERS)})")
    if not importlib.util.find_spec("playwright") or not importlib.util.find_spec("axe_playwright_python"):
        pytest.skip("no playwright or no axe-playwright-python: pip install -e '.[test]'")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - may not be there

    with sync_playwright() as driver:
        # Tests run as root in containers, where the browser's own sandbox cannot be set up.
        made = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Show]:
    """Opens a report; every page must end without a word on the console and without a request."""
    shown: list[Shown] = []

    def open_it(what: MatrixReport | Path, *, width: int = 1280, **options: Any) -> Shown:
        file = tmp_path / "matrix.html" if isinstance(what, MatrixReport) else what
        if isinstance(what, MatrixReport):
            file.write_text(matrix_page(what), encoding="utf-8")
        page = browser.new_page(viewport={"width": width, "height": 800}, **options)
        shown.append(Shown(page, file))
        return shown[-1]

    yield open_it
    for each in shown:
        each.page.close()
        assert not each.console
        assert {url.partition("#")[0] for url in each.requests} <= {each.file.as_uri(), "data:,"}


def test_every_leg_is_a_cell_with_its_state(show: Show) -> None:
    shown = show(realistic())
    cells = shown.page.locator(".grid .cell").all()
    words = sorted(cell.locator(".word").inner_text() for cell in cells)
    assert words == sorted(WORDS[each.state] for each in realistic().legs)
    assert all(cell.bounding_box()["width"] > 20 for cell in cells)  # type: ignore[index]
    shapes = [cell.locator("use").first.evaluate("e => e.getBBox().width") for cell in cells]
    assert min(shapes) > 0
    colours = {cell.evaluate("e => getComputedStyle(e).backgroundColor") for cell in cells}
    assert len(colours) == len(WORDS)


def test_a_cell_leads_to_its_leg_and_opens_it(show: Show) -> None:
    shown = show(realistic())
    failed = next(each for each in realistic().legs if each.state == "failed")
    reason = shown.page.locator("details .reason", has_text="C++ and Python differ")
    assert not reason.is_visible()
    shown.page.locator(".grid .is-failed").click()
    assert reason.is_visible()
    assert failed.name in shown.page.url.replace("%2B", "+")
    assert "first at [0, 7]: C++ 1.281, Python 1.25" in shown.page.locator("details[open]").inner_text()


def test_a_click_sorts_and_says_so(show: Show) -> None:
    shown = show(realistic())
    header = shown.page.locator("#legs-table thead th", has_text="LibTorch")
    before = shown.column("LibTorch")
    assert header.get_attribute("aria-sort") is None
    header.locator("button").click()
    versions = ["2.9.1", "2.13.0", "2.14.1"]
    assert header.get_attribute("aria-sort") == "ascending"
    assert shown.column("LibTorch") == sorted(before, key=versions.index) != before
    header.locator("button").press("Enter")
    assert header.get_attribute("aria-sort") == "descending"
    assert shown.column("LibTorch") == sorted(before, key=versions.index, reverse=True)
    assert shown.page.locator("#status").inner_text() == "Sorted by LibTorch, descending."
    shown.page.locator("#legs-table thead th", has_text="Platform").locator("button").click()
    assert header.get_attribute("aria-sort") is None


def test_numbers_are_sorted_by_size_and_what_has_none_stays_last(show: Show) -> None:
    shown = show(realistic())
    button = shown.page.locator("#legs-table thead th", has_text="Largest error").locator("button")
    button.click()
    column = shown.column("Largest error")
    assert column[0] == "0, bit for bit"
    assert column[14] == "0.031"
    assert set(column[15:]) == {"not run"}
    button.click()
    assert shown.column("Largest error")[0] == "0.031"
    assert shown.column("Largest error")[-1] == "not run"


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])
def test_one_state_can_be_seen_alone(show: Show, *, scripts: bool) -> None:
    shown = show(realistic(), java_script_enabled=scripts)
    shown.page.locator("#show-linked").check()
    assert shown.column("State") == ["linked (not run)"] * 2
    assert shown.page.locator("details:visible").count() == 2
    if scripts:
        assert shown.page.locator("#status").inner_text() == "2 of 23 legs shown."
    shown.page.locator("#show-linked").press("ArrowLeft")
    assert shown.column("State") == ["proven"] * 14
    shown.page.locator("#show-all").check()
    assert len(shown.column("State")) == 23


def test_without_javascript_everything_can_be_read(show: Show) -> None:
    shown = show(realistic(), java_script_enabled=False)
    assert not shown.page.locator("#legs-table button").count()
    for summary in shown.page.locator("summary").all():
        summary.click()
    said = shown.page.locator("body").inner_text()
    for each in realistic().legs:
        assert each.reason in said
        assert all(fact in said for fact in each.facts)


def test_zero_is_drawn_in_its_own_place(show: Show) -> None:
    shown = show(realistic())

    def strip(version: str) -> Any:
        """Of the worst case: the middle of its dot, of the place for zero, and of the tolerance's line."""
        row = shown.page.locator(".error tbody tr", has_text=f"LibTorch {version} · g++ · release")
        return row.evaluate(
            """row => Object.fromEntries(["circle:last-of-type", ".nought", ".limit"].map(what => {
                const element = row.querySelector(what);
                const box = element && element.getBoundingClientRect();
                return [what, box && [box.left, box.right]];
            }))"""
        )

    exact, near = strip("2.14.1"), strip("2.13.0")
    assert exact[".nought"][0] < exact["circle:last-of-type"][0] < exact["circle:last-of-type"][1] < exact[".nought"][1]
    assert not exact[".limit"]
    assert near[".nought"][1] < near["circle:last-of-type"][0] < near[".limit"][0]


def test_an_emulated_leg_has_no_bars(show: Show) -> None:
    rows = show(realistic()).page.locator(".time tbody tr", has_text="linux-aarch64")
    assert rows.count() == 4
    assert not rows.locator(".bar").count()
    assert "tells nothing of real hardware" in rows.first.inner_text()


def test_the_longer_time_has_the_longer_bar(show: Show) -> None:
    row = show(realistic()).page.locator(".time tbody tr").first
    ours, python = (row.locator(what).bounding_box()["width"] for what in (".track .ours", ".track .python"))  # type: ignore[index]
    assert ours / python == pytest.approx(14.7 / 20.3, abs=0.02)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_follow_the_system_and_can_be_told_apart(show: Show, scheme: Any) -> None:
    shown = show(realistic(), color_scheme=scheme)
    assert shown.colour("body") == {"light": WHITE, "dark": DARK}[scheme]
    for summary in shown.page.locator("summary").all():
        summary.click()
    assert not shown.faults()


def test_a_phone_needs_no_sideways_scroll(show: Show) -> None:
    shown = show(realistic(), width=360)
    for summary in shown.page.locator("summary").all():
        summary.click()
    assert shown.page.evaluate("document.documentElement.scrollWidth") == 360
    assert shown.page.locator("#legs-table tbody tr").first.evaluate("e => getComputedStyle(e).display") == "grid"
    assert shown.page.locator(".grid").bounding_box()["width"] <= 360  # type: ignore[index]
    sideways = "[...document.querySelectorAll('section > .wide')].map(e => e.scrollWidth - e.clientWidth)"
    assert shown.page.evaluate(sideways) == [0, 0]
    assert not shown.faults()
    shown.page.locator("#legs-table thead th", has_text="LibTorch").locator("button").click()
    assert shown.column("LibTorch")[0] == "2.9.1"


def test_on_paper_every_leg_is_told(show: Show) -> None:
    shown = show(realistic())
    shown.page.emulate_media(media="print")
    facts = shown.page.locator("details li", has_text="it needs macOS 14.0 or newer").all()
    assert len(facts) == 2
    shown.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert all(fact.is_visible() for fact in facts)
    shown.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert not shown.page.locator("details[open]").count()


def test_a_script_in_a_report_is_shown_and_not_run(show: Show) -> None:
    shown = show(report(proven(leg(), state="failed", reason=NASTY), proven(leg(version="2.13.0"))))
    shown.page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    assert NASTY in shown.page.locator(".reasons").inner_text()
    assert shown.page.locator("script").count() == 1


@pytest.mark.parametrize("legs", [(), (proven(leg()),)], ids=["no leg", "one leg"])
def test_a_small_matrix_is_a_page_too(show: Show, legs: Any) -> None:
    assert not show(report(*legs)).faults()


def test_a_project_that_is_proven_has_its_page(show: Show, tsgen: Tsgen, resnet: Made, tmp_path: Path) -> None:
    page = tmp_path / "myapp.html"
    ended = tsgen("test", resnet.root, "--report", page)
    assert ended.status == 0, ended.stdout + ended.stderr
    assert str(page) in ended.stdout
    said = show(page).page.locator("body").inner_text()
    assert "Proven: its C++ program gives the numbers that Python gives." in said
    assert "0, bit for bit" in said
    assert re.search(r"C\+\+ from float64\s+Python from float64", said)
    both = re.findall(r"0, bit for bit\s+0\s+(\S+)\s+(\S+)\s+agrees", said)
    assert both
    assert all(ours == python != "0" for ours, python in both)
    assert re.search(r"Cold start: [\d.]+ m?s, in Python [\d.]+ m?s", said)
    assert re.search(r"Program [\d.]+ [kM]B, model 47 MB, LibTorch [\d.]+ [MG]B", said)


def test_a_proof_that_fails_has_its_page_and_its_exit_code(
    show: Show, tsgen: Tsgen, resnet: Made, tmp_path: Path
) -> None:
    saved = next((resnet.root / "model/cases").glob("*/output.*.npy"))
    was, page = saved.read_bytes(), tmp_path / "myapp.html"
    saved.write_bytes(was[:-4] + b"\0\0\x80\x3f")
    try:
        ended = tsgen("test", resnet.root, "--report", page)
    finally:
        saved.write_bytes(was)
    assert ended.status == 8
    shown = show(page)
    assert "C++ and Python differ" in shown.page.locator(".reasons").inner_text()
    assert shown.page.locator(".missed").count() == 1
    assert re.search(
        r"differs in 1 value, first at \[.*\]: C\+\+ .*, Python 1\.0", shown.page.locator("body").inner_text()
    )
