"""A run goes on with the plugins that judged it so far, and with no others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extractor.batch.run_plugins import refuse_without_plugin
from extractor.batch.run_recipe import Identity
from extractor.errors import InputError
from extractor.model import ModelChoice

NOW = Identity("claims.v2", "p", "s", "m", None, None, "1.0")
ACME = replace(NOW, plugins=("acme 1.0: X101",))


def test_the_same_plugins_go_on() -> None:
    NOW.refuse_if_changed(NOW.to_json())
    ACME.refuse_if_changed(ACME.to_json())


def test_a_run_of_before_there_were_plugins_goes_on_without_any() -> None:
    before = {name: value for name, value in NOW.to_json().items() if name != "plugins"}
    NOW.refuse_if_changed(before)
    with pytest.raises(InputError, match=r"were none, and are acme 1\.0: X101\. Restore that"):
        ACME.refuse_if_changed(before)


@pytest.mark.parametrize(
    ("plugins", "told"),
    [
        ((), r"were acme 1\.0: X101, and are none\."),
        (("acme 1.1: X101",), r"are acme 1\.1: X101\."),
        (("acme 1.0: X101 X102",), r"are acme 1\.0: X101 X102\."),
    ],
)
def test_other_plugins_are_refused_and_named(plugins: tuple[str, ...], told: str) -> None:
    with pytest.raises(InputError, match=told):
        replace(NOW, plugins=plugins).refuse_if_changed(ACME.to_json())


def test_a_model_of_a_plugin_that_is_gone_is_told_before_any_other_is_opened() -> None:
    refuse_without_plugin(ModelChoice("gone:x"), ACME.to_json())
    answered = replace(NOW, plugins=("acme 1.0: model",)).to_json()
    with pytest.raises(
        InputError, match=r"gone:x is a model of the plugin acme 1\.0, which is not"
    ):
        refuse_without_plugin(ModelChoice("gone:x"), answered)
