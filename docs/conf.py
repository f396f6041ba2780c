"""How Sphinx makes the site of these pages: `sphinx-build -W docs site`.

The pages are plain Markdown that reads as well in a checkout or on a forge. What the site has
beyond them, a part of the reference and the navigation, is made by `generated_pages`.
"""

from __future__ import annotations

import sys
from importlib.metadata import version as installed
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parent))  # where a page's generator is found

from generated_pages import GENERATED, completed

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "claim-extractor"
author = "the authors of claim-extractor"
copyright = "the authors of claim-extractor, Apache License 2.0"  # noqa: A001 - Sphinx's own name
release = version = installed("claim-extractor")

extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["licenses"]
nitpicky = (
    False  # signatures name types of pydantic and the standard library, whose sites are elsewhere
)
highlight_language = "text"  # a fence without a language is what a terminal shows
smartquotes = False  # quotes are as they are written: this project is about them
default_role = "code"  # docstrings mark code with single backticks

myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3  # [text](page.md#a-heading), as forges make anchors
suppress_warnings = [
    "myst.header"
]  # a page may open with a lower heading, as a note of a decision does

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_default_options = {
    "members": True,
    "undoc-members": True,
    "exclude-members": "model_config",
}

html_theme = "furo"  # system fonts, nothing from elsewhere
html_title = f"claim-extractor {release}"
html_copy_source = False
html_show_sourcelink = False
html_last_updated_fmt = None  # the same pages always make the same site


def setup(app: Sphinx) -> dict[str, Any]:
    """Sphinx calls it once, before it reads the pages."""
    app.connect("source-read", _complete)
    app.connect("env-get-outdated", lambda *_: list(GENERATED))  # code may change without its page
    return {"parallel_read_safe": True}


def _complete(_: Sphinx, page: str, source: list[str]) -> None:
    source[0] = completed(page, source[0])
