"""A hostile page in the user's browser, before a service without keys. Run with `-m browser`."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from report_runs import ugly_run
from service_process import ServiceProcess, until
from test_review_in_browser import CHROMIUM, DRIVER, browser

from extractor.serve.review_store import decisions

__all__ = ["browser"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="there is no chromium or chromedriver"),
]

PAGE = """<!doctype html><title>-</title>
<script>
const done = [];
function tried(what) { done.push(what); document.title = done.join(" "); }
</script>
<form id="form" method="post" enctype="text/plain" target="frame" action="SERVICE/DECIDE">
<input name='BODY_START' value='BODY_END'></form>
<iframe name="frame"></iframe><iframe src="SERVICE/review"></iframe>
<script src="SERVICE/v1/review/runs" onerror="tried('script')"></script>
<script>
const body = JSON.stringify(BODY);
const ways = [
  { mode: "no-cors", headers: { "content-type": "text/plain" } },
  { mode: "no-cors" },
  { mode: "cors", headers: { "content-type": "application/json" } },
  { mode: "no-cors", credentials: "include" },
];
(async () => {
  for (const way of ways) {
    try { await fetch("SERVICE/DECIDE", { method: "POST", body, ...way }); } catch {}
  }
  navigator.sendBeacon("SERVICE/DECIDE", new Blob([body], { type: "text/plain" }));
  try { tried(await (await fetch("SERVICE/v1/review/runs")).text()); } catch { tried("read"); }
  document.getElementById("form").submit();
  setTimeout(() => tried("form"), 500);
})();
</script>"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder, and the address of the site that serves it: another port is another origin."""
    folder = tmp_path / "site"
    folder.mkdir()
    handler = partial(_Quiet, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield folder, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"])
def test_it_decides_nothing_and_reads_nothing(
    browser: Any,
    hostile: tuple[Path, str],
    tmp_path: Path,
    name: str,
) -> None:
    folder, site = hostile
    runs = tmp_path / "runs"
    runs.mkdir()
    ugly_run(runs)
    with ServiceProcess(runs, "--without-model") as service:
        item = service.ask("GET", "/v1/review/runs/ugly/claims").json["claims"][0]
        body = {"document": item["document"], "claim": item["claim"], "decision": "reject"}
        start, end = json.dumps(body | {"reason": "="}).split("=")
        page = PAGE.replace("SERVICE", f"http://{name}:{service.port}")
        page = page.replace("DECIDE", "v1/review/runs/ugly/decisions")
        page = page.replace("BODY_START", start).replace("BODY_END", end)
        (folder / "page.html").write_text(page.replace("BODY", json.dumps(body)))
        browser.get(f"{site}/page.html")
        until(lambda: len(browser.title.split()) == 3)
        assert sorted(browser.title.split()) == ["form", "read", "script"]
        assert decisions(runs / "ugly") == {}
        counted = service.ask("GET", "/metrics").body.decode()
        refused = sum(
            float(line.rpartition(" ")[2])
            for line in counted.splitlines()
            if line.startswith("extractor_requests_total") and 'status="403"' in line
        )
        assert refused >= 6
        assert 'route="/v1/review/runs/{run}/decisions"' not in counted
        # the same, from where it may come
        path = "/v1/review/runs/ugly/decisions"
        assert service.ask("POST", path, body).status == 200
    browser.get("about:blank")
