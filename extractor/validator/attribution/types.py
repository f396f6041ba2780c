"""What the attribution finder returns."""

from __future__ import annotations

from dataclasses import dataclass

from extractor.text import Span


@dataclass(frozen=True, slots=True)
class Attribution:
    """One place where the text names a source, and the stretch of text that it answers for.

    `source` is the source phrase as it stands in the sentence ("The ministry") and `name` its
    text; `full_name` the fullest name in the document that it resolves to ("Russia's ministry of
    defence"); `names` the other surface forms of the same source, each a verbatim piece of the
    document. `cue` is the reporting verb, the "according to" or the quote mark; `scope` the
    stretch whose content the source is given for.

    `how` is one of: says (a reporting verb before or after its content), headline_says (the same
    in a headline), according_to, puts_at, noun_claim ("X's claim that"), quoted_speech, running (a
    quotation that goes on after its speaker was named), cites (the source at second hand, or of
    the figures in the sentence before), denies (the source denies the content).
    """

    source: Span
    name: str
    full_name: str
    names: tuple[str, ...]
    cue: Span
    scope: Span
    how: str

    @property
    def is_stated(self) -> bool:
        """Whether the text says in so many words that the content is this source's own."""
        return self.how not in ("running", "cites", "denies")


@dataclass(frozen=True, slots=True)
class Mention:
    """A source phrase before it is resolved.

    `whole` is the phrase as it stands, `core` the part of it that names the source: the owner of
    a report ("the bank" in "a report by the bank"), the person in "Rabbi Blake of the Westchester
    Temple". `extra` are forms beside it (an apposition). `kind` is pronoun, name or noun. `head`
    is the head noun in lower case. `via` are the nouns for the statement or report that the source
    speaks in, so that "the statement" is later known to be its own.
    """

    whole: Span
    core: Span
    head: str
    kind: str
    extra: tuple[Span, ...] = ()
    via: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Raw:
    """An attribution before its name is resolved and its scope stretched over quotations."""

    mention: Mention
    cue: Span
    scope: Span
    how: str
