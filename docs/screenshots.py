"""Make the pictures of the README from a running deployment with the demo: ``python docs/screenshots.py ADDRESS``."""

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
from launch import chromium

IMAGES = Path(__file__).parent / "images"
LAPTOP, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-accelerated-2d-canvas",
    "--disable-background-networking",
]
CITY = "m=34040"
MIDDLE = "at=point:3.42555,50.88963"
SETTLED_MS = 6000


def picture(
    page: Page, address: str, view: str, name: str, *, best: bool = False, press: str | None = None
) -> None:
    """Open a view, wait until everything is drawn, and store what is on the screen."""
    page.goto("about:blank")
    page.goto(f"{address}/#{view}", wait_until="networkidle")
    if best:
        page.locator("kk-unit-list .row").first.click()
    if press is not None:
        page.get_by_role("button", name=press).first.click()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(SETTLED_MS)
    page.screenshot(path=IMAGES / f"{name}.jpg", type="jpeg", quality=80)


def closed_street(page: Page, address: str) -> str:
    """A catchment by car from the middle of the city, with the street to the station closed."""
    near = page.request.get(f"{address}/api/street-segments/near?lon=3.4271&lat=50.8879&mode=car").json()
    keys = ",".join(str(key) for key in near["properties"]["same_name"])
    return f"{MIDDLE}&mode=car&minutes=2,5&closed={keys}"


def main(address: str) -> None:
    """Make all pictures."""
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=ARGUMENTS)
        wide = browser.new_page(viewport=LAPTOP, locale="nl-BE")
        picture(wide, address, "", "start")
        picture(wide, address, CITY, "city")
        picture(wide, address, f"{CITY}&state=vacant&min_m2=100", "unit", best=True)
        picture(wide, address, f"{CITY}&tab=catchment&{MIDDLE}", "catchment")
        picture(wide, address, f"{CITY}&tab=weights", "weights")
        picture(wide, address, f"{CITY}&tab=vacancy", "dashboard")
        picture(wide, address, f"{CITY}&tab=catchment&{closed_street(wide, address)}", "closed-street")
        small = browser.new_page(viewport=PHONE, locale="nl-BE")
        picture(small, address, CITY, "phone")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:8000")
