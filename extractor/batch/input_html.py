"""A web page as a document: its main text, with title and date kept apart."""

from __future__ import annotations

from dataclasses import dataclass

from extractor.errors import InputError


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says; offsets are into `text`, which is what was extracted."""

    text: str
    title: str | None
    published: str | None


def page_of(html: str, where: str) -> Page:
    """The main text of a page. Raises InputError where there is none, or the extra is missing."""
    try:
        import trafilatura
    except ImportError:
        raise InputError(
            f"{where}: HTML needs trafilatura; install it with pip install 'claim-extractor[html]'."
        ) from None
    try:
        found = trafilatura.bare_extraction(html, include_comments=False, with_metadata=True)
    except Exception as error:
        raise InputError(f"{where}: this page cannot be read ({type(error).__name__}).") from error
    text = getattr(found, "text", None)
    if not text:
        raise InputError(f"{where}: there is no main text in this page.")
    return Page(text, getattr(found, "title", None), getattr(found, "date", None))
