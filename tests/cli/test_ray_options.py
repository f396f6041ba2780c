"""What `run --engine ray` refuses before it starts anything."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from typer.testing import CliRunner

from extractor.batch.ledger_writer import save_plan
from extractor.batch.run_recipe import Identity, RunRecipe
from extractor.cli.app import app
from extractor.errors import ExtractorError, InputError, ModelError
from extractor.scale.ray_storage import RayStorage

RAY = {"address": None, "storage": None, "inputs_sha256": "0", "name": "mine"}


@pytest.fixture(autouse=True)
def _endpoint(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-0123456789abcdef0123")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("Some 12 boats sank.", encoding="utf-8")


def _refused(*options: str) -> ExtractorError:
    """What a run with these options says."""
    model = ["--model", "m", "--base-url", "http://127.0.0.1:9/v1", "--out", "run"]
    return _error("run", "a.txt", *model, *options)


def _error(*arguments: str) -> ExtractorError:
    error = CliRunner().invoke(app, arguments).exception
    assert isinstance(error, ExtractorError)
    return error


@pytest.mark.parametrize(
    "options",
    [("--budget", "5"), ("--limit", "3"), ("--record", "c"), ("--replay", "c")],
    ids=lambda options: options[0],
)
def test_what_many_processes_do_not_share_is_refused(options: tuple[str, str]) -> None:
    error = _refused("--engine", "ray", *options)
    assert type(error) is InputError
    assert f"{options[0]} does not go with --engine ray" in str(error)
    assert not Path("run").exists()


@pytest.mark.parametrize("option", ["--ray-address", "--ray-storage"])
def test_options_of_ray_are_refused_without_it(option: str) -> None:
    error = _refused(option, "auto")
    assert type(error) is InputError
    assert "are of --engine ray: name that too" in str(error)


@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("ray://head:10001", "wanted is HOST:PORT"),
        ("head", "wanted is HOST:PORT"),
        ("127.0.0.1:9", "Ray cannot be reached there"),
        ("127.0.0.1:99999", "Ray cannot be reached there"),
    ],
)
def test_an_address_where_no_ray_is_is_told_at_once(address: str, what: str) -> None:
    error = _refused("--engine", "ray", "--ray-address", address)
    assert type(error) is ModelError
    assert what in str(error)
    assert not Path("run").exists()


def test_a_storage_with_rows_of_another_run_is_refused(tmp_path: Path) -> None:
    from scale.ray_rows import done, write

    write(tmp_path / "rows", "x_1", [done("0", "Some 60 boats sank.", "a")])
    error = _refused("--engine", "ray", "--ray-storage", "rows")
    assert type(error) is InputError
    assert "the rows of a run are there already" in str(error)


def test_a_run_whose_input_has_changed_is_not_gone_on_with(tmp_path: Path) -> None:
    recipe = RunRecipe(
        cwd=str(tmp_path),
        inputs=("a.txt",),
        text_column="text",
        id_column=None,
        date_column=None,
        ignore=(),
        limit=None,
        sample=None,
        model="m",
        base_url="http://127.0.0.1:9/v1",
        prompt=None,
        ask="anchored",
        passage=None,
        reasks=1,
        record=None,
        replay=None,
        prices=None,
    )
    Path("run").mkdir()
    begun = _begun_with(recipe)
    RayStorage("run/ray").claim("mine")
    save_plan(Path("run"), begun | {"ray": RAY})
    error = _error("resume", "run")
    assert type(error) is InputError
    assert "The input has changed since the run began" in str(error)


def _begun_with(recipe: RunRecipe) -> dict[str, object]:
    from extractor.cli.running import Pace, Running
    from extractor.model import ModelChoice, open_model

    running = Running(Path("run"), recipe, Pace())
    with open_model(ModelChoice(recipe.model, recipe.base_url)) as model:
        identity: Identity = running._identity(model)
    return {"recipe": recipe.to_json(), "identity": identity.to_json(), "made": {"model": "m"}}


def test_without_ray_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "ray" else find(name)
    )
    error = _refused("--engine", "ray")
    assert type(error) is InputError
    assert "pip install 'claim-extractor[ray]'" in str(error)
