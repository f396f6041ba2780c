"""Rules that other packages bring along (entry points of the group `claim_extractor.rules`).

A plugin gives a RuleFamily. Its rules judge beside this package's own and can only refuse or flag
what those accept. Where one breaks, or says what no rule says, the claim is refused: what was not
judged is not accepted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, islice
from typing import Final, TypeVar

from extractor.claims import Finding, Severity, Verdict
from extractor.plugins import Plugin, PluginGroup, UnfitError, tell_once, told
from extractor.text import Span
from extractor.validator.case import Case, found
from extractor.validator.registry import RESERVED, Check, Compare, Rule, RuleFamily
from extractor.validator.source import Source

_CODE: Final = re.compile(r"[A-Z][0-9]{3}")
_MOST: Final = 100  # findings of one rule on one claim
_LONGEST: Final = 1_000  # characters of a message
_LONGEST_FIELD: Final = 80

Yielded = TypeVar("Yielded")


class MisjudgedError(Exception):
    """A rule yields what is no finding of its own; the message says what, without a stop."""


def plugin_rules() -> tuple[Rule, ...]:
    """The rules of all plugins that are in order, by code; imported at the first call."""
    rules = chain.from_iterable(RULE_PLUGINS.working())
    return tuple(sorted(rules, key=lambda rule: rule.code))


def _no_fault(_: str) -> str | None:
    """Any name is good: rules are found by their codes."""
    return None


def _fitted(plugin: Plugin, given: object, before: Sequence[tuple[Rule, ...]]) -> tuple[Rule, ...]:
    if not isinstance(given, RuleFamily):
        raise UnfitError(f"it gives no RuleFamily ({type(given).__name__})")
    if not given.rules:
        raise UnfitError("there is no rule in its RuleFamily")
    taken = {rule.code: rule.plugin for rule in chain.from_iterable(before)}
    for rule in given.rules:
        if not _CODE.fullmatch(rule.code):
            raise UnfitError(f"{rule.code!r} is no code: a letter and three digits are wanted")
        if rule.code[0] in RESERVED:
            raise UnfitError(f"its code {rule.code} begins with a letter of this package's own")
        if not isinstance(rule.severity, Severity):
            raise UnfitError(f"the severity of {rule.code} is no Severity")
        if rule.code in taken:
            raise UnfitError(f"its code {rule.code} is taken by {taken[rule.code]}")
    return tuple(_guarded(rule, plugin) for rule in given.rules)


RULE_PLUGINS: Final[PluginGroup[tuple[Rule, ...]]] = PluginGroup(
    "claim_extractor.rules", _fitted, _no_fault
)


def _guarded(rule: Rule, plugin: Plugin) -> Rule:
    by = f"{plugin.distribution} {plugin.version}"
    if rule.check is not None:
        return replace(rule, plugin=by, check=partial(_checked, rule, by, rule.check))
    assert rule.compare is not None  # noqa: S101 - a rule has one of the two
    return replace(rule, plugin=by, compare=partial(_compared, rule, by, rule.compare))


def _checked(rule: Rule, by: str, check: Check, case: Case) -> Iterator[Finding]:
    """What a plugin's rule says of a case; a refusal where it does not come to that.

    It is asked of numbers that were found only: without one a claim is refused as it is.
    """
    if case.quote is None or case.quantity is None:
        return
    said = _said(rule, by, partial(check, case), partial(_own, rule, case.source))
    if isinstance(said, str):
        yield case.finding(rule.code, "candidate", said, case.quantity.span)
    else:
        yield from said


def _compared(
    rule: Rule, by: str, compare: Compare, source: Source, accepted: Sequence[Verdict]
) -> Iterator[tuple[int, Finding]]:
    """As `_checked`, of all accepted claims; where the rule breaks, none of them stands."""
    verdicts = tuple(accepted)

    def placed(one: object) -> tuple[int, Finding]:
        if not isinstance(one, tuple) or len(one) != 2 or type(one[0]) is not int:
            raise MisjudgedError("it yields no pair of a place and a Finding")
        if not 0 <= one[0] < len(verdicts):
            raise MisjudgedError("it speaks of a claim that there is not")
        return one[0], _own(rule, source, one[1])

    said = _said(rule, by, partial(compare, source, verdicts), placed)
    if not isinstance(said, str):
        yield from said
        return
    for place, verdict in enumerate(verdicts):
        span = verdict.quantity.span if verdict.quantity is not None else None
        yield place, found(source, Severity.ERROR, rule.code, "candidate", said, span)


def _said(
    rule: Rule,
    by: str,
    ask: Callable[[], Iterator[object]],
    checked: Callable[[object], Yielded],
) -> list[Yielded] | str:
    """All that a rule yields, or why it is as if it had refused."""
    try:
        said = [checked(one) for one in islice(ask(), _MOST + 1)]
        if len(said) <= _MOST:
            return said
        why = where = f"it yields more than {_MOST} findings"
    except KeyboardInterrupt:
        raise
    except MisjudgedError as error:
        why = where = str(error)
    except BaseException as error:  # noqa: BLE001 - whatever happens in another's rule
        why, where = type(error).__name__, told(error)
    tell_once(
        f"The rule {rule.code} of the plugin {by} could not judge a claim ({where}); "
        "what it cannot judge is refused."
    )
    return f"the rule {rule.code} of the plugin {by} could not judge this claim ({why})"


def _own(rule: Rule, source: Source, one: object) -> Finding:
    """A finding of a plugin's rule, with an excerpt of ours."""
    if not isinstance(one, Finding):
        raise MisjudgedError(f"it yields no Finding but {type(one).__name__}")
    if one.code != rule.code or one.severity is not rule.severity:
        raise MisjudgedError("it yields a finding of another code or severity than its own")
    if not isinstance(one.field, str) or not isinstance(one.message, str):
        raise MisjudgedError("it yields a finding without a field or a message")
    if one.span is not None and not _lies_in(one.span, len(source.document.text)):
        raise MisjudgedError("it points outside the document")
    field = "".join(char for char in one.field[:_LONGEST_FIELD] if char.isprintable())
    return found(source, one.severity, one.code, field, one.message[:_LONGEST], one.span)


def _lies_in(span: object, length: int) -> bool:
    if not isinstance(span, Span) or type(span.start) is not int or type(span.end) is not int:
        return False
    return 0 <= span.start <= span.end <= length
