"""Encodings: UTF-8 first, what else it is only where it is not, and the answer is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractor.batch.input_stream import stream_documents
from extractor.batch.input_text import decoded
from extractor.errors import InputError

FRENCH = "Le maire a déclaré que 3 000 élèves étaient à l’école, où 12 ont été blessés. "


@pytest.mark.parametrize(
    ("text", "encoding", "said"),
    [
        (FRENCH, "utf-8", "utf-8"),
        (FRENCH, "utf-8-sig", "utf-8-sig"),
        (FRENCH, "utf-16", "utf-16"),
        (FRENCH, "utf-32", "utf-32"),
        (FRENCH, "cp1252", "cp1252"),
        (FRENCH * 5000, "cp1252", "cp1252"),
        ("x " * 200_000 + FRENCH * 3000, "cp1252", "cp1252"),
        ("café 5", "latin-1", "cp1252"),
        ("Zażółć gęślą jaźń, 15 osób zginęło w środę.", "cp1250", "cp1250"),
        ("Türkiye'de 15 kişi öldü, 20 kişi yaralandı; şehirde ılık hava.", "cp1254", "cp1254"),
        ("В среду 15 человек погибли в результате аварии.", "cp1251", "cp1251"),
        ("水曜日に15人が死亡しました。", "shift_jis", "cp932"),
        ("수요일에 15명이 사망했습니다. 부상자는 20명으로 알려졌다.", "euc_kr", "cp949"),
    ],
)
def test_the_encoding_is_found_and_said(text: str, encoding: str, said: str) -> None:
    assert decoded(text.encode(encoding)) == (text, said)


def test_it_is_said_on_the_document(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(FRENCH.encode("cp1252"))
    (document,) = stream_documents([tmp_path])
    assert (document.read().text, document.read().encoding) == (FRENCH, "cp1252")


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"Ten\x00ships", r"a\.txt: this is not text \(it holds NUL bytes\)\."),
        ("Ten\x00ships".encode("utf-16"), "NUL bytes"),
        (b"\xff\xfeT", "byte order mark says UTF-16, and byte 2 is none"),
        (b"\xef\xbb\xbfTen \xff", "byte order mark says UTF-8, and byte 4 is none"),
        (bytes(range(128, 256)) + bytes(range(1, 32)), "byte 0 is 0x80.*convert it to UTF-8"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, raw: bytes, message: str) -> None:
    (tmp_path / "a.txt").write_bytes(raw)
    (document,) = stream_documents([tmp_path])
    with pytest.raises(InputError, match=message):
        document.read()
