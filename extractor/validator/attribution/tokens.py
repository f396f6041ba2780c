"""A sentence as tokens, with what the patterns ask of a token again and again."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Container, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

from extractor.text import Span
from extractor.validator.attribution.lexicon import Form, Lexicon, lexicon

_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}(?:-\w+)*"  # U.S., D.C., U.S.-led
    r"|(?:Mr|Mrs|Ms|Dr|Gen|Lt|Col|Capt|Sgt|Maj|Adm|Gov|Sen|Rep|Rev|St|Prof)\.(?=\s)"
    r"|[@#]?[^\W\d_]\w*(?:(?:(?<![a-z])\.|\.(?![A-Z])|[&'\u2019\-\u2010\u2011])\w+)*(?:(?<=s)['\u2019](?=\s\w))?"
    r"|[^\W_]\w*(?:[.,:/\-]\w+)*"
    r"|--+|[^\w\s]|_+"
)
_POSSESSIVE = re.compile(r"['\u2019]s?$", re.IGNORECASE)
_CONTRACTED = ("it's", "he's", "she's", "that's", "there's", "what's", "who's")
_CUTS = frozenset((";", "but", "yet"))
_FUNCTION_LISTS = ("break", "not_source", "pronoun", "auxiliary", "determiner", "preposition")
DASHES = frozenset(("-", "--", "---", "\u2013", "\u2014", "\u2012"))
OPEN_QUOTES = frozenset('"\u201c\u2018\u00ab\u201e')
CLOSE_QUOTES = frozenset("\"\u201d\u2019\u00bb'")
QUOTES = OPEN_QUOTES | CLOSE_QUOTES


class _Word(NamedTuple):
    """What a token's text alone tells. `shown` is its folded form, an acronym kept as it stands."""

    lower: str
    shown: str
    possessive: bool
    is_word: bool
    is_number: bool


class Token(NamedTuple):
    """A word, number or mark. `lower` is folded: lower case, straight apostrophe, no possessive."""

    text: str
    lower: str
    start: int
    end: int
    possessive: bool
    is_word: bool  # a word or a number rather than a mark
    is_number: bool  # begins with a digit

    @property
    def bare_end(self) -> int:
        """Where the word ends without a possessive ending."""
        match = _POSSESSIVE.search(self.text) if self.possessive else None
        return self.start + match.start() if match else self.end


class Sentence:
    """One sentence with its tokens. Token positions are indices, `len` is one past the last."""

    def __init__(self, text: str, span: Span, words: Lexicon, common: Container[str]) -> None:
        self.text = text
        self.span = span
        self.words = words
        self.common = common  # the words that the document also uses in small letters
        matches = list(_TOKEN.finditer(text, span.start, span.end))
        self.shouting = _is_shouting([match.group() for match in matches])
        self.tokens = [_token(match, shouting=self.shouting) for match in matches]
        self._lowers = [token.lower for token in self.tokens]

    def __len__(self) -> int:
        return len(self.tokens)

    def lower(self, index: int) -> str:
        """The folded text of a token; empty outside the sentence."""
        return self._lowers[index] if 0 <= index < len(self._lowers) else ""

    def raw(self, index: int) -> str:
        """The text of a token; empty outside the sentence."""
        return self.tokens[index].text if 0 <= index < len(self.tokens) else ""

    def span_of(self, start: int, end: int) -> Span:
        """The text from token `start` to before token `end`, a final possessive ending left out."""
        return Span(self.tokens[start].start, self.tokens[end - 1].bare_end)

    def offset(self, index: int) -> int:
        """Where a token begins; past the last token, where the sentence ends."""
        return self.tokens[index].start if index < len(self.tokens) else self.span.end

    @cached_property
    def is_headline(self) -> bool:
        """Whether it ends without a full stop, as headlines and captions do."""
        return not self.span.of(self.text).rstrip("\"'\u201d\u2019)").endswith((".", "!", "?", ":"))

    def is_capital(self, index: int) -> bool:
        """Whether the token begins with a capital that tells something."""
        text = self.raw(index).lstrip("@#")
        if self.shouting:
            return False
        # "al-Sayed", "de Vries" begin small; the hyphenated ones still show their capital
        head, _, tail = text.partition("-")
        return text[:1].isupper() or (head in ("al", "el") and tail[:1].isupper())

    def is_mark(self, index: int, marks: str | frozenset[str]) -> bool:
        """Whether the token is one of `marks`."""
        raw = self.raw(index)
        return bool(raw) and raw in marks

    def is_adverb(self, index: int) -> bool:
        """Whether the token is an adverb by list or ending."""
        return self.words.is_adverb(self.lower(index)) and not self.tokens[index].possessive

    def is_in(self, index: int, name: str) -> bool:
        """Whether the token is in the word list `name` as it stands."""
        lowers = self._lowers
        return 0 <= index < len(lowers) and lowers[index] in self.words.lists[name]

    @cached_property
    def verb_places(self) -> list[int]:
        """The tokens that can be a form of a reporting verb."""
        verbs, others = self.words.verbs, self.words.constructions
        return [
            at
            for at, token in enumerate(self.tokens)
            if (token.lower in verbs or token.lower in others) and not token.possessive
        ]

    def forms(self, index: int) -> tuple[Form, ...]:
        """The readings of the token as a reporting verb."""
        if not 0 <= index < len(self.tokens) or self.tokens[index].possessive:
            return ()
        return self.words.verbs.get(self.lower(index), ())

    def token_at(self, offset: int) -> int:
        """The first token that begins at or after a place of the text."""
        return bisect_left(self._starts, offset)

    @cached_property
    def _starts(self) -> list[int]:
        return [token.start for token in self.tokens]

    @cached_property
    def _commas(self) -> list[int]:
        return [i for i, token in enumerate(self.tokens) if token.text == ","]

    def commas_before(self, index: int, most: int) -> list[int]:
        """The last `most` commas before `index`, nearest first."""
        at = bisect_left(self._commas, index)
        return self._commas[max(0, at - most) : at][::-1]

    @cached_property
    def _quoted(self) -> list[bool]:
        """For each token, whether an odd number of double quote marks stands before it."""
        inside, out = False, []
        for token in self.tokens:
            out.append(inside)
            if token.text in "\u201c\u00ab\u201e":
                inside = True
            elif token.text in "\u201d\u00bb":
                inside = False
            elif token.text == '"':
                inside = not inside
        return out

    def in_quotes(self, index: int) -> bool:
        """Whether the token stands inside quotation marks opened in this sentence."""
        return self._quoted[index]

    @cached_property
    def cuts(self) -> list[int]:
        """Where a clause that stands in contrast begins: content claimed before ends there."""
        return [i for i, lower in enumerate(self._lowers) if lower in _CUTS and self._is_cut(i)]

    def next_cut(self, index: int) -> int:
        """The first cut after `index`, or one past the last token."""
        at = bisect_left(self.cuts, index)
        return self.cuts[at] if at < len(self.cuts) else len(self)

    def last_cut(self, index: int) -> int:
        """The last cut before `index`, or 0."""
        at = bisect_left(self.cuts, index)
        return self.cuts[at - 1] if at else 0

    def _is_cut(self, index: int) -> bool:
        if self.in_quotes(index):
            return False
        if self.raw(index) == ";":
            return True
        if self.lower(index) not in ("but", "yet") or index == 0:
            return False
        follow = index + 1
        while follow < len(self) and self.is_adverb(follow):
            follow += 1
        if follow >= len(self) or self.forms(follow):
            return False  # "but added that": the same subject speaks on
        opens_clause = any(self.is_in(follow, name) for name in ("determiner", "pronoun"))
        return opens_clause or self.is_capital(follow)


def _token(match: re.Match[str], *, shouting: bool) -> Token:
    raw = match.group()
    word = _word(raw)
    lower = word.lower if shouting else word.shown
    return Token(raw, lower, *match.span(), word.possessive, word.is_word, word.is_number)


@lru_cache(maxsize=16_384)
def _word(raw: str) -> _Word:
    lower = raw.lower().replace("\u2019", "'").replace("\u2010", "-").replace("\u2011", "-")
    possessive = lower.endswith(("'s", "s'")) and lower not in _CONTRACTED
    lower = lower.removesuffix("'s").removesuffix("'") if possessive else lower
    # WHO and US are no small words
    lists = lexicon().lists
    acronym = len(raw) > 1 and raw.isupper() and any(lower in lists[n] for n in _FUNCTION_LISTS)
    is_word = raw[0].isalnum() or raw[0] in "@#"
    return _Word(lower, raw if acronym else lower, possessive, is_word, raw[0].isdigit())


def _is_shouting(tokens: Sequence[str]) -> bool:
    """Whether a sentence is in capitals throughout, so that capitals tell nothing."""
    words = [text for text in tokens if len(text) > 1 and text.isalpha()]
    return len(words) > 3 and sum(map(str.isupper, words)) >= 0.8 * len(words)
