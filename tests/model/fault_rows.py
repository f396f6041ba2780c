"""What may go wrong in one call, and what is made of it: one table for the tests and the page."""

from __future__ import annotations

import gzip
import json
import re
from codecs import BOM_UTF8
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from fault_server import Drip, Raw, chunked, deaf, refusing
from scripted_server import Reply, Scripted, completion

from extractor.model import CallFailedError, UnavailableError, UnusableAnswerError
from extractor.model.transport import LARGEST_BODY

from .conftest import KEY, api_error, with_message

MODEL = "scripted"
Wait = tuple[float, float]
"""Seconds: at least, and at most."""

BACKOFF: tuple[Wait, ...] = ((0.5, 1), (1, 1.5), (2, 2.5))
"""The waits of the standing policy, each with its jitter."""

AGAIN = BACKOFF[:1]
STAMP = "Wed, 21 Oct 2015 07:28:"
JSON = {"content-type": "application/json"}
GZIP = JSON | {"content-encoding": "gzip"}
OK = Scripted(completion())
SHORT = 0.25  # seconds; the time-out of the rows in which a server is slow

OF_ONE_DOCUMENT = ("refused", "not_a_completion")

Failed = type[CallFailedError | UnusableAnswerError]


@dataclass(frozen=True)
class Row:
    """One fault. The script's last reply is repeated; `outcomes` has one entry a call.

    `told` is the sentence that the user reads, `{host}` standing for host and port; it is empty
    where the call comes to an answer. `waits` are what the policy waited between the calls.
    `nowhere` gives a host at which no server answers. `timeout` is in seconds. `tells_usage`: the
    answer's tokens are known.
    """

    name: str
    script: tuple[Reply, ...]
    outcomes: tuple[str, ...]
    error: Failed | None = None
    reason: str = ""
    told: str = ""
    waits: tuple[Wait, ...] = ()
    timeout: float = 10
    nowhere: Any = None
    tells_usage: bool = True

    @property
    def arriving(self) -> int:
        """The calls that reach the server."""
        return 0 if self.nowhere else len(self.outcomes)

    @property
    def exit_code(self) -> int:
        """What `extractor run` ends with when this happens to each call of its one document."""
        if self.error is None or self.error is UnusableAnswerError:
            return 0
        return 1 if self.error is UnavailableError or self.reason in OF_ONE_DOCUMENT else 3

    @property
    def file(self) -> str:
        """The name of its recording."""
        return "-".join(re.findall(r"[a-z0-9]+", self.name.lower())) + ".json"

    @property
    def is_recorded(self) -> bool:
        """Whether a recording can hold it: proper responses of some size, no secrets."""
        return self.nowhere is None and all(_is_recorded(reply) for reply in self.script)

    def host(self, served: str) -> AbstractContextManager[str]:
        """The host that is asked."""
        return self.nowhere() if self.nowhere else nullcontext(served)


def _is_recorded(reply: Reply) -> bool:
    return (
        isinstance(reply, Scripted)
        and len(reply.data) <= LARGEST_BODY
        and KEY.encode() not in reply.data
        and "content-encoding" not in reply.headers  # kept as it was unpacked
    )


def passing(
    name: str, failure: Reply, outcome: str, waits: Sequence[Wait] = AGAIN, timeout: float = 10
) -> Row:
    """It happens once; the next call is answered."""
    return Row(name, (failure, OK), (outcome, "ok"), waits=tuple(waits), timeout=timeout)


def lasting(name: str, failure: Reply, outcome: str, reason: str, told: str, **more: Any) -> Row:
    """It happens to each of the four calls, and the document has to do without."""
    expected: dict[str, Any] = {"error": UnavailableError, "waits": BACKOFF}
    return Row(name, (failure,), (outcome,) * 4, reason=reason, told=told, **(expected | more))


def refused(name: str, failure: Reply, reason: str, told: str, **more: Any) -> Row:
    """It is settled by the first call."""
    status = failure.status if isinstance(failure, Scripted) else 0
    expected: dict[str, Any] = {"error": CallFailedError}
    return Row(name, (failure,), (f"http {status}",), reason=reason, told=told, **(expected | more))


def unusable(name: str, body: Any, reason: str, told: str) -> Row:
    """An answer came that is none."""
    reply = Scripted(body) if isinstance(body, (dict, list, str)) else body
    return Row(name, (reply,), (reason,), UnusableAnswerError, reason, told)


def no_api(name: str, reply: Scripted) -> Row:
    """Something answers, and it is no model."""
    reason = "not_a_completion"
    return Row(name, (reply,), (reason,), CallFailedError, reason, NO_API)


def twice(body: dict[str, Any]) -> dict[str, Any]:
    body["choices"][0]["message"]["tool_calls"] *= 2
    return body


def with_usage(usage: Any) -> Scripted:
    text = json.dumps(completion() | {"usage": "USAGE"}).replace('"USAGE"', usage)
    return Scripted(text, headers=JSON)


def body_of(**changes: Any) -> bytes:
    return json.dumps(completion() | changes, ensure_ascii=False).encode()


def headed(body: bytes, length: int) -> bytes:
    """A response whose length may be a lie, and the last on its connection."""
    lines = ("HTTP/1.1 200 OK", "content-type: application/json", "connection: close")
    return "\r\n".join((*lines, f"content-length: {length}", "", "")).encode() + body


WHOLE = body_of()
HALF = WHOLE[: len(WHOLE) // 2]
SLOW_DOWN = "{host} limits the rate of calls (429) (4 attempts); try again later."
FAILS = "{host} fails on its side (%s) (4 attempts); try again later."
BREAKS = "{host} broke the connection off (4 attempts); try again later."
IN_TIME = "{host} did not answer in time (4 attempts); try again later."
NO_API = (
    "{host} answered with something that is no chat completion; "
    "check that --base-url names an OpenAI-compatible API."
)
NO_CONTEXT = "{host}: the prompt and its answer do not fit the context of scripted."
NO_MODEL = (
    "{host} has no model 'scripted', or no chat completions there (%s); "
    "check --model and --base-url."
)
NO_QUOTA = "The quota of this key at {host} is used up (%s); check billing."
UNREACHABLE = (
    "{host} cannot be reached (3 attempts); check --base-url, the network, "
    "and that the server is running."
)
MOVED = (
    "{host} redirects to another address (%s), where neither key nor text is sent; "
    "give the final address with --base-url."
)
TOO_LARGE = "The answer is larger than 4 MB and was not read on."
NOT_UTF8 = "The answer is not in UTF-8, as JSON has to be."

LIMITS = (
    passing("429 once", api_error(429), "http 429"),
    lasting("429 each time", api_error(429), "http 429", "rate_limited", SLOW_DOWN),
    passing(
        "429, Retry-After in seconds",
        api_error(429, headers={"retry-after": "7"}),
        "http 429",
        [(7, 7.5)],
    ),
    passing(
        "429, Retry-After in milliseconds",
        api_error(429, headers={"retry-after-ms": "1500", "retry-after": "9"}),
        "http 429",
        [(1.5, 2)],
    ),
    passing(
        "429, Retry-After as a date",
        api_error(429, headers={"retry-after": f"{STAMP}30 GMT", "date": f"{STAMP}00 GMT"}),
        "http 429",
        [(30, 30.5)],
    ),
    passing(
        "429, Retry-After as a date that is over",
        api_error(429, headers={"retry-after": f"{STAMP}30 GMT"}),
        "http 429",
    ),
    passing(
        "429, Retry-After that is no time",
        api_error(429, headers={"retry-after": "soon"}),
        "http 429",
    ),
    lasting(
        "429 each time, Retry-After 20",
        api_error(429, headers={"retry-after": "20"}),
        "http 429",
        "rate_limited",
        "{host} limits the rate of calls (429) (4 attempts); it asks to wait 20 s.",
        waits=((20, 20.5),) * 3,
    ),
    refused(
        "429, Retry-After longer than a minute",
        api_error(429, headers={"retry-after": "3600"}),
        "rate_limited",
        "{host} limits the rate of calls (429); it asks to wait 3600 s.",
        error=UnavailableError,
    ),
    refused(
        "503, Retry-After longer than a minute",
        api_error(503, headers={"retry-after": "120"}),
        "server_error",
        "{host} fails on its side (503); it asks to wait 120 s.",
        error=UnavailableError,
    ),
    refused("429, the quota is used up", api_error(429, "insufficient_quota"), "quota",
            NO_QUOTA % 429),
    refused(
        "429, the quota is used up, and x-should-retry says true",
        api_error(429, "insufficient_quota", {"x-should-retry": "true"}),
        "quota",
        NO_QUOTA % 429,
    ),
    refused(
        "429, x-should-retry: false",
        api_error(429, headers={"x-should-retry": "false"}),
        "rate_limited",
        "{host} limits the rate of calls (429); try again later.",
        error=UnavailableError,
    ),
)  # fmt: skip

STATUSES = (
    *(
        row
        for status in (500, 502, 503, 504, 408, 409)
        for row in (
            passing(f"{status} once", api_error(status), f"http {status}"),
            lasting(
                f"{status} each time",
                api_error(status),
                f"http {status}",
                "server_error",
                FAILS % status,
            ),
        )
    ),
    lasting(
        "502 with a proxy's HTML page",
        Scripted("<html><h1>502 Bad Gateway</h1></html>", 502),
        "http 502",
        "server_error",
        FAILS % 502,
    ),
    lasting(
        "500 with 10 MB of text",
        Scripted("x" * 10 * 2**20, 500),
        "http 500",
        "server_error",
        FAILS % 500,
    ),
    lasting(
        "500 in an encoding that is none",
        Scripted("no", 500, {"content-type": "text/plain; charset=rot13"}),
        "http 500",
        "server_error",
        FAILS % 500,
    ),
    passing(
        "400, x-should-retry: true, once",
        api_error(400, headers={"x-should-retry": "true"}),
        "http 400",
    ),
    lasting(
        "400, x-should-retry: true, each time",
        api_error(400, headers={"x-should-retry": "true"}),
        "http 400",
        "server_error",
        FAILS % 400,
    ),
    refused(
        "503, x-should-retry: false",
        api_error(503, headers={"x-should-retry": "false"}),
        "server_error",
        "{host} fails on its side (503); try again later.",
        error=UnavailableError,
    ),
    refused(
        "401",
        api_error(401),
        "unauthorized",
        "{host} does not accept the API key (401); check OPENAI_API_KEY.",
    ),
    refused(
        "401, and the body echoes the key",
        api_error(401, text=f"Incorrect API key provided: {KEY}."),
        "unauthorized",
        "{host} does not accept the API key (401); check OPENAI_API_KEY.",
    ),
    refused(
        "403",
        api_error(403),
        "forbidden",
        "{host} forbids this key to use scripted (403); ask for access to it.",
    ),
    refused("404", Scripted("<html>Not Found</html>", 404), "not_found", NO_MODEL % 404),
    refused("404, model_not_found", api_error(404, "model_not_found"), "not_found", NO_MODEL % 404),
    refused("400, model_not_found", api_error(400, "model_not_found"), "not_found", NO_MODEL % 400),
    refused(
        "400, and the body echoes the key and another",
        api_error(400, text=f"bad header Bearer {KEY},\n\x1b[31m not sk-other-secret-123456"),
        "refused",
        "{host} refuses the request (400): bad header Bearer [key], \x1b[31m not [key].",
    ),
    refused(
        "400, the schema is refused",
        api_error(400, "invalid_function_parameters", text="Invalid schema for function 'answer'"),
        "refused",
        "{host} refuses the request (400): Invalid schema for function 'answer'.",
    ),
    refused(
        "400 with an error that is a string",
        Scripted({"error": "bad request"}, 400),
        "refused",
        "{host} refuses the request (400).",
    ),
    refused(
        "400 with a list",
        Scripted([{"error": {"message": "no"}}], 400),
        "refused",
        "{host} refuses the request (400).",
    ),
    refused(
        "422",
        api_error(422, text="tools: extra fields not permitted"),
        "refused",
        "{host} refuses the request (422): tools: extra fields not permitted.",
    ),
    refused(
        "400, context_length_exceeded",
        api_error(400, "context_length_exceeded"),
        "too_long",
        NO_CONTEXT,
        error=UnusableAnswerError,
    ),
    refused("413", Scripted("", 413), "too_long", NO_CONTEXT, error=UnusableAnswerError),
    refused(
        "400, content_filter",
        api_error(400, "content_filter"),
        "filtered",
        "{host}: the content filter refused the prompt.",
        error=UnusableAnswerError,
    ),
    *(
        refused(
            f"{status} to another host",
            Scripted("", status, {"location": "http://127.0.0.1:9/v1/chat/completions"}),
            "redirected",
            MOVED % status,
        )
        for status in (301, 307, 308)
    ),
)

CONNECTIONS = (
    Row(
        "nothing listens",
        (),
        ("unreachable",) * 3,
        CallFailedError,
        "unreachable",
        UNREACHABLE,
        waits=BACKOFF[:2],
        nowhere=refusing,
    ),
    Row(
        "the connection is not taken",
        (),
        ("unreachable",) * 3,
        CallFailedError,
        "unreachable",
        UNREACHABLE,
        waits=BACKOFF[:2],
        timeout=SHORT,
        nowhere=deaf,
    ),
    passing("reset before headers, once", Raw(then="reset"), "disconnected"),
    lasting("reset before headers", Raw(then="reset"), "disconnected", "disconnected", BREAKS),
    lasting("closed before headers", Raw(), "disconnected", "disconnected", BREAKS),
    passing(
        "reset in the body, once", Raw(headed(HALF, len(WHOLE)), "reset"), "disconnected"
    ),
    lasting(
        "reset in the body",
        Raw(headed(HALF, len(WHOLE)), "reset"),
        "disconnected",
        "disconnected",
        BREAKS,
    ),
    lasting(
        "closed before content-length is reached",
        Raw(headed(HALF, len(WHOLE))),
        "disconnected",
        "disconnected",
        BREAKS,
    ),
    lasting(
        "chunks without an end",
        Raw(chunked(HALF, ends=False)),
        "disconnected",
        "disconnected",
        BREAKS,
    ),
    lasting("no HTTP at all", Raw(b"SSH-2.0-x\r\n\r\n"), "disconnected", "disconnected", BREAKS),
    lasting("silence", Raw(then="hold"), "timeout", "timeout", IN_TIME, timeout=SHORT),
    lasting(
        "headers that drip",
        Drip(b"HTTP/1.1 200 OK\r\n", b"x-drop: 1\r\n"),
        "timeout",
        "timeout",
        IN_TIME,
        timeout=SHORT,
    ),
    lasting(
        "a body that stops",
        Raw(headed(HALF, len(WHOLE)), "hold"),
        "timeout",
        "timeout",
        IN_TIME,
        timeout=SHORT,
    ),
    lasting(
        "a body that drips",
        Drip(headed(b"", 10**6), b" "),
        "timeout",
        "timeout",
        IN_TIME,
        timeout=SHORT,
    ),
    passing(
        "a body that drips, once",
        Drip(headed(b"", 10**6), b" "),
        "timeout",
        timeout=1.5,
    ),
    Row("an answer in chunks of a few bytes", (Raw(chunked(WHOLE)),), ("ok",)),
)  # fmt: skip

CUT = Scripted(HALF, headers=JSON)
BODIES = (
    passing("JSON that breaks off, content-length right, once", CUT, "cut off"),
    lasting(
        "JSON that breaks off, content-length right",
        CUT,
        "cut off",
        "cut_off",
        "{host} sent an answer that breaks off in the middle (4 attempts).",
        error=UnusableAnswerError,
    ),
    lasting(
        "content-length shorter than the body",
        Raw(headed(WHOLE, len(WHOLE) // 2)),
        "cut off",
        "cut_off",
        "{host} sent an answer that breaks off in the middle (4 attempts).",
        error=UnusableAnswerError,
    ),
    lasting(
        "an empty body that is called JSON",
        Scripted("", headers=JSON),
        "cut off",
        "cut_off",
        "{host} sent an answer that breaks off in the middle (4 attempts).",
        error=UnusableAnswerError,
    ),
    no_api("a proxy's HTML page with 200", Scripted("<html>Sign in</html>")),
    no_api("an HTML page that is called JSON", Scripted("<html>Sign in</html>", headers=JSON)),
    no_api("null", Scripted("null", headers=JSON)),
    no_api("another JSON", Scripted({"hello": "world"})),
    no_api("a list", Scripted([])),
    no_api("nothing at all", Scripted("", 204)),
    no_api("an error with 200", Scripted({"error": {"message": "busy"}})),
    unusable(
        "choices that are null",
        {**completion(), "choices": None},
        "malformed",
        "The answer is no proper chat completion: choices: Input should be a valid array.",
    ),
    unusable(
        "arguments that are an object",
        completion({"event": "killed"}),
        "malformed",
        "The answer is no proper chat completion: "
        "choices.0.message.tool_calls.0.function.arguments: Input should be a valid string.",
    ),
    unusable(
        "Latin-1 that is called JSON",
        Scripted(body_of(model="modèle").decode().encode("latin-1"), headers=JSON),
        "not_utf8",
        NOT_UTF8,
    ),
    unusable(
        "UTF-16 that is called JSON",
        Scripted(WHOLE.decode().encode("utf-16"), headers=JSON),
        "not_utf8",
        NOT_UTF8,
    ),
    lasting(
        "UTF-8 that breaks off inside a character",
        Scripted(body_of(model="modè").partition(b"\xa8")[0], headers=JSON),
        "cut off",
        "cut_off",
        "{host} sent an answer that breaks off in the middle (4 attempts).",
        error=UnusableAnswerError,
    ),
    Row(
        "UTF-8 whose charset lies",
        (Scripted(WHOLE, headers={"content-type": "application/json; charset=utf-16"}),),
        ("ok",),
    ),
    Row(
        "UTF-8 whose charset is none",
        (Scripted(WHOLE, headers={"content-type": "application/json; charset=rot13"}),),
        ("ok",),
    ),
    Row("UTF-8 with a byte order mark", (Scripted(BOM_UTF8 + WHOLE, headers=JSON),), ("ok",)),
    unusable(
        "10 MB of arguments",
        completion(json.dumps({"event": "x" * 10 * 2**20})),
        "too_large",
        TOO_LARGE,
    ),
    Row(
        "an answer in gzip, though none was asked for",
        (Scripted(gzip.compress(WHOLE), headers=GZIP),),
        ("ok",),
    ),
    unusable(
        "10 MB in 10 KB of gzip",
        Scripted(gzip.compress(b" " * 10 * 2**20), headers=GZIP),
        "too_large",
        TOO_LARGE,
    ),
    lasting(
        "gzip that is none",
        Scripted(b"\x1f\x8b" + WHOLE, headers=GZIP),
        "disconnected",
        "disconnected",
        BREAKS,
    ),
    *(
        Row(f"usage that is {what}", (with_usage(usage),), ("ok",), tells_usage=False)
        for what, usage in {
            "negative": '{"prompt_tokens": -5, "completion_tokens": 7}',
            "words": '{"prompt_tokens": "many", "completion_tokens": "few"}',
            "NaN": '{"prompt_tokens": NaN, "completion_tokens": Infinity}',
            "huge": '{"prompt_tokens": 99999999999, "completion_tokens": 7}',
            "a list": "[1, 2]",
            "empty": "{}",
        }.items()
    ),
)  # fmt: skip

ANSWERS = (
    unusable(
        "no choices",
        {**completion(), "choices": []},
        "empty",
        "The answer holds no choices.",
    ),
    unusable(
        "no tool call",
        with_message(content="Happy to help!"),
        "no_tool_call",
        "The model answered without calling answer.",
    ),
    unusable(
        "another tool",
        completion(name="search"),
        "wrong_tool",
        "The model called ['search'], not answer.",
    ),
    unusable(
        "two tool calls",
        twice(completion()),
        "several_calls",
        "The model called 2 functions where one was asked for.",
    ),
    unusable(
        "arguments that are not JSON",
        completion("They were killed."),
        "not_json",
        "The arguments of answer are not JSON: Expecting value: line 1 column 1 (char 0).",
    ),
    unusable(
        "arguments of another shape",
        completion('{"event": 3}'),
        "wrong_shape",
        "The arguments of answer do not have the shape asked for: "
        "event: Input should be a valid string (1 in all).",
    ),
    unusable(
        "NaN in the arguments",
        completion('{"event": NaN}'),
        "not_json",
        "The arguments of answer are not JSON: NaN is not a JSON value.",
    ),
    unusable(
        "finish_reason length",
        completion('{"event": "ki', finish="length"),
        "truncated",
        "The answer was cut off at the token limit; raise max_tokens.",
    ),
    unusable(
        "a refusal", with_message(refusal="I cannot."), "refused", "The model refused to answer."
    ),
    unusable(
        "finish_reason content_filter",
        with_message(finish="content_filter"),
        "filtered",
        "The endpoint's content filter withheld the answer.",
    ),
)  # fmt: skip

GROUPS: dict[str, tuple[Row, ...]] = {
    "Limits": LIMITS,
    "Statuses": STATUSES,
    "Connections": CONNECTIONS,
    "Bodies": BODIES,
    "Answers": ANSWERS,
}
ROWS: tuple[Row, ...] = tuple(row for rows in GROUPS.values() for row in rows)


@dataclass(frozen=True)
class Sheet:
    """Answers of the right shape about 61 and 340 of `SHEET_TEXT`, and where the two end."""

    name: str
    answers: list[dict[str, Any]]
    ends: tuple[str, str]


SHEET_TEXT = "Sylvania said 61 sailors died and 340 were wounded."
FIRST = {"id": 1, "quote": "61 sailors died", "event": "died"}
SECOND = {"id": 2, "quote": "340 were wounded", "event": "wounded"}
OTHER = {"id": 7, "quote": "498 soldiers died", "event": "died", "counted": "soldiers"}
SHEETS = (
    Sheet("both as asked", [FIRST, SECOND], ("accepted", "accepted")),
    Sheet("in another order", [SECOND, FIRST], ("accepted", "accepted")),
    Sheet("one that was not asked for as well", [FIRST, OTHER, SECOND], ("accepted", "accepted")),
    Sheet("only one that was not asked for", [OTHER], ("unclaimed", "unclaimed")),
    Sheet("ids 0 and -1", [FIRST | {"id": 0}, SECOND | {"id": -1}], ("unclaimed", "unclaimed")),
    Sheet("one left out", [FIRST], ("accepted", "unclaimed")),
    Sheet("none", [], ("unclaimed", "unclaimed")),
    Sheet("one twice", [FIRST, FIRST, SECOND], ("unclaimed", "accepted")),
    Sheet(
        "three without ids",
        [{"quote": "61 sailors died"}, {"quote": "340 were wounded"}, {"quote": "61"}],
        ("unclaimed", "unclaimed"),
    ),
    Sheet(
        "a number that is not in the text",
        [FIRST | {"quote": "600 sailors died"}, SECOND],
        ("rejected", "accepted"),
    ),
    Sheet(
        "each with the other's words",
        [FIRST | {"quote": "340 were wounded"}, SECOND | {"quote": "61 sailors died"}],
        ("rejected", "rejected"),
    ),
    Sheet("a thousand", [FIRST, SECOND, *[OTHER] * 1_000], ("accepted", "accepted")),
)
