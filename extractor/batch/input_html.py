"""Web pages: their main text, with the title and the date kept apart."""

from __future__ import annotations

import logging
from importlib.util import find_spec
from typing import Final

from extractor.errors import InputError
from extractor.text import Document

# A page is held as a tree of many times its size, and extraction takes more than linear time.
LARGEST_PAGE: Final = 4 * 2**20  # bytes; about 20 s at the worst
_LOGGERS: Final = ("trafilatura", "htmldate", "justext", "courlan")
NOT_INSTALLED: Final = (
    "web pages are read by trafilatura, which is not installed; "
    "pip install 'claim-extractor[html]' brings it"
)


def html_installed() -> bool:
    """Whether web pages can be read here."""
    return find_spec("trafilatura") is not None


def page_of(markup: str, name: str, source: str, encoding: str) -> Document:
    """The document in a web page: offsets are into the main text that was extracted.

    `published` is the date that the page itself states (YYYY-MM-DD), never one that is guessed from
    its text. Raises InputError when trafilatura is not installed or finds no text.
    """
    if not html_installed():
        raise InputError(f"{source}: {NOT_INSTALLED}.")
    from trafilatura import bare_extraction

    for logger in _LOGGERS:  # what it says goes where the application's logging goes, or nowhere
        if not logging.getLogger(logger).handlers:
            logging.getLogger(logger).addHandler(logging.NullHandler())
    try:
        page = bare_extraction(
            markup,
            with_metadata=True,
            include_comments=False,
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    except Exception as error:  # a page may upset its parsers in any way
        raise InputError(
            f"{source}: trafilatura cannot read this page ({type(error).__name__})."
        ) from error
    text = None if page is None or isinstance(page, dict) else page.text
    if page is None or isinstance(page, dict) or not text:
        raise InputError(f"{source}: there is no main text to be found in this page.")
    return Document(
        text=text,
        id=name,
        source=source,
        published=page.date or None,
        title=page.title or None,
        encoding=encoding,
    )
