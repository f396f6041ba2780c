"""Every error that this package raises on purpose, each with the exit code that the CLI gives it.

The message of each is one sentence for a person: what happened, where, and what to do.
"""

from __future__ import annotations

from typing import ClassVar


class ExtractorError(Exception):
    """The root of the family; catching it catches every failure this package foresees."""

    exit_code: ClassVar[int] = 1


class InputError(ExtractorError):
    """A document, claims file, prompt or argument cannot be used as it is."""

    exit_code = 2


class ModelError(ExtractorError):
    """The model cannot be asked: no key, no server, no weights, no such model, refused for good."""

    exit_code = 3


class AnswerError(ExtractorError):
    """The model was asked and paid for, but this one answer cannot be used.

    It concerns one call: the numbers it was asked about end as unclaimed and the document goes on.
    """

    exit_code = 1


class CassetteError(ExtractorError):
    """A recording is missing, stale, used up or unreadable; nothing went live."""

    exit_code = 5
