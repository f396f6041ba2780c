"""D: what the document says elsewhere: the same claim, another value, page furniture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractor.claims import Finding, Severity, Verdict
from extractor.validator.case import Case, found
from extractor.validator.registry import comparing_rule, rule
from extractor.validator.sameness import contradicts, covers, precedence
from extractor.validator.source import Source


@comparing_rule("D801", Severity.WARNING)
def claim_is_made_once(
    source: Source, accepted: Sequence[Verdict]
) -> Iterator[tuple[int, Finding]]:
    """The same claim of the same number is flagged where it is made again.

    Text: The ferry saved 12 crew.
    Flagged: [{"quote": "saved 12 crew", "value": "12"}, {"quote": "12 crew", "value": "12"}]
    Accepted: [{"quote": "saved 12 crew", "value": "12"}]
    """
    order = sorted(range(len(accepted)), key=lambda place: (precedence(accepted[place]), place))
    kept: dict[object, list[int]] = {}
    for place in order:
        quantity = accepted[place].quantity
        if quantity is None:
            continue
        same = kept.setdefault(quantity.span, [])
        if any(covers(accepted[other], accepted[place]) for other in same):
            message = f"the same is claimed of {quantity.text!r} more than once"
            yield place, found(source, Severity.WARNING, "D801", "quote", message, quantity.span)
        else:
            same.append(place)


@comparing_rule("D802", Severity.WARNING)
def source_does_not_contradict_itself(
    source: Source, accepted: Sequence[Verdict]
) -> Iterator[tuple[int, Finding]]:
    r"""Two values of one source for the same thing are flagged, each pointing at the other.

    Text: Storm: 12 crew drowned\n\nOn Monday 13 crew had drowned off Orle.
    Flagged: [{"quote": "12 crew drowned", "value": "12", "counted": "crew", "event": "drowned"},
        {"quote": "13 crew had drowned", "value": "13", "counted": "crew", "event": "drowned"}]
    Accepted: [{"quote": "12 crew drowned", "value": "12", "counted": "crew", "event": "drowned"}]
    """
    for place, other in contradicts(source, accepted):
        mine, theirs = accepted[place].quantity, accepted[other].quantity
        if mine is not None and theirs is not None:
            message = f"{mine.text!r} here, but {theirs.text!r} elsewhere for the same thing"
            yield place, found(source, Severity.WARNING, "D802", "value", message, theirs.span)


@rule("D803", Severity.WARNING)
def number_is_in_the_article(case: Case) -> Iterator[Finding]:
    r"""A number in the furniture of a page (links, forms, timestamps) is flagged.

    Text: The ferry saved 12 crew.\n\nRelated articles\n\n40 lost off Orle
    Flagged: {"quote": "40 lost off Orle", "value": "40"}
    Accepted: {"quote": "saved 12 crew", "value": "12"}
    """
    quantity = case.matched
    if quantity is not None and case.source.is_furniture(quantity.number):
        message = f"{quantity.text!r} stands in the furniture of the page, not in the article"
        yield case.flag("D803", "quote", message, quantity.span)
