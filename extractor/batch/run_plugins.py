"""Which plugins decide what comes of a run: those whose rules judge it, and that of its model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from extractor.errors import InputError
from extractor.model import Model, ModelChoice, PluginModel
from extractor.model.plugin_models import plugin_for
from extractor.validator import all_rules

_ANSWERS: Final = ": model"


def judging_plugins(model: Model) -> tuple[str, ...]:
    """Each with its version and its rules, "acme-rules 1.2: X101 X102", sorted.

    What is changed without a new version is not seen, no more than in this package's own rules.
    """
    codes: dict[str, list[str]] = {}
    for rule in all_rules():
        if rule.plugin is not None:
            codes.setdefault(rule.plugin, []).append(rule.code)
    found = [f"{plugin}: {' '.join(rules)}" for plugin, rules in sorted(codes.items())]
    if isinstance(model, PluginModel):
        plugin = model.plugin
        found.append(f"{plugin.distribution} {plugin.version}{_ANSWERS}")
    return tuple(found)


def refuse_without_plugin(choice: ModelChoice, before: Mapping[str, Any]) -> None:
    """Raise InputError where a plugin answered so far, and is not there: no other is to be asked.

    `before` is the identity of the run as it is kept.
    """
    answered = [name for name in before.get("plugins", []) if name.endswith(_ANSWERS)]
    if answered and plugin_for(choice.name, choice.base_url) is None:
        plugin = answered[0].removesuffix(_ANSWERS)
        raise InputError(
            f"This run cannot go on: {choice.name} is a model of the plugin {plugin}, which is not "
            "installed. Restore that, or begin a new run."
        )
