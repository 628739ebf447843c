"""The page in a browser, from disk, with the network off: what a person does there."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

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
    opened.tab.keyboard.press("End")
    assert opened.visible() == NAMES


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
