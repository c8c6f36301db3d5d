"""Looking at a page of a running server in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

AXE = Path(__file__).resolve().parents[1] / "npm/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
WIDTHS = {"wide": 1280, "narrow": 380}


@contextmanager
def seen(browser: Browser, live: str, path: str, width: str) -> Iterator[Page]:
    """The page as it is seen; nothing may be asked of another host, and the browser must have no complaint."""
    context = browser.new_context(viewport={"width": WIDTHS[width], "height": 900}, bypass_csp=False)
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{live}{path}")
    page.evaluate("document.fonts.ready.then(() => true)")  # not "networkidle", which now and then never comes
    yield page
    assert [url for url in asked if not url.startswith((live, "data:"))] == []
    assert complaints == []
    context.close()


def unfold(page: Page) -> None:
    """Open everything that is folded."""
    for details in page.locator("details").all():
        details.locator("summary").click()


def fits(page: Page) -> bool:
    """Whether nothing sticks out at the sides."""
    found: bool = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    return found


def examine(browser: Browser, address: str, width: str, scheme: str) -> None:
    """The page keeps the rules of accessibility, folded out, in a colour scheme (``light`` or ``dark``)."""
    context = browser.new_context(
        viewport={"width": WIDTHS[width], "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]  # a Literal
        bypass_csp=True,  # the page allows no script at all; this one is the examiner's
    )
    page = context.new_page()
    page.goto(address)
    unfold(page)
    page.add_script_tag(path=AXE)
    found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
    assert [(v["id"], [n["html"] for n in v["nodes"][:3]]) for v in found["violations"]] == []
    assert len(found["passes"]) > 10
    context.close()
