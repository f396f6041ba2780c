"""A model in front of another one, which is opened and closed by somebody else."""

from __future__ import annotations

from extractor.closing import Closing
from extractor.model.protocol import Model


class WrappedModel(Closing):
    """A base for models that add something to each call of `model`; a subclass has `ask`."""

    def __init__(self, model: Model) -> None:
        self._model = model

    @property
    def name(self) -> str:
        """The model's own."""
        return self._model.name

    @property
    def narrows_schema(self) -> bool:
        """The model's own."""
        return self._model.narrows_schema

    def close(self) -> None:
        """Nothing: whoever opened the model closes it."""
