"""Looks at a report in headless Chromium: `python look_at_report.py FILE FOLDER`, in the environment of `make archive`.

Keeps a picture of the whole page in FOLDER for each width, light and dark, and a PDF; prints as JSON what was seen.
"""

import json
import os
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

WIDTHS = (360, 800, 1400)
SCHEMES = ("light", "dark")

SEEN = """() => {
  const labels = [], overlaps = [], outside = [];
  for (const svg of document.querySelectorAll("svg")) {
    const frame = svg.getBoundingClientRect();
    if (!frame.width) continue;
    const boxes = [...svg.querySelectorAll("text")].filter(text => text.textContent)
      .map(text => [text.textContent, text.getBoundingClientRect(), parseFloat(getComputedStyle(text).fontSize)]);
    const scale = frame.width / svg.viewBox.baseVal.width;
    for (const [text, box, size] of boxes) {
      labels.push(size * scale);
      if (box.left < -1 || box.right > innerWidth + 1) outside.push(text);
    }
    for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
      const [a, b] = [boxes[i][1], boxes[j][1]];
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 1 && high > 4) overlaps.push([boxes[i][0], boxes[j][0]]);
    }
  }
  const style = getComputedStyle(document.body);
  return {scroll: document.documentElement.scrollWidth, inner: innerWidth, labels: Math.min(...labels), overlaps,
          outside, ink: style.color, paper: style.backgroundColor,
          charts: [...document.querySelectorAll("svg")].filter(svg => svg.getBoundingClientRect().width).length};
}"""


def main() -> None:
    """Look at the report that the arguments name."""
    report, folder = Path(sys.argv[1]), Path(sys.argv[2])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        views = [look(browser, report, folder, scheme, width) for scheme in SCHEMES for width in WIDTHS]
        printed = browser.new_page()
        printed.goto(report.as_uri())
        printed.pdf(path=str(folder / "report.pdf"), format="A4", print_background=True)
        browser.close()
    json.dump(views, sys.stdout, ensure_ascii=False)


def look(browser: Browser, report: Path, folder: Path, scheme: str, width: int) -> dict[str, object]:
    """Return what is seen of the report in one width and colour scheme."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    asked: list[str] = []
    told: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.goto(report.as_uri())
    seen = page.evaluate(SEEN)
    page.screenshot(path=str(folder / f"{scheme}-{width}.png"), full_page=True)
    blank = blank_charts(page)
    found = {
        "scheme": scheme,
        "width": width,
        "asked": asked,
        "told": told,
        "blank": blank,
        "fonts": fonts(page),
        **seen,
    }
    context.close()
    return found


def blank_charts(page: Page) -> int:
    """Return how many charts look the same when all that they draw is hidden."""
    charts = [chart for chart in page.query_selector_all("svg") if chart.is_visible()]
    blank = 0
    for chart in charts:
        shown = chart.screenshot()
        chart.evaluate("chart => { chart.firstElementChild.style.display = 'none' }")
        blank += shown == chart.screenshot()
        chart.evaluate("chart => { chart.firstElementChild.style.display = '' }")
    return blank


def fonts(page: Page) -> list[str]:
    """Return the names of the fonts in which the heading, a Chinese name, is shown."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    heading = session.send("DOM.querySelector", {"nodeId": root, "selector": "h1 bdi"})["nodeId"]
    used = session.send("CSS.getPlatformFontsForNode", {"nodeId": heading})["fonts"]
    return [font["familyName"] for font in used]


if __name__ == "__main__":
    main()
