"""A part of the documents: a share by their ids, always the same one, and no more than so many."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from itertools import islice

from extractor.batch.input_document import InputDocument

_RANGE = 2**32


def sampled(
    documents: Iterable[InputDocument], share: float | None, most: int | None
) -> Iterator[InputDocument]:
    """The documents whose ids fall into the share (0 to 1), the first `most` of those.

    An id falls in or out by its hash: which ones are taken does not depend on the others, and a
    larger share holds all of a smaller one.
    """
    return islice((one for one in documents if is_sampled(one.id, share)), most)


def is_sampled(name: str, share: float | None) -> bool:
    """Whether the document of this id falls into the share."""
    return share is None or _place(name) < share


def _place(name: str) -> float:
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:4]) / _RANGE
