"""A model whose answers are written down beforehand: the public test double.

>>> from pydantic import BaseModel
>>> from extractor.model import Message, ModelRequest, ScriptedModel, ToolSpec
>>> class Answer(BaseModel):
...     event: str
>>> request = ModelRequest(
...     messages=(Message("user", "498 killed"),),
...     tool=ToolSpec("answer", "What happened.", Answer),
...     document="doc#0-10",
...     max_tokens=50,
... )
>>> with ScriptedModel([{"event": "killed"}]) as model:
...     model.ask(request).arguments
Answer(event='killed')
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from extractor.claims import Attempt, Usage
from extractor.closing import Closing
from extractor.errors import ModelError
from extractor.model.protocol import (
    ModelReply,
    ModelRequest,
    Response,
    UnusableAnswerError,
)

Answer = Mapping[str, Any] | str | BaseException
"""An object of arguments, their raw JSON text, or an error that the call raises."""


class ScriptedModel(Closing):
    """Answers in order, or by a function of the request; every request is kept in `requests`.

    Raises ModelError from `ask` when the answers have run out, and UnusableAnswerError when an
    answer does not fit the tool's response class, as a real model's would.
    """

    def __init__(
        self,
        answers: Iterable[Answer] | Callable[[ModelRequest[Any]], Answer],
        *,
        name: str = "scripted",
        narrows_schema: bool = True,
        usage: Usage | None = None,
    ) -> None:
        self.name = name
        self.narrows_schema = narrows_schema
        self.requests: list[ModelRequest[Any]] = []
        self._usage = usage or Usage()
        self._next = answers if callable(answers) else _in_order(iter(answers))

    def ask(self, request: ModelRequest[Response]) -> ModelReply[Response]:
        """The next answer; see the class for what it raises."""
        self.requests.append(request)
        answer = self._next(request)
        if isinstance(answer, BaseException):
            raise answer
        raw = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
        try:
            arguments = request.tool.response.model_validate_json(raw)
        except ValidationError as error:
            raise UnusableAnswerError(
                f"The scripted answer does not fit {request.tool.name}: {error}",
                reason="wrong_shape",
                raw=raw,
                attempts=(Attempt("wrong_shape", usage=self._usage),),
            ) from error
        return ModelReply(arguments, raw, attempts=(Attempt("ok", usage=self._usage),))

    def close(self) -> None:
        """Nothing to give back."""


def _in_order(answers: Iterator[Answer]) -> Callable[[ModelRequest[Any]], Answer]:
    count = 0

    def following(request: ModelRequest[Any]) -> Answer:
        nonlocal count
        try:
            answer = next(answers)
        except StopIteration:
            raise ModelError(
                f"ScriptedModel was asked {count + 1} times but holds {count} answers; "
                f"the request without one is about {request.document}."
            ) from None
        count += 1
        return answer

    return following
