"""Photographs the report of the packaged sample for the README.

    .venv/bin/python -m tests.tools.photograph_report docs/pictures

needs Debian's chromium, as the browser tests do.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from appliance.cli import main as booth

_LAPTOP = {"width": 1000, "height": 1000}
_PHONE = {"width": 390, "height": 844}


def main() -> None:
    """Write report.png (the top of the page on a laptop) and report-phone.png (all of it)."""
    pictures = Path(sys.argv[1])
    pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        booth(["demo", "--once", "--out", folder])
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        page = browser.new_page()
        page.goto((Path(folder) / "report.html").as_uri())
        page.evaluate("document.fonts.ready")
        for name, size, whole in (("report", _LAPTOP, False), ("report-phone", _PHONE, True)):
            page.set_viewport_size({"width": size["width"], "height": size["height"]})
            page.screenshot(path=pictures / f"{name}.png", full_page=whole)
        browser.close()


if __name__ == "__main__":
    main()
