"""The documentation page in a browser: both languages, wide and narrow, for everybody.

``SCREENSHOTS=folder`` keeps what was seen.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from support.pages import WIDTHS, examine, fits, seen, unfold


@pytest.fixture
def docs(browser: Browser, live: str, language: str, width: str) -> Iterator[Page]:
    """The page as it is seen."""
    with seen(browser, live, f"/docs?lang={language}", width) as page:
        yield page


def test_nothing_sticks_out_folded_or_not(docs: Page) -> None:
    assert fits(docs)
    unfold(docs)
    assert fits(docs)
    assert docs.locator("dt:visible").count() > 100


def test_the_other_language_and_the_front_page_are_one_click_away(docs: Page, language: str) -> None:
    docs.locator(".switch").click()
    assert docs.locator("html").get_attribute("lang") == {"en": "fa", "fa": "en"}[language]
    docs.locator(".home a").click()
    assert docs.locator("article").count() == 6
    docs.locator(".docs a").click()
    assert docs.locator("#v2-data").count() == 1


def test_a_screenshot_can_be_kept(docs: Page, language: str, width: str, tmp_path: Path) -> None:
    folder = Path(os.environ.get("SCREENSHOTS") or tmp_path)
    file = folder / f"docs-{language}-{width}.png"
    docs.locator("details").first.locator("summary").click()
    docs.screenshot(path=file, clip={"x": 0, "y": 0, "width": WIDTHS[width], "height": 1100}, full_page=True)
    assert file.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible(browser: Browser, live: str, language: str, width: str, scheme: str) -> None:
    examine(browser, f"{live}/docs?lang={language}", width, scheme)
