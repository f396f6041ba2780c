"""What the rate gate is told of each HTTP call, and what it is told beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from extractor.claims import Usage
from extractor.model.failures import permanent_reason
from extractor.model.protocol import ModelRequest, UnusableAnswerError

if TYPE_CHECKING:
    from extractor.model.rate_gate import Admission

_CHARACTERS_A_TOKEN = 4  # the usual estimate; the true count comes with the answer


def estimated_tokens(request: ModelRequest[Any]) -> int:
    """What an endpoint is likely to charge: the prompt, and all that the answer may take."""
    characters = sum(len(one.content) for one in (*request.messages, *request.turns))
    return characters // _CHARACTERS_A_TOKEN + request.max_tokens


def tell_answer(
    admission: Admission | None, headers: Mapping[str, str], usage: Usage | None
) -> None:
    """The server answered."""
    if admission is None:
        return
    admission.answered(200, headers)
    if usage is not None:
        admission.used(usage.prompt_tokens + usage.completion_tokens)


def tell_failure(admission: Admission | None, error: BaseException) -> None:
    """The server refused, or did not answer; a quota that is used up is no matter of the rate.

    An answer that came and cannot be used was an answer: the server has the strength for more.
    """
    import openai

    if admission is None:
        return
    if isinstance(error, openai.APIStatusError) and permanent_reason(error) is None:
        admission.answered(error.status_code, error.response.headers)
    elif isinstance(error, UnusableAnswerError):
        admission.answered(200, {})
    else:
        admission.failed()
