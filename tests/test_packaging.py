"""What users install: the modern client pair, the types, and the prompts in every form."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

from extractor.prompts import load_prompt, prompt_folder

REPOSITORY = Path(__file__).parent.parent


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:2])


def test_the_client_pair_is_the_modern_one() -> None:
    """Bare names resolve to openai 1 and instructor 1.3 of 2024; our bounds must prevent it."""
    assert (1, 17) <= _numbers(version("instructor")) < (2, 0)
    assert (3, 3) <= _numbers(version("openai")) < (4, 0)


def test_a_checkout_reads_its_own_prompts() -> None:
    assert prompt_folder() == REPOSITORY / "prompts"
    assert load_prompt("claims.v1").label == "claims.v1"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_carries_prompts_lexicons_and_the_typing_marker(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for wanted in (
        "extractor/prompt_files/claims.v1.md",
        "extractor/prompt_files/claims.v2.md",
        "extractor/py.typed",
        "extractor/validator/lexicons/events.txt",
        "extractor/text/irregular_verbs.txt",
        "extractor/model/prices.yaml",
        "extractor/report/page.css",
        "extractor/serve/review.html",
        "extractor/serve/review.js",
    ):
        assert wanted in names
    assert not {name for name in names if name.startswith(("tests/", "seeds/", "cassettes/"))}


def test_an_installed_wheel_finds_its_prompts(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    code = (
        "import extractor.prompts as p; "
        "assert 'site' in str(p.prompt_folder()), p.prompt_folder(); "
        "print(p.load_prompt().sha256)"
    )
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, 'site'); {code}"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == load_prompt().sha256


@pytest.mark.parametrize(
    ("statement", "unwanted"),
    [
        ("import extractor", ("pydantic", "openai", "instructor", "vcr", "typer", "rich")),
        ("from extractor.claims import ExtractionResult", ("pydantic", "yaml", "openai")),
        ("from extractor import read_quantities", ("pydantic", "openai", "instructor", "vcr")),
        ("from extractor import verify", ("openai", "instructor", "vcr", "tenacity", "rich")),
        (
            "import extractor.cli.app",
            ("openai", "instructor", "vcr", "tenacity", "pydantic", "yaml"),
        ),
        ("import extractor.extraction", ("openai", "instructor", "vcr", "tenacity")),
    ],
)
def test_an_import_loads_only_what_it_needs(statement: str, unwanted: tuple[str, ...]) -> None:
    code = f"import sys; {statement}; print(*[m for m in {unwanted!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPOSITORY
    )
    assert done.stdout.split() == []
