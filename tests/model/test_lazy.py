"""Importing the model room must load none of the packages that only a call needs."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("openai", "instructor", "tenacity", "vcr", "xllamacpp", "httpx2", "rich")


def loaded_after(code: str) -> set[str]:
    probe = f"{code}\nimport sys\nprint([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True, timeout=60
    )
    return set(eval(done.stdout.splitlines()[-1]))  # noqa: S307 - our own list


def test_importing_loads_none_of_them() -> None:
    assert loaded_after("import extractor.model") == set()


def test_opening_a_model_for_replay_loads_none_of_them() -> None:
    code = (
        "from pathlib import Path\n"
        "from extractor.model import *\n"
        "open_for_replay(ModelChoice(), Path('nowhere')).close()"
    )
    assert loaded_after(code) == set()


def test_a_scripted_model_needs_none_of_them() -> None:
    assert loaded_after("from extractor.model import ScriptedModel\nScriptedModel([])") == set()
