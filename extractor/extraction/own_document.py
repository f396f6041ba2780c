"""A user's schema over a document: which numbers are asked about, and where the others end."""

from __future__ import annotations

from dataclasses import replace

from extractor.claims import Dismissal, Unclaimed
from extractor.claims.schema import ClaimSchema
from extractor.extraction.answers import Question
from extractor.extraction.desk import Desk
from extractor.extraction.own_questions import lacking, own_question, takes
from extractor.extraction.passages import Passage
from extractor.text import Span


def own_questions(desk: Desk, schema: ClaimSchema, passage: Passage) -> list[Question]:
    """A question for each number that a claim can be made for; one that cannot is accounted for."""
    source, found = desk.source, list[Question]()
    for quantity in passage.quantities:
        if not takes(source, schema, schema.number, quantity):
            continue
        question = own_question(source, schema, passage, quantity)
        reason = lacking(source, schema, question)
        if reason is None:
            found.append(replace(question, id=len(found) + 1))
        else:
            desk.tally.settle(Unclaimed(quantity, reason))
    return found


def close_own(desk: Desk, schema: ClaimSchema) -> None:
    """Account for the numbers that no claim was asked for."""
    tally, told = desk.tally, set[Span]()
    for verdict in tally.accepted:
        fields = verdict.claim.fields if verdict.claim is not None else ()
        told |= {one.quantity.span for one in fields if one.quantity is not None}
    tally.unclaimed = [one for one in tally.unclaimed if one.quantity.span not in told]
    tally.dismissed = [one for one in tally.dismissed if one.quantity.span not in told]
    judged = (*tally.accepted, *tally.rejected)
    told |= {one.quantity.span for one in judged if one.quantity is not None}
    told |= {dismissed.quantity.span for dismissed in tally.dismissed}
    told |= {unclaimed.quantity.span for unclaimed in tally.unclaimed}
    for quantity in desk.source.reading.quantities:
        if quantity.span in told:
            continue
        fitting = [f.name for f in schema.numbers if takes(desk.source, schema, f, quantity)]
        if fitting:
            reason = f"no claim took it as its {' or '.join(fitting)}"
            tally.unclaimed.append(Unclaimed(quantity, reason))
        else:
            reason = f"no number of {schema.name}, by its unit and the words beside it"
            tally.dismissed.append(Dismissal(quantity, reason, by="reader"))
