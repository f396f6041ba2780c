"""The number reader: every figure of a text, with value, interval, hedge, unit and span.

`read` gives quantities and masked numbers, `read_quantities` the quantities alone; `qualifier_of`
and `unit_of` are the hedge and unit tables that the reader itself uses.
"""

from extractor.quantities.hedges import qualifier_of
from extractor.quantities.reader import read, read_quantities
from extractor.quantities.types import Kind, Masked, Part, Qualifier, Quantity, Reading
from extractor.quantities.units import is_time, unit_of

__all__ = [
    "Kind",
    "Masked",
    "Part",
    "Qualifier",
    "Quantity",
    "Reading",
    "is_time",
    "qualifier_of",
    "read",
    "read_quantities",
    "unit_of",
]
