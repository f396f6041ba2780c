"""Records as JSON, one a line: what every reader takes for one line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

_FEW = 16  # kinds of characters to be escaped in one record


def json_lines(records: Iterable[Any]) -> str:
    """One JSON object a line, in what every reader takes for one line."""
    return "".join(json_line(record) + "\n" for record in records)


def json_line(record: object) -> str:
    r"""A record as JSON on one line; separators and lone surrogates of a document are escaped.

    >>> print(json_line({"text": "7\u00a0000 – Zürich"}))
    {"text": "7\u00a0000 – Zürich"}
    """
    text = json.dumps(record, ensure_ascii=False)
    if text.isprintable():
        return text
    odd = {char: json.dumps(char)[1:-1] for char in set(text) if not char.isprintable()}
    if len(odd) > _FEW:
        return text.translate({ord(char): escape for char, escape in odd.items()})
    for char, escape in odd.items():  # many times faster, as long as they are few
        text = text.replace(char, escape)
    return text
