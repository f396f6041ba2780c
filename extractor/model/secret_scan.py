"""What must never stand in a recording: keys and tokens, by their form and by their value."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable, Iterator, Mapping

from extractor.model.endpoints import NO_KEY_NEEDED

_KEY_VARIABLES = ("OPENAI_API_KEY", "AZURE_OPENAI_API_KEY")
_SHORTEST = 16  # characters
_BASE64 = re.compile(r'"base64": "([A-Za-z0-9+/=]+)"')
_FORMS = {
    "an API key": re.compile(r"\b(?:sk|pk|rk|gsk|xai|hf)[-_][A-Za-z0-9_\-]{16,}"),
    "a bearer token": re.compile(r"\bBearer\s+[A-Za-z0-9._~+/\-]{12,}"),
    "a GitHub token": re.compile(r"\b(?:gh[pousr]|github_pat)_[A-Za-z0-9_]{20,}"),
    "an AWS key": re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    "a Slack token": re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}"),
    "a Google key": re.compile(r"\bAIza[A-Za-z0-9_\-]{30,}"),
    "a signed token": re.compile(r"\beyJ[A-Za-z0-9_\-]{8,}\.eyJ[A-Za-z0-9_\-]{8,}\."),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY"),
}


def is_secret(key: str) -> bool:
    """Whether a key is one to be kept: a short one is a word like any other."""
    return key != NO_KEY_NEEDED and len(key) >= _SHORTEST


def environment_keys(environ: Mapping[str, str]) -> frozenset[str]:
    """The keys that the environment holds."""
    keys = (environ.get(name, "").strip() for name in _KEY_VARIABLES)
    return frozenset(key for key in keys if is_secret(key))


def found_secret(text: str, keys: Iterable[str]) -> str | None:
    """What the text of a file holds that looks like a secret, in words; None when nothing does.

    Bodies that are kept as base64 are looked into.
    """
    forms = [written for key in keys for written in {key, json.dumps(key)[1:-1]}]
    for part in (text, *_decoded(text)):
        for what, form in _FORMS.items():
            if form.search(part):
                return what
        if any(key in part for key in forms):
            return "the API key"
    return None


def _decoded(text: str) -> Iterator[str]:
    for found in _BASE64.finditer(text):
        try:
            yield base64.b64decode(found[1]).decode("latin-1").replace("\0", "")  # UTF-16 too
        except binascii.Error:
            continue  # it holds nothing that anyone could read
