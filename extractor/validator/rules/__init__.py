"""The rule families. Importing this package registers every rule, in the order they are told."""

from extractor.validator.registry import Rule, registered
from extractor.validator.rules import (
    circumstance as _circumstance,
)
from extractor.validator.rules import (
    claimant as _claimant,
)
from extractor.validator.rules import (
    event as _event,
)
from extractor.validator.rules import (
    hedge as _hedge,
)
from extractor.validator.rules import (
    number as _number,
)
from extractor.validator.rules import (
    quote as _quote,
)
from extractor.validator.rules import (
    unit as _unit,
)

__all__ = ["Rule", "all_rules"]

_FAMILIES = (_quote, _number, _hedge, _unit, _event, _claimant, _circumstance)


def all_rules() -> tuple[Rule, ...]:
    """Every rule, in the order in which findings are told."""
    return registered()
