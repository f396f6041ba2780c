"""The document: immutable text with an identity. It is never cleaned in place."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from extractor.errors import InputError
from extractor.text.folding import Folded, fold
from extractor.text.sentences import split_sentences
from extractor.text.spans import Span

SUFFIXES = (".txt", ".md")


@dataclass(frozen=True)
class Document:
    """One source text. Every offset that is ever reported is into `text` as it stands here.

    `id` names the document in outputs (default: the first 16 hex digits of its sha256), `source`
    says where it came from, `published` is a date as the source gives it, if it gives one, `title`
    a title that is not part of the text, and `encoding` what the bytes of the source were decoded
    from, where that is known.

    >>> Document(text="Ten ships sailed.").id
    '4a0792a2b11f54fb'
    """

    text: str
    id: str = ""
    source: str | None = None
    published: str | None = None
    title: str | None = None
    encoding: str | None = None
    sha256: str = field(init=False)

    def __post_init__(self) -> None:
        # surrogatepass: a text with a lone surrogate still has an identity, and never raises
        digest = hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()
        object.__setattr__(self, "sha256", digest)
        if not self.id:
            object.__setattr__(self, "id", digest[:16])

    @classmethod
    def from_path(cls, path: str | Path) -> Document:
        """Read a UTF-8 `.txt` or `.md` file as it is: no newline is translated.

        Raises InputError when the file cannot be read, is not text, or is not UTF-8.
        """
        path = Path(path)
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise InputError(f"{path}: cannot be read ({error.strerror or error}).") from error
        if b"\x00" in raw:
            raise InputError(f"{path}: this is not a text file (it holds NUL bytes).")
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise InputError(
                f"{path}: not UTF-8 (byte {error.start} is 0x{raw[error.start]:02x}); "
                "convert it to UTF-8 first, for example with iconv."
            ) from error
        return cls(text=text, id=path.stem, source=str(path))

    @cached_property
    def folded(self) -> Folded:
        """The text under the listed folding, with its offset map; computed once."""
        return fold(self.text)

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """The sentences (or headlines, list items) in order, not overlapping; computed once."""
        return tuple(split_sentences(self.text))

    def __getstate__(self) -> dict[str, object]:
        # the two caches are derived; a pickle carries the text alone
        return {k: v for k, v in self.__dict__.items() if k not in ("folded", "sentences")}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)
