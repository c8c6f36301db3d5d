"""The front page in a browser: both languages, wide and narrow, with and without scripts, for everybody.

``SCREENSHOTS=folder`` keeps what was seen; ``docs/screenshots`` was made so.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from support.pages import WIDTHS, examine, fits, seen, unfold


@pytest.fixture
def front(browser: Browser, live: str, language: str, width: str) -> Iterator[Page]:
    """The page as it is seen."""
    with seen(browser, live, f"/?lang={language}", width) as page:
        yield page


def test_nothing_sticks_out_and_the_direction_is_right(front: Page, language: str, width: str) -> None:
    assert fits(front)
    unfold(front)
    assert fits(front)
    switch = front.locator(".switch").bounding_box()
    assert switch is not None
    assert (switch["x"] < WIDTHS[width] / 2) == (language == "fa")
    assert front.evaluate("document.fonts.check('1rem Vazirmatn')")


def test_the_other_language_is_one_click_away(front: Page, language: str) -> None:
    front.locator(".switch").click()
    assert front.locator("html").get_attribute("lang") == {"en": "fa", "fa": "en"}[language]


def test_a_screenshot_can_be_kept(front: Page, language: str, width: str, tmp_path: Path) -> None:
    folder = Path(os.environ.get("SCREENSHOTS") or tmp_path)
    file = folder / f"front-{language}-{width}.png"
    front.screenshot(path=file, clip={"x": 0, "y": 0, "width": WIDTHS[width], "height": 1100}, full_page=True)
    assert file.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible(browser: Browser, live: str, language: str, width: str, scheme: str) -> None:
    examine(browser, f"{live}/?lang={language}", width, scheme)


def test_it_works_without_javascript(browser: Browser, live: str, language: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live}/?lang={language}")
    assert page.locator("article").count() == 6
    page.locator("details summary").first.click()
    assert page.locator("pre").first.is_visible()
    context.close()
