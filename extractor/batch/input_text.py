"""Bytes to text: UTF-8 first, and what else it may be only where it is not."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import Final

UTF_8: Final = "utf-8"
_MARKED: Final = (  # the longer mark first: UTF-32 begins as UTF-16 does
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Those that browsers know. The detector knows many more, which are never met and always fit.
_WEB: Final = (
    "cp1252 cp1250 cp1251 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp874 koi8_r koi8_u cp866 "
    "iso8859_2 iso8859_5 iso8859_7 iso8859_15 cp932 euc_jp gb18030 big5 cp949"
).split()
_USUAL: Final = ("cp1252", "cp1251")  # what is meant where several fit about as well
_ABOUT_AS_MESSY: Final = 0.01
_ABOUT_AS_COHERENT: Final = 0.051  # samples of one text differ by as much
_SAMPLE: Final = 2**17  # bytes that the detector sees
_HEAD: Final = 2**12  # bytes at the beginning, where a page says what it is encoded in
NUL_BYTES: Final = "this is not text (it holds NUL bytes)"


def decoded(raw: bytes) -> tuple[str, str]:
    r"""The text of some bytes, without a byte order mark, and what they are encoded in.

    Raises ValueError, with a reason for a person, for NUL bytes and for what is no text.

    >>> decoded(b"Z\xc3\xbcrich"), decoded(b"In Z\xfcrich wurden 5 gez\xe4hlt.")[1]
    (('Zürich', 'utf-8'), 'cp1252')
    """
    for mark, encoding in _MARKED:
        if raw.startswith(mark):
            return _strictly(raw, encoding), encoding
    if b"\x00" in raw:
        raise ValueError(NUL_BYTES)
    try:
        return raw.decode(UTF_8), UTF_8
    except UnicodeDecodeError as error:
        bad = error.start
    for encoding in detected(_sample(raw, bad)):
        try:
            return raw.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise ValueError(not_utf_8(raw, bad))


def detected(sample: bytes) -> Iterator[str]:
    """What bytes that are not UTF-8 may be encoded in, the likeliest first."""
    from charset_normalizer import from_bytes

    found = list(from_bytes(sample, cp_isolation=list(_WEB), enable_fallback=False))
    if not found:
        return
    best = found[0]
    likely = {
        name
        for match in found
        if match.chaos <= best.chaos + _ABOUT_AS_MESSY
        and match.coherence >= best.coherence - _ABOUT_AS_COHERENT
        for name in match.could_be_from_charset
    }
    yield from (name for name in _USUAL if name in likely)
    yield from (match.encoding for match in found)


def not_utf_8(raw: bytes, bad: int) -> str:
    """The reason for a person where no encoding fits; `bad` is the first byte that is none."""
    return (
        f"not UTF-8 (byte {bad} is 0x{raw[bad]:02x}), and what else it is encoded in cannot be "
        "told; convert it to UTF-8 first, for example with iconv"
    )


def _strictly(raw: bytes, encoding: str) -> str:
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise ValueError(
            f"its byte order mark says {encoding.removesuffix('-sig').upper()}, and byte "
            f"{error.start} is none"
        ) from error
    if "\x00" in text:
        raise ValueError(NUL_BYTES)
    return text


def _sample(raw: bytes, bad: int) -> bytes:
    """The beginning, and what is about the first bad byte, cut where no character is cut."""
    if len(raw) <= _SAMPLE:
        return raw
    start = max(raw.rfind(b" ", 0, bad), raw.rfind(b"\n", 0, bad)) + 1
    head = raw[: min(start, _HEAD)]
    window = raw[start : start + _SAMPLE]
    end = max(window.rfind(b" "), window.rfind(b"\n"))
    return head + (window[:end] if end > 0 else window)
