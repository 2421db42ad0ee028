"""The pictures of the README, taken of the demo: `make screenshots`.

Starts a demo of its own on a free port, with data of its own, and stops it again.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests import servers

DOCS = servers.ROOT / "docs"
PICTURES = {"worklist": "/worklist/", "timeline": "/care/timeline/1/"}
SECONDS = 120


def main() -> None:
    browser = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if browser is None:
        sys.exit("Chromium is missing. Get it with: apt-get install chromium (or set CHROMIUM)")
    with tempfile.TemporaryDirectory() as folder:
        port = servers.free_port()
        environment = servers.environment(KAPCARE_DEMO="1", KAPCARE_DATA=folder, PORT=str(port))
        command = [sys.executable, "manage.py", "demo"]
        demo = subprocess.Popen(command, cwd=servers.ROOT, env=environment)
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(address)
            take(browser, address)
        finally:
            demo.send_signal(signal.SIGINT)
            demo.wait(timeout=30)


def wait_for(address: str) -> None:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"{address}/account/login/", timeout=5)
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
        else:
            return
    sys.exit(f"The demo did not answer within {SECONDS} seconds.")


def take(executable: str, address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"{address}/account/login/")
        page.fill("[name=login]", "therapist@demo.example")
        page.fill("[name=password]", "kapcare-demo")
        page.click("main button[type=submit]")
        page.wait_for_load_state()
        for name, path in PICTURES.items():
            page.goto(address + path)
            target: Path = DOCS / f"{name}.png"
            page.screenshot(path=target)
            print(target.relative_to(servers.ROOT))  # noqa: T201
        browser.close()


if __name__ == "__main__":
    main()
