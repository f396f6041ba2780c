"""Distributions as an installer leaves them: modules, and a dist-info folder with entry points."""

from __future__ import annotations

import importlib
import re
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

from extractor.batch.export_plugins import EXPORT_PLUGINS
from extractor.batch.loader_plugins import LOADER_PLUGINS
from extractor.model.plugin_models import MODEL_PLUGINS
from extractor.validator.rule_plugins import RULE_PLUGINS

PAGE = Path(__file__).parent.parent / "docs" / "plugins.md"
_BLOCK = re.compile(r"`(acme_\w+\.py)`:\n\n```python\n(.*?)```", re.DOTALL)
_TOML = re.compile(r"```toml\n(.*?)```", re.DOTALL)


def install(
    folder: Path,
    name: str,
    entry_points: Mapping[str, Mapping[str, str]],
    modules: Mapping[str, str],
    version: str = "1.0",
) -> None:
    """Install a distribution below `folder`; groups are named without `claim_extractor.`."""
    for module, source in modules.items():
        (folder / module).write_text(source, "utf-8")
    info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    (info / "METADATA").write_text(metadata, "utf-8")
    lines = []
    for group, entries in entry_points.items():
        lines += [f"[claim_extractor.{group}]", *(f"{k} = {v}" for k, v in entries.items()), ""]
    (info / "entry_points.txt").write_text("\n".join(lines), "utf-8")


def install_example(folder: Path) -> None:
    """The package of docs/plugins.md."""
    page = PAGE.read_text("utf-8")
    toml = _TOML.search(page)
    assert toml is not None
    project = tomllib.loads(toml[1])["project"]
    groups = {
        group.removeprefix("claim_extractor."): entries
        for group, entries in project["entry-points"].items()
    }
    install(folder, project["name"], groups, dict(_BLOCK.findall(page)), project["version"])


def family(
    code: str,
    body: str = "yield case.finding(CODE, 'value', 'no good')",
    severity: str = "ERROR",
    before: str = "",
) -> str:
    """A module with one rule, which judges by `body`."""
    refusal = "Rejected" if severity == "ERROR" else "Flagged"
    return f'''
from extractor.claims import Finding, Severity
from extractor.text import Span
from extractor.validator import RuleFamily
{before}
CODE = {code!r}
family = RuleFamily()

@family.rule(CODE, Severity.{severity})
def judged(case):
    """A rule of a test.

    Text: 61 sailors died.
    {refusal}: {{"quote": "61 sailors died", "value": "61"}}
    Accepted: {{"quote": "61 sailors died", "value": "61"}}
    """
    {body}
'''


class Site:
    """A folder of installed packages that this process imports from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def install(
        self,
        name: str,
        entry_points: Mapping[str, Mapping[str, str]],
        modules: Mapping[str, str],
        version: str = "1.0",
    ) -> None:
        """Install a distribution as `install` does, and have it found."""
        install(self.folder, name, entry_points, modules, version)
        self.look_again()

    def look_again(self) -> None:
        """Have every group find what is installed now."""
        importlib.invalidate_caches()
        for group in (MODEL_PLUGINS, LOADER_PLUGINS, RULE_PLUGINS, EXPORT_PLUGINS):
            group.look_again()

    def forget(self) -> None:
        """Leave no module of this folder imported."""
        for name, module in list(sys.modules.items()):
            if str(getattr(module, "__file__", None)).startswith(str(self.folder)):
                del sys.modules[name]
        self.look_again()
