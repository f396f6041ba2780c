"""The page in a real browser: nothing runs or leaves it, and it can be read by anyone.

Run with `-m browser`; docs/report.md says what has to be there.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import pytest
from report_runs import HOSTILE, multiplied, sailors_groups, ugly_run

from extractor.report import html_report
from extractor.report.safe_text import showable

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
AXE = os.environ.get("AXE_CORE", "")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="there is no chromium or chromedriver"),
]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ugly.html, of few documents."""
    folder = tmp_path_factory.mktemp("pages")
    run = ugly_run(folder)
    text = "".join(html_report(run, sailors_groups()))
    (folder / "ugly.html").write_bytes(text.encode())
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for switch in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage"):
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture
def page(browser: Any, pages: Path) -> Iterator[Callable[[str], Any]]:
    """Opens the ugly page at an address; at the end the console has to be silent."""
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})
    sized(browser, 1200, 900)
    browser.get("about:blank")
    for kind in ("browser", "performance"):
        browser.get_log(kind)

    def open_at(address: str) -> Any:
        browser.get("about:blank")
        browser.get((pages / "ugly.html").as_uri() + address)
        until(lambda: ready(browser))
        return browser

    yield open_at
    assert [line["message"] for line in browser.get_log("browser")] == []
    assert browser.execute_script("return window.ran") is None
    assert browser.execute_script("return document.getElementById('problem').hidden")


def sized(browser: Any, width: int, height: int) -> None:
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def ready(browser: Any) -> bool:
    return bool(browser.execute_script("return document.documentElement.dataset.ready"))


def until(holds: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "the page did not come to it"
        time.sleep(0.02)


def all_of(browser: Any, selector: str) -> list[Any]:
    found: list[Any] = browser.find_elements("css selector", selector)
    return found


def one(browser: Any, selector: str) -> Any:
    return browser.find_element("css selector", selector)


def listed(browser: Any) -> list[str]:
    shown = "return [...document.querySelectorAll('#table tbody th a')].map((a) => a.textContent)"
    found: list[str] = browser.execute_script(shown)
    return found


def address(browser: Any) -> str:
    return unquote_plus(browser.current_url.partition("#")[2])


def press(browser: Any, *keys: str) -> None:
    from selenium.webdriver import ActionChains

    ActionChains(browser).send_keys(*keys).perform()


def focused(browser: Any) -> str:
    return str(browser.execute_script("return document.activeElement.textContent"))


def test_it_opens_from_a_file_and_asks_for_nothing_else(page: Any) -> None:
    browser = page("")
    assert one(browser, "#view-overview").is_displayed()
    assert not one(browser, "#view-documents").is_displayed()
    for place in ("figures", "documents", "documents?doc=sailors&n=1"):
        browser.execute_script("location.hash = arguments[0]", place)
        time.sleep(0.2)
    events = [json.loads(line["message"])["message"] for line in browser.get_log("performance")]
    asked = {
        event["params"]["request"]["url"].partition("#")[0]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
    }
    assert {
        url for url in asked if not url.endswith("/ugly.html") and url != "about:blank"
    } == set()


def test_filters_find_documents_and_the_address_says_so(page: Any) -> None:
    browser = page("#documents")
    assert len(listed(browser)) == 5
    one(browser, "#document-filters [name=q]").send_keys("sail")
    until(lambda: listed(browser) == ["sailors", "sailors-again"])
    assert address(browser) == "documents?q=sail"
    one(browser, "#document-filters optgroup option:nth-child(2)").click()
    until(lambda: listed(browser) == ["sailors"])
    assert one(browser, "#document-count").text == "1 of 5 documents"
    one(browser, "#document-filters button").click()
    until(lambda: len(listed(browser)) == 5)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("verdict=failed", ["unanswered"]),
        ("verdict=duplicate", ["sailors-again"]),
        ("claimant=sylvania", ["sailors"]),
        ("event=died&verdict=rejected", ["sailors"]),
        ("event=died&verdict=accepted", []),
        ("rule=A601&claimant=harbour", ["sailors"]),
        ("rule=X999", []),
        ("q=QUIET", ["quiet"]),
    ],
)
def test_an_address_opens_its_filter(page: Any, query: str, found: list[str]) -> None:
    assert listed(page(f"#documents?{query}")) == found


def test_a_click_shows_the_claim_and_back_takes_it_away(page: Any) -> None:
    browser = page("#documents?q=sailors")
    one(browser, "#table tbody th a").click()
    until(lambda: all_of(browser, "a.number"))
    all_of(browser, "a.number")[1].click()
    until(lambda: all_of(browser, ".panel h3"))
    assert address(browser) == "documents?q=sailors&doc=sailors&n=2"
    assert one(browser, ".panel h3").text == "more than 340"
    said = one(browser, ".panel").text
    assert "N201" in said
    assert "the value differs" in said
    assert "rejected" in said
    marked = [part.text for part in all_of(browser, ".text .is-quote")]
    assert "".join(marked) == "more than 340 wounded"
    browser.back()
    until(lambda: not one(browser, ".panel").is_displayed())
    browser.back()
    until(lambda: listed(browser) == ["sailors", "sailors-again"])
    assert one(browser, "#document-filters [name=q]").get_attribute("value") == "sailors"


def test_a_shared_address_opens_the_number(page: Any) -> None:
    browser = page("#documents?verdict=rejected&doc=sailors&n=1")
    until(lambda: one(browser, ".panel h3").text == "61")
    assert "It passed every rule" in one(browser, ".panel").text
    assert [part.text for part in all_of(browser, ".text .is-claimant")] == ["Sylvania"]
    one(browser, ".steps a").click()
    until(lambda: listed(browser) == ["sailors"] or len(listed(browser)) == 2)
    assert address(browser) == "documents?verdict=rejected"


def test_pointing_at_a_number_marks_its_quote(page: Any) -> None:
    from selenium.webdriver import ActionChains

    browser = page("#documents?doc=sailors")
    ActionChains(browser).move_to_element(one(browser, "a.number")).perform()
    until(lambda: all_of(browser, ".text .is-quote"))
    assert [part.text for part in all_of(browser, ".text .is-claimant")] == ["Sylvania"]
    ActionChains(browser).move_to_element(one(browser, "#document h2")).perform()
    until(lambda: not all_of(browser, ".text .is-quote"))


def test_the_keyboard_alone_will_do(page: Any) -> None:
    from selenium.webdriver import Keys

    browser = page("#documents?q=sailors&verdict=done")
    press(browser, Keys.TAB)
    assert focused(browser) == "Skip to the content"
    press(browser, Keys.ENTER)
    assert browser.execute_script("return document.activeElement.id") == "main"
    for _ in range(30):
        press(browser, Keys.TAB)
        if focused(browser) == "sailors":
            break
    press(browser, Keys.ENTER)
    until(lambda: browser.execute_script("return document.activeElement.tagName") == "H2")
    for _ in range(10):
        press(browser, Keys.TAB)
        if focused(browser).startswith("61"):
            break
    assert all_of(browser, ".text .is-quote")
    press(browser, Keys.ENTER)
    until(lambda: focused(browser) == "61")
    assert browser.execute_script("return document.activeElement.tagName") == "H3"
    press(browser, Keys.ESCAPE)
    until(lambda: focused(browser).startswith("61 "))
    assert not one(browser, ".panel").is_displayed()
    press(browser, Keys.ESCAPE)
    until(lambda: listed(browser) == ["sailors"])


def test_hostile_text_is_text(page: Any) -> None:
    browser = page("#documents")
    all_of(browser, "#table tbody th a")[1].click()
    until(lambda: all_of(browser, ".text"))
    text = browser.execute_script(
        "const shown = document.querySelector('.text').cloneNode(true);"
        "shown.querySelectorAll('.unseen').forEach((one) => one.remove()); return shown.textContent"
    )
    assert text == showable(HOSTILE)
    numbers = [link.text.partition("\n")[0] for link in all_of(browser, "a.number")]
    assert {"12", "40", "345", "17"} <= {number.split(" ")[0] for number in numbers}
    for link in all_of(browser, ".numbers th a"):
        link.click()
        time.sleep(0.05)
    browser.execute_script("location.hash = 'figures'")
    until(lambda: all_of(browser, ".group"))
    assert len(all_of(browser, "script:not([type])")) == 1
    assert all_of(browser, "main img, main b[onclick], main h1") == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=harbour", ["killed sailors"]),
        ("agreement=differ&q=sylvania", ["killed sailors"]),
        ("group=killed-sailors", ["killed sailors"]),
        ("agreement=agree", []),
        ("group=none", []),
    ],
)
def test_figures_are_found(page: Any, query: str, found: list[str]) -> None:
    browser = page(f"#figures?{query}")
    assert [title.text for title in all_of(browser, ".group h3")] == found


@pytest.mark.parametrize("odd", ["doc=%00", "doc=nobody&n=-3", "page=1e9", "n=x&&&=", "doc=%ff"])
def test_an_odd_address_breaks_nothing(page: Any, odd: str) -> None:
    assert one(page(f"#documents?{odd}"), "#view-documents").is_displayed()


def luminance(browser: Any, selector: str, name: str) -> float:
    colour = browser.execute_script(
        "return getComputedStyle(document.querySelector(arguments[0]))[arguments[1]]",
        selector,
        name,
    )
    red, green, blue = (int(part) for part in colour.strip("rgba()").split(",")[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_dark_is_dark_and_paper_is_white(page: Any) -> None:
    browser = page("#documents?doc=sailors&n=2")
    assert luminance(browser, "body", "backgroundColor") > 230
    dark = [{"name": "prefers-color-scheme", "value": "dark"}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": dark})
    assert luminance(browser, "body", "backgroundColor") < 40
    assert luminance(browser, "body", "color") > 200
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print", "features": dark})
    assert luminance(browser, "body", "backgroundColor") == pytest.approx(255)
    assert luminance(browser, ".text", "color") == 0
    assert not one(browser, "header.top nav").is_displayed()
    assert all(cell.is_displayed() for cell in all_of(browser, ".numbers td"))


def test_what_is_folded_is_printed(page: Any) -> None:
    browser = page("#figures")
    assert not one(browser, ".figures td").is_displayed()
    browser.execute_script("dispatchEvent(new Event('beforeprint'))")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert one(browser, ".figures td").is_displayed()
    printed = browser.execute_cdp_cmd("Page.printToPDF", {})["data"]
    assert base64.b64decode(printed).startswith(b"%PDF")


@pytest.mark.parametrize(
    "place", ["", "#figures", "#documents", "#documents?doc=sailors&n=2", "#documents?doc=quiet"]
)
def test_nothing_sticks_out_on_a_narrow_screen(page: Any, place: str) -> None:
    browser = page(place)
    sized(browser, 400, 860)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= 400


@pytest.mark.skipif(not Path(AXE).is_file(), reason="AXE_CORE names no axe.min.js")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 400])
@pytest.mark.parametrize(
    "place",
    ["", "#figures", "#documents", "#documents?doc=sailors&n=2", "#documents?verdict=failed"],
)
def test_axe_finds_nothing(page: Any, place: str, width: int, scheme: str) -> None:
    browser = page(place)
    sized(browser, width, 900)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    browser.execute_script(
        "document.querySelectorAll('details').forEach((d) => { d.open = true; })"
    )
    browser.execute_script(Path(AXE).read_text("utf-8"))
    browser.set_script_timeout(60)
    found = browser.execute_async_script(
        "const done = arguments[1];"
        "axe.run(document, arguments[0]).then((r) => done(r.violations), (e) => done([e + '']))",
        # every link of the page is to a place in its own address, and none but one skips
        {"rules": {"skip-link": {"enabled": False}}},
    )
    assert [
        (one["id"], one["impact"], [node["html"][:120] for node in one["nodes"]][:3])
        for one in found
    ] == []


def test_ten_thousand_documents_stay_swift(
    browser: Any,
    pages: Path,
    tmp_path_factory: pytest.TempPathFactory,
    record_property: Callable[[str, object], None],
) -> None:
    folder = tmp_path_factory.mktemp("large")
    run = multiplied(pages / "ugly", folder / "run", 10_000)
    with (folder / "large.html").open("wb") as file:
        for piece in html_report(run, sailors_groups()):
            file.write(piece.encode())
    sized(browser, 1200, 900)
    browser.get("about:blank")
    began = time.monotonic()
    browser.get((folder / "large.html").as_uri() + "#documents")
    until(lambda: ready(browser), 60)
    opened = time.monotonic() - began
    # the time that the page's own thread is busy with one search, and with one document
    taken = browser.execute_async_script(
        """
        const done = arguments[0];
        const wait = (holds) => new Promise((go) => {
          const look = () => (holds() ? go() : setTimeout(look, 1)); look(); });
        (async () => {
          const began = performance.now();
          location.hash = 'documents?q=sailors-00&verdict=rejected&claimant=syl';
          const count = document.getElementById('document-count');
          const before = count.textContent;
          await wait(() => count.textContent !== before);
          const searched = performance.now() - began;
          document.querySelectorAll('#table tbody th a')[5].click();
          await wait(() => document.querySelectorAll('a.number').length);
          done([searched, performance.now() - began - searched, count.textContent]);
        })();
        """
    )
    record_property("opened_s, search_ms, document_ms", f"{opened:.2f} {taken[:2]}")
    assert opened < 20
    assert taken[0] < 2000
    assert taken[1] < 2000
    assert len(all_of(browser, "body *")) < 2000
