"""Plugins are found without being imported; what is broken is named once, and left out."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence

import pytest
from plugin_packages import Site

from extractor import plugins
from extractor.plugins import Plugin, PluginGroup, UnfitError


def _number(_: Plugin, given: object, before: Sequence[int]) -> int:
    if not isinstance(given, int):
        raise UnfitError(f"it gives no number ({type(given).__name__})")
    if given in before:
        raise UnfitError(f"the number {given} is taken")
    return given


def numbers() -> PluginGroup[int]:
    return PluginGroup(
        "claim_extractor.numbers", _number, lambda name: "it is ours" if name == "ours" else None
    )


BROKEN = {
    "missing": ("nowhere:thing", "it cannot be imported (ModuleNotFoundError: No module named"),
    "absent": ("good:nothing", "(AttributeError: module 'good' has no attribute 'nothing')"),
    "empty": ("", "it cannot be imported ("),
    "odd": ("no module at all!", "it cannot be imported ("),
    "text": ("good:__name__", "it gives no number (str)"),
    "syntax": ("syntax:one", "(SyntaxError: "),
    "raises": ("raises:one", "it cannot be imported (ValueError in raises.py, line 2)"),
    "leaves": ("leaves:one", "it cannot be imported (SystemExit in leaves.py, line 1)"),
    "stops": ("stops:one", "it cannot be imported (GeneratorExit in stops.py, line 1)"),
    "deep": ("deep:one", "it cannot be imported (RecursionError in deep.py, line 2)"),
    "again": ("good:one", "the number 1 is taken"),
    "ours": ("good:two", "it is ours"),
}
MODULES = {
    "good.py": "one = 1\ntwo = 2",
    "syntax.py": "def",
    "raises.py": "key = 'sk-secret'\nraise ValueError(key)",
    "leaves.py": "raise SystemExit(3)",
    "stops.py": "raise GeneratorExit",
    "deep.py": "def f():\n    f()\nf()",
}


def test_every_kind_of_broken_plugin_is_named_once_and_left_out(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    entries = {"a-good": "good:one"} | {name: value for name, (value, _) in BROKEN.items()}
    site.install("some-package", {"numbers": entries}, MODULES, "2.5")
    group = numbers()
    with caplog.at_level(logging.WARNING):
        assert group.working() == (1,)
        assert group.working() == (1,)
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == len(BROKEN)
    for name, (_, why) in BROKEN.items():
        (sentence,) = (one for one in told if one.startswith(f"The plugin '{name}' ("))
        assert "(claim_extractor.numbers, of some-package 2.5) is left out: " in sentence
        assert why in sentence
        assert "sk-secret" not in sentence
    assert {one.plugin.name: one.why is None for one in group.outcomes()} == {
        name: name == "a-good" for name in entries
    }


def test_plugins_stand_by_name_whatever_the_order_of_their_packages(site: Site) -> None:
    site.install("zebra", {"numbers": {"b": "zebra:b", "same": "zebra:same"}}, {
        "zebra.py": "b = 2\nsame = 3"
    })  # fmt: skip
    site.install("ant", {"numbers": {"c": "ant:c", "same": "ant:same", "a": "ant:a"}}, {
        "ant.py": "a = 1\nc = 5\nsame = 4"
    })  # fmt: skip
    group = numbers()
    assert group.working() == (1, 2, 5, 4)
    assert [(one.plugin.name, one.why) for one in group.outcomes()] == [
        ("a", None),
        ("b", None),
        ("c", None),
        ("same", None),
        ("same", "its name is taken by ant 1.0"),
    ]


def test_names_are_known_without_an_import_and_one_alone_can_be_had(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    modules = {"good.py": "one = 1", "bad.py": "raise RuntimeError"}
    site.install("p", {"numbers": {"one": "good:one", "bad": "bad:x", "ours": "bad:y"}}, modules)
    group = numbers()
    assert set(group.names()) == {"one", "bad"}
    assert "The plugin 'ours'" in caplog.text
    assert "'bad'" not in caplog.text
    found = group.find("one")
    assert found is not None
    assert found.thing == 1
    assert group.find("ours") is None
    assert group.find("nothing") is None


def test_ctrl_c_in_an_import_is_no_fault_of_the_plugin(site: Site) -> None:
    site.install("p", {"numbers": {"slow": "slow:x"}}, {"slow.py": "raise KeyboardInterrupt"})
    group = numbers()
    with pytest.raises(KeyboardInterrupt):
        group.working()
    (site.folder / "slow.py").write_text("x = 7 # now it works", "utf-8")
    assert group.working() == (7,)


def test_a_plugin_may_ask_for_its_own_group_while_it_is_imported(site: Site) -> None:
    asking = "import test_plugins\nseen = test_plugins.ASKED.working()\nx = 8"
    site.install("p", {"numbers": {"a": "good:one", "b": "asks:x"}}, {
        "asks.py": asking, "good.py": "one = 1"
    })  # fmt: skip
    global ASKED  # noqa: PLW0603 - the plugin looks for it here
    ASKED = numbers()
    assert ASKED.working() == (1, 8)
    assert ASKED.working() == (1, 8)


ASKED = numbers()


def test_threads_import_a_plugin_once(site: Site) -> None:
    slow = "import time, test_plugins\ntest_plugins.IMPORTS.append(1)\ntime.sleep(0.05)\nx = 1"
    site.install("p", {"numbers": {"a": "counted:x"}}, {"counted.py": slow})
    IMPORTS.clear()
    group = numbers()
    found: list[tuple[int, ...]] = []
    threads = [threading.Thread(target=lambda: found.append(group.working())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [(1,)] * 8
    assert IMPORTS == [1]


IMPORTS: list[int] = []


def test_a_package_without_metadata_is_named_as_far_as_it_can_be(site: Site) -> None:
    site.install("p", {"numbers": {"a": "nowhere:x"}}, {})
    (site.folder / "p-1.0.dist-info" / "METADATA").unlink()
    site.look_again()
    group = numbers()
    assert group.working() == ()
    (outcome,) = group.outcomes()
    assert "of a distribution without a name ?) is left out" in outcome.sentence


def test_what_a_package_says_of_itself_cannot_steer_a_terminal(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    raising = "raise ImportError('\\x1b[2J' + 'x' * 9999)"
    site.install("p", {"numbers": {"a\x1b[2J": "bad:x"}}, {"bad.py": raising}, "1\x1b[3m")
    assert numbers().working() == ()
    (record,) = caplog.records
    assert record.getMessage().isprintable()
    assert len(record.getMessage()) < 400


def test_an_index_that_cannot_be_read_is_told_and_no_plugin_is_there(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    site.install("p", {"numbers": {"a": "good:one"}}, {"good.py": "one = 1"})
    (site.folder / "p-1.0.dist-info" / "entry_points.txt").write_bytes(b"[x]\n\xff = 1")
    site.look_again()
    assert numbers().working() == ()
    assert "Plugins are left out: what is installed cannot be listed" in caplog.text


def test_what_was_told_is_not_told_again(caplog: pytest.LogCaptureFixture) -> None:
    sentence = "A sentence of a test, told once."
    plugins.tell_once(sentence)
    plugins.tell_once(sentence)
    assert caplog.text.count(sentence) == 1
