"""The front page in a browser: both languages, wide and narrow, with and without scripts, for everybody.

``SCREENSHOTS=folder`` keeps what was seen; ``docs/screenshots`` was made so.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "tests/npm/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
WIDTHS = {"wide": 1280, "narrow": 380}


@pytest.fixture(params=list(WIDTHS))
def width(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(params=["en", "fa"])
def language(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def front(browser: Browser, live: str, language: str, width: str) -> Iterator[Page]:
    """The page as it is seen; nothing may be asked of another host, and the browser must have no complaint."""
    context = browser.new_context(viewport={"width": WIDTHS[width], "height": 900}, bypass_csp=False)
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{live}/?lang={language}")
    page.evaluate("document.fonts.ready.then(() => true)")  # not "networkidle", which now and then never comes
    yield page
    assert [url for url in asked if not url.startswith((live, "data:"))] == []
    assert complaints == []
    context.close()


def test_nothing_sticks_out_and_the_direction_is_right(front: Page, language: str, width: str) -> None:
    assert front.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    for details in front.locator("details").all():
        details.locator("summary").click()
    assert front.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
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
    context = browser.new_context(
        viewport={"width": WIDTHS[width], "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]  # a Literal
        bypass_csp=True,  # the page allows no script at all; this one is the examiner's
    )
    page = context.new_page()
    page.goto(f"{live}/?lang={language}")
    for details in page.locator("details").all():
        details.locator("summary").click()
    page.add_script_tag(path=AXE)
    found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
    assert [(v["id"], [n["html"] for n in v["nodes"][:3]]) for v in found["violations"]] == []
    assert len(found["passes"]) > 10
    context.close()


def test_it_works_without_javascript(browser: Browser, live: str, language: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live}/?lang={language}")
    assert page.locator("article").count() == 6
    page.locator("details summary").first.click()
    assert page.locator("pre").first.is_visible()
    context.close()
