"""What other packages bring along, by entry points: found once, and loaded when it is wanted.

A room that can be extended has a PluginGroup. A plugin that is broken, in whatever way, is named in
one sentence and left out; it never ends what it was to be part of.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePath
from threading import Lock, RLock
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

Thing = TypeVar("Thing")

_LONGEST = 200  # characters of another's message
# what these say is of names, never of values; a kind of another's making may break in saying it
_TELLING = (ImportError, ModuleNotFoundError, AttributeError, SyntaxError, IndentationError)
_IN_IMPORT = "it is asked for while it is imported"


@dataclass(frozen=True, slots=True, order=True)
class Plugin:
    """An entry point: its name, where it leads ("module:attribute"), and who brings it."""

    name: str
    distribution: str
    version: str
    value: str
    group: str

    def __str__(self) -> str:
        """The plugin in a sentence."""
        return f"{self.name!r} ({self.group}, of {self.distribution} {self.version})"


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Thing]):
    """What came of a plugin: the thing that it gives, or why it is left out (no stop)."""

    plugin: Plugin
    thing: Thing | None = None
    why: str | None = None

    @property
    def sentence(self) -> str:
        """Why a plugin cannot be used, for a person."""
        return f"The plugin {self.plugin} is left out: {self.why}."


class UnfitError(Exception):
    """What a plugin gives is not what its group wants; the message is a sentence without a stop."""


Fit = Callable[[Plugin, object, Sequence[Thing]], Thing]
"""Makes of what an entry point leads to what the group wants, beside what the plugins before it
gave; raises UnfitError."""


class PluginGroup(Generic[Thing]):
    """The plugins of one entry point group, in the order of their names.

    `fit` takes what was loaded, `name_fault` says what is wrong with a name (None: nothing). Of two
    plugins with one name that of the distribution that is first by name counts.
    """

    def __init__(
        self, group: str, fit: Fit[Thing], name_fault: Callable[[str], str | None]
    ) -> None:
        self.group = group
        self._fit = fit
        self._name_fault = name_fault
        self._lock = RLock()  # a plugin may ask for its own group while it is imported
        self._entries: dict[Plugin, EntryPoint] | None = None
        self._by_name: dict[str, Plugin] = {}
        self._outcomes: dict[Plugin, Outcome[Thing]] = {}
        self._loading: list[Plugin] = []
        self._working: tuple[Thing, ...] | None = None

    def names(self) -> Collection[str]:
        """The names that can be asked for; nothing is imported."""
        if self._entries is None:
            self._look()
            for outcome in tuple(self._outcomes.values()):
                tell_once(outcome.sentence)
        return self._by_name.keys()

    def plugin(self, name: str) -> Plugin | None:
        """The plugin of this name, not imported; None where there is none."""
        return self._by_name[name] if name in self.names() else None

    def find(self, name: str) -> Outcome[Thing] | None:
        """What came of the plugin of this name, which alone is imported; None: there is none."""
        plugin = self.plugin(name)
        return None if plugin is None else self._outcome(plugin)

    def working(self) -> tuple[Thing, ...]:
        """What all plugins give that are in order; each other one is told of once."""
        if self._working is not None:
            return self._working
        with self._lock:
            outcomes = self.outcomes()
            things = tuple(one.thing for one in outcomes if one.thing is not None)
            if not self._loading:
                self._working = things
                for outcome in outcomes:
                    if outcome.why is not None:
                        tell_once(outcome.sentence)
            return things

    def outcomes(self) -> tuple[Outcome[Thing], ...]:
        """What came of each plugin; all are imported, and nothing is told."""
        if self._entries is None:
            self._look()
        return tuple(self._outcome(plugin) for plugin in self._entries or ())

    def look_again(self) -> None:
        """Forget what was found: packages may have been installed since."""
        with self._lock:
            self._entries = self._working = None
            self._by_name, self._outcomes = {}, {}

    def _look(self) -> None:
        with self._lock:
            if self._entries is not None:
                return
            entries = dict(sorted(_found(self.group), key=lambda pair: pair[0]))
            for plugin in entries:
                why = self._name_fault(plugin.name)
                first = self._by_name.get(plugin.name)
                if why is None and first is not None:
                    why = f"its name is taken by {first.distribution} {first.version}"
                if why is None:
                    self._by_name[plugin.name] = plugin
                else:
                    self._outcomes[plugin] = Outcome(plugin, why=why)
            self._entries = entries

    def _outcome(self, plugin: Plugin) -> Outcome[Thing]:
        with self._lock:
            if plugin in self._outcomes:
                return self._outcomes[plugin]
            if plugin in self._loading:
                return Outcome(plugin, why=_IN_IMPORT)
            self._loading.append(plugin)
            try:
                self._outcomes[plugin] = self._loaded(plugin)
            finally:
                self._loading.remove(plugin)
            return self._outcomes[plugin]

    def _loaded(self, plugin: Plugin) -> Outcome[Thing]:
        assert self._entries is not None  # noqa: S101 - it came from there
        before = [one.thing for one in self._outcomes.values() if one.thing is not None]
        step = "it cannot be imported"
        try:
            found = self._entries[plugin].load()
            step = "it is not what its group wants"
            return Outcome(plugin, self._fit(plugin, found, before))
        except UnfitError as error:
            return Outcome(plugin, why=plain(error))
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - whatever happens in another's module
            return Outcome(plugin, why=f"{step} ({told(error)})")


def told(error: BaseException) -> str:
    """An error of another's code in a few words: its kind, and what it says or where it was raised.

    What it says is shown only where it can be of names alone: other messages quote values, and may
    quote a key.
    """
    kind = type(error).__name__
    if type(error) in _TELLING:
        return plain(f"{kind}: {error}")
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return plain(kind)
    name = PurePath(trace.tb_frame.f_code.co_filename).name
    return plain(f"{kind} in {name}, line {trace.tb_lineno}")


def plain(text: object) -> str:
    """`text` on one line without control characters, and not too long."""
    whole = str(text)
    if len(whole) > _LONGEST:
        whole = f"{whole[: _LONGEST - 1]}…"
    return "".join(char if char.isprintable() else " " for char in whole)


_told: set[str] = set()
_telling = Lock()


def tell_once(sentence: str) -> None:
    """Warn by the logger `extractor.plugins`, once a process; unconfigured, it writes to stderr."""
    with _telling:
        if sentence in _told:
            return
        _told.add(sentence)
    import logging  # late: there is seldom something to tell

    logging.getLogger("extractor.plugins").warning("%s", sentence)


def _found(group: str) -> Iterator[tuple[Plugin, EntryPoint]]:
    """The entry points of a group: a look at the disk, some milliseconds."""
    from importlib.metadata import entry_points

    try:
        entries = tuple(entry_points(group=group))
    except Exception as error:  # noqa: BLE001 - of any distribution's metadata
        tell_once(f"Plugins are left out: what is installed cannot be listed ({told(error)}).")
        return
    for entry in entries:
        name = version = None
        with suppress(Exception):  # of any distribution's metadata
            if entry.dist is not None:
                name, version = entry.dist.metadata["Name"], entry.dist.metadata["Version"]
        distribution = plain(name or "a distribution without a name")
        yield Plugin(entry.name, distribution, plain(version or "?"), entry.value, group), entry
