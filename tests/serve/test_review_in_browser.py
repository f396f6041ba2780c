"""The review page in a real browser, before a real service. Run with `-m browser`."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from report_runs import HOSTILE, ugly_run
from service_process import ServiceProcess, until

from extractor.report.safe_text import showable
from extractor.serve.review_store import REVIEWS, decisions

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
AXE = os.environ.get("AXE_CORE", "")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="there is no chromium or chromedriver"),
]


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


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceProcess]:
    runs = tmp_path_factory.mktemp("review") / "runs"
    runs.mkdir()
    ugly_run(runs)
    with ServiceProcess(runs, "--without-model") as started:
        yield started


@pytest.fixture
def page(browser: Any, service: ServiceProcess) -> Iterator[Callable[[str], Any]]:
    """Opens the page at an address, nothing decided; at the end the console has to be silent."""
    (service.runs / "ugly" / REVIEWS).unlink(missing_ok=True)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})
    sized(browser, 1400, 900)
    browser.get("about:blank")
    for kind in ("browser", "performance"):
        browser.get_log(kind)

    def open_at(address: str) -> Any:
        browser.get("about:blank")
        browser.get(f"http://localhost:{service.port}/review{address}")
        until(lambda: browser.execute_script("return document.documentElement.dataset.ready"))
        return browser

    yield open_at
    assert [line["message"] for line in browser.get_log("browser")] == []
    assert browser.execute_script("return window.ran") is None
    assert browser.execute_script("return document.getElementById('problem').hidden")


def sized(browser: Any, width: int, height: int) -> None:
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def one(browser: Any, selector: str) -> Any:
    return browser.find_element("css selector", selector)


def all_of(browser: Any, selector: str) -> list[Any]:
    found: list[Any] = browser.find_elements("css selector", selector)
    return found


def press(browser: Any, *keys: str) -> None:
    from selenium.webdriver import ActionChains

    ActionChains(browser).send_keys(*keys).perform()


def current(browser: Any) -> int:
    place: str = one(browser, "#queue [aria-current]").get_attribute("data-place")
    return int(place)


def figures(browser: Any) -> list[str]:
    return [figure.text.partition("\n")[0] for figure in all_of(browser, "#queue .figure bdi")]


def test_it_asks_nobody_but_its_service(page: Any, service: ServiceProcess) -> None:
    browser = page("")
    assert len(all_of(browser, "#queue button")) == 8
    events = [json.loads(line["message"])["message"] for line in browser.get_log("performance")]
    asked = {
        event["params"]["request"]["url"]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
    }
    ours = f"http://localhost:{service.port}/"
    assert {url for url in asked if not url.startswith((ours, "about:", "data:"))} == set()


def test_the_keyboard_alone_will_do(page: Any, service: ServiceProcess) -> None:
    from selenium.webdriver import Keys

    browser = page("")
    assert current(browser) == 0
    press(browser, "j")
    until(lambda: current(browser) == 1)
    press(browser, "k")
    until(lambda: current(browser) == 0)
    press(browser, "r")  # the gate refused it too: no reason is needed
    until(lambda: current(browser) == 1)
    until(lambda: one(browser, "#progress").text == "1 of 8 decided")
    press(browser, "a")  # against the gate: the reason is asked for
    until(lambda: browser.execute_script("return document.activeElement.id") == "reason")
    press(browser, "The table says so too.", Keys.ENTER)
    until(lambda: one(browser, "#progress").text == "2 of 8 decided")
    press(browser, "k")
    until(lambda: "Accepted" in one(browser, "#decided").text)
    assert "The table says so too." in one(browser, "#decided").text
    press(browser, "u")
    until(lambda: one(browser, "#progress").text == "1 of 8 decided")
    press(browser, "?")
    until(lambda: one(browser, "#help").is_displayed())
    press(browser, "j")  # the dialog is in front
    press(browser, Keys.ESCAPE)
    until(lambda: not one(browser, "#help").is_displayed())
    assert current(browser) == 1
    press(browser, "/")
    until(lambda: browser.execute_script("return document.activeElement.name") == "q")
    press(browser, "harbour")
    until(lambda: len(all_of(browser, "#queue button")) < 8)
    kept = decisions(service.runs / "ugly")
    assert sorted(one.choice for one in kept.values()) == ["open", "reject"]


def test_the_place_is_marked_in_the_text(page: Any) -> None:
    browser = page("#run=ugly&rule=N201&q=more+than+340")
    assert figures(browser)[0] == "341"
    assert one(browser, "#text mark.place").text == "more than 340"
    assert [part.text for part in all_of(browser, "#text .is-claimant")] in ([], ["Sylvania"])
    assert "the value differs" in one(browser, "#said").text
    one(browser, ".findings a").click()
    until(lambda: "rule=" in browser.current_url)
    assert "q=" not in browser.current_url or current(browser) == 0


def test_a_shared_address_opens_the_claim(page: Any) -> None:
    browser = page("")
    press(browser, "j")
    until(lambda: current(browser) == 1)
    until(lambda: "claim=" in browser.current_url)
    shared = "#" + browser.current_url.partition("#")[2]
    figure = one(browser, "#claim-title").text
    browser = page(shared)
    assert current(browser) == 1
    assert one(browser, "#claim-title").text == figure


def test_hostile_text_is_text(page: Any) -> None:
    browser = page("#run=ugly&q=lost")
    until(lambda: any("40" in one or "41" in one for one in figures(browser)))
    for line in all_of(browser, "#queue button"):
        line.click()
        time.sleep(0.2)
    assert current(browser) == len(figures(browser)) - 1
    shown = browser.execute_script("return document.getElementById('text').textContent")
    assert shown == showable(HOSTILE)
    assert len(all_of(browser, "script")) == 1
    assert all_of(browser, "main img, main b, main h1, #queue img") == []


def test_the_export_is_saved(page: Any, service: ServiceProcess) -> None:
    browser = page("")
    saved = browser.execute_async_script(
        "const done = arguments[0]; const made = URL.createObjectURL;"
        "URL.createObjectURL = (blob) => { blob.text().then(done); return made.call(URL, blob); };"
        "document.getElementById('export-jsonl').click()"
    )
    rows = [json.loads(line) for line in saved.splitlines()]
    assert {row["decision"] for row in rows} == {None}
    asked = service.ask("GET", "/v1/review/runs/ugly/export?form=jsonl")
    assert rows == asked.lines


def luminance(browser: Any, selector: str, name: str) -> float:
    colour = browser.execute_script(
        "return getComputedStyle(document.querySelector(arguments[0]))[arguments[1]]",
        selector,
        name,
    )
    red, green, blue = (int(part) for part in colour.strip("rgba()").split(",")[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_dark_is_dark(page: Any) -> None:
    browser = page("")
    assert luminance(browser, "body", "backgroundColor") > 230
    dark = [{"name": "prefers-color-scheme", "value": "dark"}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": dark})
    assert luminance(browser, "body", "backgroundColor") < 40
    assert luminance(browser, "#text", "color") > 200


def test_nothing_sticks_out_on_a_phone(page: Any) -> None:
    browser = page("")
    for width in (360, 400, 800, 1000):
        sized(browser, width, 860)
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width


def test_the_decision_can_be_seen_without_scrolling(page: Any) -> None:
    browser = page("#run=ugly&q=more+than+340")
    for height in (900, 760):
        sized(browser, 1400, height)
        place = browser.execute_script(
            "return document.querySelector('.choices .reject').getBoundingClientRect().bottom"
        )
        assert place <= height


def test_what_was_decided_is_told_beside_its_claim(page: Any) -> None:
    browser = page("")
    press(browser, "r")
    until(lambda: current(browser) == 1)
    mark, quote = one(browser, "#queue .mine.reject"), one(browser, "#queue .line")
    assert mark.text == "Rejected"
    assert mark.rect["x"] == quote.rect["x"]
    assert mark.rect["height"] < 30  # on one line


def test_the_next_claim_is_in_sight_on_a_phone(page: Any) -> None:
    browser = page("")
    sized(browser, 400, 860)
    button = one(browser, ".choices .reject")
    browser.execute_script("arguments[0].scrollIntoView()", button)
    button.click()
    until(lambda: current(browser) == 1)

    def is_in_sight() -> bool:
        title = "return document.getElementById('claim-title').getBoundingClientRect().top"
        return 0 <= float(browser.execute_script(title)) < 860

    until(is_in_sight)


def test_a_service_with_keys_asks_for_one(browser: Any, tmp_path: Path) -> None:
    from extractor.serve.keys import add_key, new_key

    key, line = new_key("ada")
    add_key(tmp_path / "keys", line)
    ugly_run(tmp_path)
    with ServiceProcess(tmp_path, "--without-model", "--keys", str(tmp_path / "keys")) as service:
        sized(browser, 1400, 900)
        browser.get(f"http://localhost:{service.port}/review")
        until(lambda: one(browser, "#key").is_displayed())
        one(browser, "#key").send_keys("wrong")
        one(browser, "#key-form button").click()
        until(lambda: "does not know" in one(browser, "#problem").text)
        one(browser, "#key").send_keys(key)
        one(browser, "#key-form button").click()
        until(lambda: all_of(browser, "#queue button"))
        assert not one(browser, "#reviewer").is_displayed()
        press(browser, "r")
        until(lambda: one(browser, "#progress").text == "1 of 8 decided")
        (made,) = decisions(tmp_path / "ugly").values()
        assert made.reviewer == "ada"
        assert key not in service.log.read_text()
        browser.get("about:blank")


@pytest.mark.skipif(not Path(AXE).is_file(), reason="AXE_CORE names no axe.min.js")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 400])
@pytest.mark.parametrize("dialog", [False, True], ids=["page", "help"])
def test_axe_finds_nothing(page: Any, width: int, scheme: str, dialog: bool) -> None:
    browser = page("#run=ugly&q=more+than+340")
    sized(browser, width, 900)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    if dialog:
        press(browser, "?")
    browser.execute_script(Path(AXE).read_text("utf-8"))
    browser.set_script_timeout(60)
    found = browser.execute_async_script(
        "const done = arguments[0];"
        "axe.run(document).then((r) => done(r.violations), (e) => done([e + '']))"
    )
    assert [
        (one["id"], one["impact"], [node["html"][:160] for node in one["nodes"]][:3])
        for one in found
    ] == []
