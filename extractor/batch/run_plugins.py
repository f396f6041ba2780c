"""Which plugins decide what comes of a run: those whose rules judge it, and that of its model."""

from __future__ import annotations

from extractor.model import Model, PluginModel
from extractor.validator import all_rules


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
        found.append(f"{plugin.distribution} {plugin.version}: model")
    return tuple(found)
