"""The pictures of the README, taken from the demo site: `python bench/pictures.py`, after `make site`.

Needs Chromium, playwright and Pillow (which makes the files a third as large).
"""

import io
import shutil
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "site" / "_build"
SHOTS = {  # name: page, width, height, colour scheme, keys to press
    "operation": ("send-message.html", 1400, 900, "light", []),
    "search": ("send-message.html", 1024, 640, "dark", ["/", "topic"]),
    "as-of": ("send-message.html?level=200#parameter-topic", 1400, 900, "light", []),
    "phone": ("send-message.html", 360, 720, "dark", []),
}


def main():
    folder = ROOT / "site" / "images"
    folder.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for name, (page, width, height, scheme, keys) in SHOTS.items():
            opened = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            opened.goto(f"{SITE.as_uri()}/{page}")
            for key in keys:
                opened.keyboard.type(key)
                opened.wait_for_timeout(300)
            picture = Image.open(io.BytesIO(opened.screenshot())).quantize(128)
            picture.save(folder / f"{name}.png", optimize=True)
        browser.close()


if __name__ == "__main__":
    main()
