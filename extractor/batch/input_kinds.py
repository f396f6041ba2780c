"""The kinds of documents that this package reads itself, by the suffixes of their files."""

from __future__ import annotations

from typing import Final

TEXT_KINDS: Final = (".txt", ".md")
HTML_KINDS: Final = (".html", ".htm")
TABLE_KINDS: Final = (".jsonl", ".csv", ".parquet")
KINDS: Final = (*TEXT_KINDS, *HTML_KINDS, *TABLE_KINDS)
PACKED: Final = ".gz"
