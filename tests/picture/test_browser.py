"""The page in a browser, from disk, with the network off: what a person does there."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mce_graph.picture.figure import Bar, Figure, Line
from mce_graph.picture.page import page
from mce_graph.picture.sheet import sheet
from mce_graph.picture.text import Series
from tests.picture import made

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """An installed Chromium or Chrome; where there is none these tests are skipped, but never under CI."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        program = None
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have chromium and playwright: apt-get install -y chromium; pip install playwright")
        pytest.skip("no chromium or no playwright here: apt-get install chromium; pip install playwright")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield opened
        opened.close()


class Opened:
    """A page with what it said and asked for."""

    def __init__(self, tab: Page) -> None:
        self.tab = tab
        self.trouble: list[str] = []
        self.asked: list[str] = []
        tab.on("console", self._said)
        tab.on("pageerror", lambda error: self.trouble.append(str(error)))
        tab.on("dialog", self._refuse)
        tab.on("request", lambda request: self.asked.append(request.url))

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.trouble.append(message.text)

    def _refuse(self, dialog: Dialog) -> None:
        self.trouble.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def visible(self) -> set[str]:
        names = self.tab.evaluate("picture.nodes().filter(n => !n.hasClass('hidden')).map(n => n.data('short'))")
        return set(names)

    def having(self, name: str) -> set[str]:
        return set(self.tab.evaluate(f"picture.nodes('.{name}').map(n => n.data('short'))"))

    def tap(self, name: str) -> None:
        """Click on the node of this name, where it is on the screen."""
        at = self.tab.evaluate(
            "name => { const n = picture.nodes().filter(n => n.data('short') === name)[0];"
            " const box = document.getElementById('canvas').getBoundingClientRect(); const p = n.renderedPosition();"
            " return [box.x + p.x, box.y + p.y]; }",
            name,
        )
        self.tab.mouse.click(*at)


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Opened]:
    series = {"User:U-1": [Series("mos", "Service:S-1", (3.0, 4.2), "good")]}
    file = tmp_path / "page.html"
    text = page(made.household(), "Customer:C-1", title="A household", as_of="2026-11-01T12:00:00Z", series=series)
    file.write_text(text, encoding="utf-8")
    context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True, accept_downloads=True)
    shown = Opened(context.new_page())
    shown.tab.goto(file.as_uri())
    shown.tab.wait_for_function("window.picture !== undefined")
    yield shown
    assert shown.trouble == []
    assert [url for url in shown.asked if not url.startswith(("file:", "data:", "blob:"))] == []
    context.close()


BARS = Figure("Visits by page", ("entries", "exits"), "visits", (Bar("home", (3, 1)), Bar(made.EVIL, (1, None))))
TREND = Figure(
    "Experience", ("mean",), "mos",
    lines=(Line("Service:S-1", ((made.day("2026-10-30"), 4.3), (made.day("2026-10-31"), 2.1)), "mos", 4.0),),
)  # fmt: skip
NAMES = {"Family", "Anna", "Mia", "mos 4.2", "</script><img src=x onerror=alert…"}


def test_everything_is_there_and_a_hostile_name_is_inert(opened: Opened) -> None:
    assert opened.visible() == NAMES
    opened.tap("</script><img src=x onerror=alert…")
    assert opened.tab.inner_text("#details h2") == made.EVIL
    assert opened.tab.locator("img:not(#paper)").count() == 0


def test_search_marks_what_it_finds_and_enter_goes_there(opened: Opened) -> None:
    opened.tab.fill("#search", "mia")
    assert opened.having("hit") == {"Mia"}
    assert opened.tab.inner_text("#found") == "1 found"
    opened.tab.press("#search", "Enter")
    assert opened.tab.inner_text("#details h2") == "Mia"
    opened.tab.press("#search", "Escape")
    assert opened.having("hit") == set()


def test_the_legend_hides_and_shows_a_kind(opened: Opened) -> None:
    button = opened.tab.locator('#legend button[data-label="User"]')
    assert button.inner_text().split() == ["User", "2"]
    button.click()
    assert opened.visible() == NAMES - {"Anna", "Mia"}
    assert button.get_attribute("aria-pressed") == "false"
    button.click()
    assert opened.visible() == NAMES


def test_a_click_shows_properties_and_dims_the_rest(opened: Opened) -> None:
    opened.tap("Anna")
    assert opened.having("dim") == {"</script><img src=x onerror=alert…"}
    panel = opened.tab.inner_text("#details")
    assert "User · PrimaryUser — User:U-1" in panel
    assert "mos ▅▇ 4.2, good on Service:S-1" in panel
    assert "since 2019-03-01" in panel
    opened.tab.locator("#details li button", has_text="Family").click()
    assert opened.tab.inner_text("#details h2") == "Family"
    opened.tab.keyboard.press("Escape")
    assert opened.having("dim") == set()


def test_the_slider_goes_back_in_time(opened: Opened) -> None:
    slider = opened.tab.locator("#slider")
    assert opened.tab.inner_text("#instant") == "2026-11-01 12:00Z (as asked)"
    slider.focus()
    opened.tab.keyboard.press("Home")
    assert opened.tab.inner_text("#instant") == "2019-03-01"
    edges = opened.tab.evaluate("picture.edges().filter(e => !e.hasClass('hidden')).map(e => e.data('text'))")
    assert "USES_ACCOUNT (secondary)" not in edges
    assert "USES_ACCOUNT (primary)" in edges
    # The experience is of 2026; Mia knows Anna, nobody says since when.
    assert opened.visible() == NAMES - {"mos 4.2"}
    opened.tab.keyboard.press("End")
    assert opened.visible() == NAMES


def test_the_slider_shows_what_was_there_at_each_instant(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(page(made.moved_in(), "Customer:C-1", as_of="2026-11-01T12:00:00Z"), encoding="utf-8")
    context = browser.new_context(offline=True)
    shown = Opened(context.new_page())
    shown.tab.goto(file.as_uri())
    shown.tab.wait_for_function("window.picture !== undefined")
    every = {"Family", "Anna", "A call", "Old tariff", "Mobile", "Mia"}
    assert shown.visible() == every
    shown.tab.focus("#slider")
    shown.tab.keyboard.press("Home")
    seen = {}
    for _ in range(5):
        seen[shown.tab.inner_text("#instant")] = shown.visible()
        shown.tab.keyboard.press("ArrowRight")
    assert seen == {
        "2019-03-01": {"Family", "Anna", "Old tariff"},
        "2026-06-01": {"Family", "Anna", "Old tariff", "Mia", "Mobile"},
        "2026-06-15": {"Family", "Anna", "Mia", "Mobile"},
        "2026-07-01": {"Family", "Anna", "Mia", "Mobile", "A call"},
        "2026-11-01 12:00Z (as asked)": every,
    }
    shown.tab.keyboard.press("Home")
    shown.tab.click("#listing summary")
    assert shown.tab.locator("#list table").first.locator("tbody tr").count() == 3
    assert shown.trouble == []
    context.close()


def test_a_node_folds_what_hangs_behind_it(opened: Opened) -> None:
    opened.tap("Family")
    opened.tab.click("#fold")
    assert opened.visible() == {"Family", "</script><img src=x onerror=alert…"}
    opened.tab.click("#fold")
    assert opened.visible() == NAMES


def test_keys_are_enough(opened: Opened) -> None:
    opened.tab.keyboard.press("/")
    opened.tab.keyboard.type("family")
    assert opened.having("hit") == {"Family"}
    opened.tab.focus("#canvas")
    opened.tab.keyboard.press("ArrowRight")
    first = opened.tab.inner_text("#details h2")
    opened.tab.keyboard.press("ArrowRight")
    assert opened.tab.inner_text("#details h2") != first
    while opened.tab.inner_text("#details h2") != "Family":
        opened.tab.keyboard.press("ArrowRight")
    opened.tab.keyboard.press("Enter")
    assert opened.visible() == {"Family", "</script><img src=x onerror=alert…"}
    opened.tab.keyboard.press("Enter")
    assert opened.visible() == NAMES
    before = opened.tab.evaluate("picture.zoom()")
    opened.tab.keyboard.press("+")
    assert opened.tab.evaluate("picture.zoom()") > before


def test_png_and_svg_are_exported(opened: Opened, tmp_path: Path) -> None:
    with opened.tab.expect_download() as png:
        opened.tab.click("#png")
    assert Path(png.value.path()).read_bytes().startswith(b"\x89PNG\r\n")
    with opened.tab.expect_download() as svg:
        opened.tab.click("#svg")
    text = Path(svg.value.path()).read_text(encoding="utf-8")
    assert text.startswith("<svg ")
    assert "<img" not in text
    assert len(re.findall("<text ", text)) == len(NAMES)
    from xml.etree import ElementTree

    ElementTree.fromstring(text)


def test_the_list_names_every_node_for_readers_of_screens_and_paper(opened: Opened) -> None:
    opened.tab.click("#listing summary")
    assert opened.tab.locator("#list table").first.locator("tbody tr").count() == len(NAMES)


def test_dark_and_narrow_are_readable(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(page(made.household(), "Customer:C-1"), encoding="utf-8")
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark", offline=True)
    tab = context.new_page()
    tab.goto(file.as_uri())
    tab.wait_for_function("window.picture !== undefined")
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(22, 24, 29)"
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    assert tab.evaluate("picture.nodes()[0].style('color')") == "rgb(240,238,236)"
    context.close()


def test_what_is_not_drawn_is_said(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(page(made.crowd(1007), "Account:A-1"), encoding="utf-8")
    context = browser.new_context(offline=True)
    tab = context.new_page()
    tab.goto(file.as_uri())
    tab.wait_for_function("window.picture !== undefined")
    assert tab.inner_text("#notice") == "7 more nodes are not drawn: the nearest 1000 are."
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["picture", "picture in use", "sheet", "sheet on a phone"])
def test_nothing_stands_in_the_way_of_who_sees_or_moves_differently(
    kind: str, scheme: str, browser: Browser, tmp_path: Path
) -> None:
    """What axe finds: nothing at all, of any weight."""
    from axe_playwright_python.sync_playwright import Axe

    file = tmp_path / "page.html"
    text = (
        sheet(["page", "visits"], [["home", 3], [made.EVIL, 1]], "Visits", [BARS, TREND])
        if kind.startswith("sheet")
        else page(made.household(), "Customer:C-1", title="A household", as_of="2026-11-01T12:00:00Z")
    )
    file.write_text(text, encoding="utf-8")
    size = {"width": 390, "height": 844} if kind.endswith("phone") else {"width": 1280, "height": 800}
    context = browser.new_context(color_scheme=scheme, offline=True, viewport=size)  # type: ignore[arg-type]
    tab = context.new_page()
    tab.goto(file.as_uri())
    if kind == "picture in use":
        tab.wait_for_function("window.picture !== undefined")
        tab.fill("#search", "mia")
        tab.press("#search", "Enter")
        tab.locator('#legend button[data-label="Account"]').click()
        tab.click("#listing summary")
        tab.focus("#slider")
        tab.keyboard.press("Home")
    if kind == "sheet on a phone":
        # The page stays as wide as the screen, the drawing as large as its letters need and is moved in its place.
        assert tab.evaluate("document.documentElement.scrollWidth") <= 390
        assert tab.evaluate("document.querySelector('svg').getBoundingClientRect().width") > 700
    found = Axe().run(tab).response
    assert len(found["passes"]) > 20
    assert [(v["id"], v["impact"], [n["html"] for n in v["nodes"]]) for v in found["violations"]] == []
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_drawing_is_seen_and_saved(scheme: str, browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "sheet.html"
    file.write_text(sheet(["page"], [["home"]], "Visits", [BARS, TREND]), encoding="utf-8")
    context = browser.new_context(color_scheme=scheme, offline=True, accept_downloads=True)  # type: ignore[arg-type]
    shown = Opened(context.new_page())
    shown.tab.goto(file.as_uri())
    assert shown.tab.locator("svg").count() == 2
    assert shown.tab.locator("img").count() == 0
    colour = shown.tab.evaluate("getComputedStyle(document.querySelector('text.ink')).fill")
    assert colour == ("rgb(28, 25, 23)" if scheme == "light" else "rgb(240, 238, 236)")
    with shown.tab.expect_download() as saved:
        shown.tab.click("figure a >> nth=0")
    assert saved.value.suggested_filename == "chart-1.svg"
    saved.value.save_as(tmp_path / "chart.svg")
    shown.tab.goto((tmp_path / "chart.svg").as_uri())
    # On a slide it is dark on white, whoever looks.
    assert shown.tab.evaluate("getComputedStyle(document.querySelector('text.ink')).fill") == "rgb(28, 25, 23)"
    assert shown.trouble == []
    context.close()


def test_a_sheet_opens_without_a_word(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "sheet.html"
    file.write_text(sheet(["name"], [[made.EVIL]], "Rows"), encoding="utf-8")
    context = browser.new_context(offline=True)
    shown = Opened(context.new_page())
    shown.tab.goto(file.as_uri())
    assert shown.tab.inner_text("tbody td") == made.EVIL
    assert shown.tab.locator("img").count() == 0
    assert shown.trouble == []
    context.close()
