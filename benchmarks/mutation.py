"""How many faults the tests notice: the rules are broken in one place at a time, and tried.

    pip install -e '.[dev,mutation]'
    python benchmarks/mutation.py [--only hedge] [--jobs 2] [--survivors]

The faults are those of mutmut's operators. Its own runner leaves decorated functions alone, and
every rule is one, so the trial is made here: the tests are collected once, and a fork for each
mutant takes the broken module in memory and runs them until one fails. No file is changed.

Nothing but annotations, imports, decorators, docstrings and the defaults of parameters is spared;
a mutant that no test could tell from the original counts as a survivor like any other.
"""

from __future__ import annotations

import argparse
import difflib
import os
import signal
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import libcst as cst
import pytest
from mutmut.mutation.mutators import mutation_operators

from extractor.validator import all_rules, registry, rules

_REPOSITORY: Final = Path(__file__).parent.parent
_TESTS: Final = ("test_rules.py", "test_findings.py", "test_verify.py")
_UNUSED: Final = ("terminal", "randomly", "cacheprovider")  # plugins of pytest
_SPARED: Final = (cst.Annotation, cst.Decorator, cst.Import, cst.ImportFrom)
_UNTOUCHED_CALLS: Final = ("len", "isinstance")  # mutmut leaves them alone too
_PATIENCE: Final = 60  # seconds of a trial; a mutant that runs longer is noticed
_FLOOR: Final = 85.0  # per cent


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module's source with one fault in it."""

    module: ModuleType
    source: str
    change: str


def main() -> int:
    """Try every mutant, print the share that was noticed; 1 if it is below the floor."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--only", help="one family of rules: quote, number, hedge, …")
    parser.add_argument("--jobs", type=int, default=2, help="trials at once")
    parser.add_argument("--survivors", action="store_true", help="print each that goes unnoticed")
    options = parser.parse_args()
    families = [name for name in rules.__all__ if isinstance(getattr(rules, name), ModuleType)]
    chosen = [name for name in families if options.only in (None, name)]
    mutants = [mutant for name in chosen for mutant in mutants_of(getattr(rules, name))]
    trial = Trial(mutants, options.jobs)
    paths = [str(_REPOSITORY / "tests" / "validator" / name) for name in _TESTS]
    unused = (f"-pno:{name}" for name in _UNUSED)
    pytest.main(["-s", "-oaddopts=", *unused, *paths], plugins=[trial])
    if len(trial.noticed) != len(mutants) or not mutants:
        print("the tests fail without any mutant, or nothing was tried", file=sys.stderr)
        return 2
    return _told(mutants, trial.noticed, survivors=options.survivors)


def _told(mutants: Sequence[Mutant], noticed: Mapping[int, bool], *, survivors: bool) -> int:
    tried, killed = Counter[str](), Counter[str]()
    for place, mutant in enumerate(mutants):
        name = mutant.module.__name__.rpartition(".")[2]
        tried[name] += 1
        killed[name] += noticed[place]
        if survivors and not noticed[place]:
            print(f"{name}: {mutant.change}\n")
    for name, count in tried.items():
        print(f"{name:14}{killed[name]:5} of {count:5} noticed")
    share = 100 * killed.total() / tried.total()
    print(f"{'all':14}{killed.total():5} of {tried.total():5} noticed: {share:.1f} %")
    return int(share < _FLOOR)


def mutants_of(module: ModuleType) -> Iterator[Mutant]:
    """Every mutant of a module, in the order of its text."""
    original = Path(module.__file__ or "").read_text("utf-8")
    tree = cst.parse_module(original)
    for node in _nodes(tree):
        for kind, operator in mutation_operators:
            for changed in operator(node) if isinstance(node, kind) else ():
                source = tree.deep_replace(node, changed).code
                yield Mutant(module, source, _change(original, source))


def _nodes(node: Any) -> Iterator[Any]:  # noqa: ANN401 - libcst is no dependency of the checks
    """What may be broken below a node, itself first."""
    if isinstance(node, _SPARED):
        return
    if isinstance(node, cst.Call) and getattr(node.func, "value", None) in _UNTOUCHED_CALLS:
        return
    yield node
    for child in node.children:
        if not (isinstance(node, cst.Param) and child is node.default):
            yield from _nodes(child)


def _change(before: str, after: str) -> str:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return "\n".join(line for line in lines if not line.startswith(("---", "+++")))


class Trial:
    """A pytest plugin: the collected tests are run once for each mutant, each time in a fork."""

    def __init__(self, mutants: Sequence[Mutant], jobs: int) -> None:
        self.noticed: dict[int, bool] = {}
        self._mutants = mutants
        self._jobs = jobs

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Instead of running the tests once: first as they are, then with every mutant."""
        _, status = os.waitpid(_forked(session, None), 0)
        if status != 0:
            return True
        running: dict[int, int] = {}
        for place, mutant in enumerate(self._mutants):
            if len(running) >= self._jobs:
                self._gather(running)
            running[_forked(session, mutant)] = place
        while running:
            self._gather(running)
        return True

    def _gather(self, running: dict[int, int]) -> None:
        process, status = os.wait()
        self.noticed[running.pop(process)] = status != 0
        if len(self.noticed) % 100 == 0:
            print(f"{len(self.noticed)} of {len(self._mutants)} tried", file=sys.stderr)


def _forked(session: pytest.Session, mutant: Mutant | None) -> int:
    """Start a trial; its process ends with 0 if no test fails."""
    process = os.fork()
    if process:
        return process
    verdict = 1
    try:
        signal.alarm(_PATIENCE)
        items = session.items
        if mutant is not None:
            _broken(mutant)
            family = {r.code for r in all_rules() if _module(r) == mutant.module.__name__}
            items = sorted(items, key=lambda item: not any(code in item.name for code in family))
        verdict = int(_any_fails(session, items))
    finally:
        os._exit(verdict)


def _broken(mutant: Mutant) -> None:
    """Run the broken source in its module; its rules register anew."""
    for rule in all_rules():
        if _module(rule) == mutant.module.__name__:
            del registry._OURS._rules[rule.code]  # noqa: SLF001 - nothing else unmakes a rule
    exec(compile(mutant.source, mutant.module.__name__, "exec"), vars(mutant.module))  # noqa: S102


def _module(rule: registry.Rule) -> str:
    function = rule.check or rule.compare
    return "" if function is None else function.__module__


def _any_fails(session: pytest.Session, items: Sequence[pytest.Item]) -> bool:
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return True
    return False


if __name__ == "__main__":
    sys.exit(main())
