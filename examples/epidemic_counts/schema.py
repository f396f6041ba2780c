"""Counts of an outbreak: cases, deaths and the like, by disease, area and day, and who says so."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from extractor import CandidateClaim, DateInText, EventOf, OneOf, PlaceInText


class OutbreakCount(CandidateClaim):
    """A count of an outbreak, beside what every claim says: who says so, how it is told."""

    measure: Annotated[
        str,
        EventOf(
            {
                "cases": ["case", "infection", "infected", "fell ill", "tested positive"],
                "deaths": ["death", "dead", "died", "fatality", "killed"],
                "recoveries": ["recovered", "recovery", "discharged"],
                "admissions": ["admitted", "hospitalised", "hospitalized"],
                "doses": ["dose", "vaccinated", "vaccination", "jab"],
            }
        ),
    ] = Field(description="what is counted")
    disease: Annotated[
        str,
        OneOf("cholera", "measles", "dengue", "mpox", "Ebola", "diphtheria", within="document"),
    ]
    area: Annotated[str | None, PlaceInText()] = Field(None, description="where")
    day: Annotated[str | None, DateInText()] = Field(None, description="by or on which day")
