"""Looks at a page in headless Chromium: `python look.py URL PICTURE WORDS`, in the environment of `make archive`.

Waits until WORDS are shown in any frame, keeps a picture, and prints as JSON the text of each frame and every address
that was asked for.
"""

import json
import os
import sys

from playwright.sync_api import Error, Frame, sync_playwright

STEPS, STEP_MS = 480, 250


def main() -> None:
    """Look at the page that the arguments name."""
    url, picture, words = sys.argv[1:4]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 1600})
        asked: list[str] = []
        page.context.on("request", lambda request: asked.append(request.url))
        page.goto(url)
        shown: dict[str, str] = {}
        for _ in range(STEPS):
            page.wait_for_timeout(STEP_MS)
            shown = {frame.url: text_of(frame) for frame in page.frames}
            if any(words in text for text in shown.values()):
                break
        page.wait_for_timeout(2 * STEP_MS)
        page.screenshot(path=picture)
        browser.close()
    json.dump({"frames": shown, "asked": asked}, sys.stdout, ensure_ascii=False)


def text_of(frame: Frame) -> str:
    """Return what a frame shows; nothing while it is being loaded."""
    try:
        return str(frame.evaluate("document.body ? document.body.innerText : ''"))
    except Error:
        return ""


if __name__ == "__main__":
    main()
