"""The built site: no warning, nothing fetched from elsewhere, no link that leads into nothing."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

import extractor
from extractor.cli.command_group import COMMANDS
from extractor.validator import all_rules

REPOSITORY = Path(__file__).parent.parent
LOADING = {  # what a browser fetches by itself
    "audio": "src",
    "embed": "src",
    "iframe": "src",
    "img": "src",
    "link": "href",
    "object": "data",
    "script": "src",
    "source": "src",
    "video": "src",
}

pytestmark = pytest.mark.site


@dataclass
class Page(HTMLParser):
    """The links of a page, what it loads, and the places in it that can be linked to."""

    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    places: set[str] = field(default_factory=set)
    styles: list[str] = field(default_factory=list)
    _is_style: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value for name, value in attrs if value is not None}
        self.places |= {given[name] for name in ("id", "name") if name in given}
        self._is_style = tag == "style"
        self.styles.append(given.get("style", ""))
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if (attribute := LOADING.get(tag)) in given:
            assert attribute is not None
            self.loads.append(given[attribute])
        if "srcset" in given:
            self.loads += [one.split()[0] for one in given["srcset"].split(",")]

    def handle_data(self, data: str) -> None:
        if self._is_style:
            self.styles.append(data)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-E"]
    trees = ["-d", str(folder / "trees")]
    done = subprocess.run(
        [*command, *trees, "docs", str(folder / "html")],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder / "html"


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    found = {}
    for path in site.rglob("*.html"):
        page = Page()
        page.feed(path.read_text("utf-8"))
        found[path] = page
    return found


def test_every_page_of_the_folder_is_in_the_site(pages: dict[Path, Page], site: Path) -> None:
    docs = REPOSITORY / "docs"
    written = {path.relative_to(docs).with_suffix("") for path in docs.rglob("*.md")}
    built = {path.relative_to(site).with_suffix("") for path in pages}
    assert written <= built
    assert built - written == {Path("genindex"), Path("search")}


def test_a_browser_asks_nothing_of_any_other_place(pages: dict[Path, Page], site: Path) -> None:
    assert any(page.loads for page in pages.values())
    sheets = Page(styles=[path.read_text("utf-8") for path in site.rglob("*.css")])
    assert [
        list(_foreign(page)) for page in (*pages.values(), sheets) if list(_foreign(page))
    ] == []


@pytest.mark.parametrize(
    "html",
    [
        '<script src="https://cdn.example/a.js"></script>',
        '<link rel="stylesheet" href="//fonts.example/css">',
        '<img srcset="a.png 1x, https://cdn.example/b.png 2x">',
        '<style>@import "https://fonts.example/css";</style>',
        "<p style=\"background: url('https://cdn.example/c.png')\">",
    ],
)
def test_what_a_browser_would_ask_for_elsewhere_is_noticed(html: str) -> None:
    page = Page()
    page.feed(html)
    assert list(_foreign(page))


def _foreign(page: Page) -> Iterator[str]:
    """What a page has a browser fetch from another place."""
    for address in page.loads:
        parts = urlsplit(address)
        if parts.scheme not in ("", "data") or parts.netloc:
            yield address
    for style in page.styles:
        if re.search(r"@import|url\(\s*[\"']?(https?:)?//", style):
            yield style


def test_no_link_leads_into_nothing(pages: dict[Path, Page]) -> None:
    assert list(_dead(pages)) == []


def test_a_link_into_nothing_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "a.html").touch()
    page = Page()
    page.feed('<p id="here"><a href="b.html"></a><a href="#there"></a><a href="a.html#here"></a>')
    assert list(_dead({tmp_path / "a.html": page})) == [
        f"a.html: {link} is no {what}"
        for link, what in sorted([("b.html", "file"), ("#there", "place")])
    ]


def _dead(pages: dict[Path, Page]) -> Iterator[str]:
    for path, page in pages.items():
        for link in sorted({*page.links, *page.loads}):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            place = unquote(parts.fragment)
            if not target.is_file():
                yield f"{path.name}: {link} is no file"
            elif place and target in pages and place not in {*pages[target].places, ""}:
                yield f"{path.name}: {link} is no place"


def test_the_reference_has_every_command_name_and_rule(pages: dict[Path, Page], site: Path) -> None:
    commands = pages[site / "commands.html"].places
    assert {f"extractor-{name}" for name in COMMANDS} <= commands
    assert "extractor-rules-show" in commands
    names = pages[site / "python.html"].places
    assert {f"extractor.{name}" for name in extractor.__all__} <= names
    assert "extractor.Document.from_path" in names
    assert {rule.code.lower() for rule in all_rules()} <= pages[site / "rules.html"].places


def test_a_rule_is_shown_with_what_it_says(site: Path) -> None:
    shown = (site / "rules.html").read_text("utf-8")
    assert "the hedge is dropped: the text says" in shown
