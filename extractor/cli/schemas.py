"""The schema that an option names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extractor.claims.schema import ClaimSchema


def named_schema(name: str | None, folder: Path | None = None) -> ClaimSchema | None:
    """The schema of this name, looked for in `folder`; None where none is named.

    Raises InputError when it cannot be loaded, SchemaError when it cannot be checked.
    """
    if name is None:
        return None
    from extractor.claims.schema_source import load_schema

    return load_schema(name, folder)
