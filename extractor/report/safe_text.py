"""Hostile text made fit for a page: what cannot be shown is replaced, and no offset moves.

Every replacement is one character for one, so that spans of the document hold in what is shown.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Mapping
from typing import Any

_UNKNOWN = "\ufffd"
_KEPT = "\t\n\r"
# a lone surrogate has no UTF-8; an override would show "12" as "21"
_OVERRIDES = (0x202D, 0x202E)
_PICTURES = {
    **{code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in _KEPT},
    0x7F: "\u2421",
    **dict.fromkeys(range(0x80, 0xA0), _UNKNOWN),
    **dict.fromkeys(_OVERRIDES, _UNKNOWN),
    0xFFFE: _UNKNOWN,
    0xFFFF: _UNKNOWN,
}
_UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff\ufffe\uffff]")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_IN_SCRIPT = {
    ord("<"): "\\u003c",
    ord(">"): "\\u003e",
    ord("&"): "\\u0026",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


def showable(text: str) -> str:
    r"""`text` as a page can show it, character for character.

    Control characters become their pictures; lone surrogates, overrides of the writing direction
    and other characters without a shape become U+FFFD.

    >>> showable("7\x00 \ud800\u202ededliw"), len(showable("\ud800"))
    ('7␀ ��dedliw', 1)
    """
    return _UNSHOWN.sub(_replaced, text)


def showable_value(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """A JSON value with every text in it made showable, the names of its fields included."""
    if isinstance(value, str):
        return showable(value)
    if isinstance(value, Mapping):
        return {showable(str(name)): showable_value(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [showable_value(one) for one in value]
    return value


def json_for_script(value: object) -> str:
    r"""`value` as JSON that may stand in a script element: nothing in it ends or opens one.

    >>> json_for_script(["</script><!--", "a\u2028b & c"])
    '["\\u003c/script\\u003e\\u003c!--","a\\u2028b \\u0026 c"]'
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_IN_SCRIPT)


class ScriptOffsets:
    """Offsets of a text as a browser counts them: characters beyond U+FFFF count twice.

    >>> ScriptOffsets("\U0001f6a2 sank 12 ships").of(7)
    8
    """

    def __init__(self, text: str) -> None:
        self._wide = [match.start() for match in _ASTRAL.finditer(text)]

    def of(self, offset: int) -> int:
        """The browser's offset of the character at `offset`."""
        return offset + bisect_left(self._wide, offset) if self._wide else offset


def _replaced(match: re.Match[str]) -> str:
    return _PICTURES.get(ord(match.group()), _UNKNOWN)
