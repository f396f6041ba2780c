"""Rules of plugins judge beside ours: they refuse or flag, and what they cannot judge falls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plugin_packages import PAGE, Site, family
from test_gate_laws import NEWS, likely

from extractor import Document, verify
from extractor.batch.run_plugins import judging_plugins
from extractor.claims import Finding, Severity, Verdict
from extractor.errors import InputError
from extractor.extraction import AskingPolicy, extract_with
from extractor.model import ScriptedModel
from extractor.validator import all_rules
from extractor.validator.registry import RESERVED, registered
from extractor.validator.rule_plugins import RULE_PLUGINS

TEXT = "The ministry said 61 sailors died. Later 61 sailors died, and 40 boats sank."
GOOD = {"quote": "61 sailors died", "value": "61"}
WRONG = {"quote": "61 sailors died", "value": "16"}
PLACES = {"quote": "61 sailors died", "value": "61", "position": TEXT.rindex("61")}


def judged(*candidates: dict[str, Any], text: str = TEXT, **options: Any) -> list[Verdict]:
    return verify(Document(text=text), candidates, **options)


def add(site: Site, module: str, name: str = "acme") -> None:
    site.install(name, {"rules": {name: f"{name}_rules:family"}}, {f"{name}_rules.py": module})


def test_a_rule_of_a_plugin_refuses_and_is_listed_after_ours(site: Site) -> None:
    before = all_rules()
    add(site, family("X101", "yield case.finding(CODE, 'value', 'no', case.quantity.span)"))
    assert [rule.code for rule in all_rules()] == [*(rule.code for rule in before), "X101"]
    assert all_rules()[-1].plugin == "acme 1.0"
    assert all(rule.plugin is None for rule in registered())
    (verdict,) = judged(GOOD)
    assert not verdict.accepted
    assert [finding.code for finding in verdict.findings] == ["X101"]
    assert "rejected: X101 no\n" in verdict.explain()
    assert judged(GOOD, rules=["H"])[0].accepted
    assert not judged(GOOD, rules=["X"])[0].accepted
    assert not judged(GOOD, rules=["X101"])[0].accepted
    with pytest.raises(InputError, match="no rule X102"):
        judged(GOOD, rules=["X102"])


def test_a_rule_of_a_plugin_flags_and_rejects_when_strict(site: Site) -> None:
    add(site, family("X101", "yield case.flag(CODE, 'value', 'odd')", "WARNING"))
    (verdict,) = judged(GOOD)
    assert verdict.claim is not None
    assert [finding.code for finding in verdict.claim.warnings] == ["X101"]
    assert not judged(GOOD, strict=True)[0].accepted


MISTAKES = {
    "raises": ("raise ValueError('sk-secret')", "(ValueError)"),
    "leaves": ("raise SystemExit(0)", "(SystemExit)"),
    "closes": ("raise GeneratorExit\n    yield", "(GeneratorExit)"),
    "late": ("yield from ()\n    raise LookupError", "(LookupError)"),
    "deep": ("return judged(case)", "(RecursionError)"),
    "none": ("return None", "(TypeError)"),
    "true": ("return True", "(TypeError)"),
    "text": ("return 'bad'", "(it yields no Finding but str)"),
    "other code": (
        "yield case.finding('N201', 'value', 'not mine')",
        "(it yields a finding of another code or severity than its own)",
    ),
    "flag for an error": (
        "yield case.flag(CODE, 'value', 'soft')",
        "(it yields a finding of another code or severity than its own)",
    ),
    "no message": (
        "yield Finding(CODE, Severity.ERROR, 'value', None)",
        "(it yields a finding without a field or a message)",
    ),
    "far away": (
        "yield Finding(CODE, Severity.ERROR, 'value', 'x', Span(5, 5000))",
        "(it points outside the document)",
    ),
    "no span": (
        "yield Finding(CODE, Severity.ERROR, 'value', 'x', (1, 2))",
        "(it points outside the document)",
    ),
    "for ever": (
        "while True: yield case.finding(CODE, 'value', 'x')",
        "(it yields more than 100 findings)",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_what_a_rule_cannot_judge_is_refused_by_its_name(
    site: Site, caplog: pytest.LogCaptureFixture, mistake: str
) -> None:
    body, why = MISTAKES[mistake]
    add(site, family("X101", body))
    for verdict in judged(GOOD, GOOD):
        assert not verdict.accepted
        (finding,) = (finding for finding in verdict.findings if finding.code == "X101")
        assert finding.rejects
        message = f"the rule X101 of the plugin acme 1.0 could not judge this claim {why}"
        assert finding.message == message
    assert len(caplog.records) == 1
    assert "The rule X101 of the plugin acme 1.0 could not judge a claim (" in caplog.text
    assert "what it cannot judge is refused" in caplog.text
    assert "sk-secret" not in caplog.text


def test_ctrl_c_in_a_rule_is_passed_on(site: Site) -> None:
    add(site, family("X101", "raise KeyboardInterrupt"))
    with pytest.raises(KeyboardInterrupt):
        judged(GOOD)


def test_nothing_that_a_rule_says_steers_a_terminal(site: Site) -> None:
    said = "Finding(CODE, Severity.ERROR, 'va\\x1blue', 'a\\x1b[2J' * 999, Span(0, 3), '\\x1b[2J')"
    add(site, family("X101", f"yield {said}"))
    (verdict,) = judged(GOOD)
    assert "\x1b" not in verdict.explain() + verdict.reask() + verdict.findings[0].field
    assert len(verdict.findings[0].message) <= 1000


def test_a_rule_is_not_asked_where_no_number_was_found(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    add(site, family("X101", "yield case.finding(CODE, 'value', case.quantity.text)"))
    verdicts = judged({"quote": "nowhere", "value": "1"}, {"quote": "The ministry", "value": "1"})
    assert [[f.code for f in verdict.findings][:1] for verdict in verdicts] == [["Q101"], ["Q103"]]
    assert not any(f.code == "X101" for verdict in verdicts for f in verdict.findings)
    assert not caplog.records


UNFIT = {
    "N202": "its code N202 begins with a letter of this package's own",
    "F900": "its code F900 begins with a letter of this package's own",
    "X1": "'X1' is no code: a letter and three digits are wanted",
    "x101": "'x101' is no code",
    "XY101": "'XY101' is no code",
    "X１０１": "is no code",  # digits of another script
}


@pytest.mark.parametrize("code", UNFIT)
def test_a_code_that_is_ours_or_none_breaks_the_plugin(
    site: Site, caplog: pytest.LogCaptureFixture, code: str
) -> None:
    add(site, family(code))
    assert all_rules() == registered()
    assert UNFIT[code] in caplog.text
    assert judged(GOOD)[0].accepted


def test_every_letter_of_ours_is_reserved_and_the_page_names_it() -> None:
    assert {rule.code[0] for rule in registered()} | {"F", "S"} == RESERVED
    *letters, last = sorted(RESERVED)
    said = f"The letters {', '.join(letters)} and {last} are the project's own."
    assert said in " ".join(PAGE.read_text("utf-8").split())


@pytest.mark.parametrize(
    ("module", "why"),
    [
        ("family = 7", "it gives no RuleFamily (int)"),
        ("from extractor.validator import RuleFamily as family", "it gives no RuleFamily (type)"),
        (
            "from extractor.validator import RuleFamily\nfamily = RuleFamily()",
            "there is no rule in its RuleFamily",
        ),
        (
            family("X101").replace("Accepted:", "Taken:"),
            "it cannot be imported (ValueError in registry.py",
        ),
        (family("X101") + "\nfamily.rule(CODE)(judged)", "(ValueError in registry.py"),
        (
            family("X101", "yield", "WARNING").replace("Severity.WARNING", "'warning'"),
            "the severity of X101 is no Severity",
        ),
        (
            family("X101") + "\nfamily.rule(101)(judged)",
            "it is not what its group wants (TypeError in registry.py",
        ),
    ],
)
def test_what_is_no_family_of_rules_is_left_out(
    site: Site, caplog: pytest.LogCaptureFixture, module: str, why: str
) -> None:
    add(site, module)
    assert all_rules() == registered()
    assert why in caplog.text


def test_of_two_plugins_with_a_code_the_first_by_name_keeps_it(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    add(site, family("X101", "return iter(())"), "zoe")
    add(site, family("X101") + "\n", "amy")
    assert [rule.plugin for rule in all_rules() if rule.code == "X101"] == ["amy 1.0"]
    assert "The plugin 'zoe'" in caplog.text
    assert "its code X101 is taken by amy 1.0" in caplog.text


COMPARING = '''
from extractor.claims import Severity
from extractor.validator import RuleFamily
from extractor.validator.case import found

family = RuleFamily()

@family.comparing_rule("X201", Severity.ERROR)
def judged(source, accepted):
    """A rule of a test.

    Text: 61 sailors died.
    Rejected: {{"quote": "61 sailors died", "value": "61"}}
    Accepted: {{"quote": "61 sailors died", "value": "61"}}
    """
    {body}
'''
SECOND = "yield 1, found(source, Severity.ERROR, 'X201', 'quote', 'not the second', None)"
BOATS = {"quote": "40 boats sank", "value": "40"}


def test_a_comparing_rule_may_refuse_what_was_accepted(site: Site) -> None:
    add(site, COMPARING.format(body=SECOND))
    verdicts = judged(GOOD, WRONG, BOATS)
    assert [verdict.accepted for verdict in verdicts] == [True, False, False]
    assert [finding.code for finding in verdicts[2].findings] == ["X201"]


@pytest.mark.parametrize(
    "body",
    [
        "raise ValueError",
        "return None",
        "yield 'no pair'",
        f"{SECOND}\n    yield 7, None",
        f"{SECOND}\n    raise ValueError",
        SECOND.replace("yield 1", "yield 2"),
        SECOND.replace("yield 1", "yield True"),
        SECOND.replace("ERROR", "WARNING"),
        "accepted.clear()",
    ],
)
def test_where_a_comparing_rule_breaks_no_claim_of_the_document_stands(
    site: Site, body: str
) -> None:
    add(site, COMPARING.format(body=body))
    for verdict in judged(GOOD, BOATS):
        assert not verdict.accepted
        (finding,) = (finding for finding in verdict.findings if finding.code == "X201")
        assert (
            "the rule X201 of the plugin acme 1.0 could not judge this claim (" in finding.message
        )


def _free(*claims: dict[str, Any]) -> ScriptedModel:
    return ScriptedModel([{"claims": claims}], narrows_schema=False)


@pytest.mark.parametrize(
    "module",
    [
        family("X101", "if case.quantity.text == '40': yield case.finding(CODE, 'value', 'no')"),
        family("X101", "assert case.quantity.text != '40'\n    yield from ()"),
        COMPARING.format(body=SECOND),
    ],
)
def test_in_extraction_what_a_plugin_refuses_is_accounted_for(site: Site, module: str) -> None:
    add(site, module)
    document = Document(text="The ministry said 61 sailors died. Then 40 boats sank.")
    policy = AskingPolicy("free", "document", reasks=0)
    result = extract_with(_free(GOOD, BOATS), document, policy=policy)
    assert [claim.quantity.text for claim in result.accepted] == ["61"]
    assert len(result.candidates) == 1
    (refused,) = result.rejected
    assert refused.quantity is not None
    assert refused.quantity.text == "40"
    assert {finding.code for finding in refused.findings} <= {"X101", "X201"}
    assert not result.unclaimed


def test_a_plugin_chooses_only_among_places_that_are_equal_by_our_rules(site: Site) -> None:
    first = "for why in '1234': yield case.finding(CODE, 'value', why)"
    first = f"if case.quantity.span.start < 30:\n        {first}"
    add(site, family("X101", first))
    (verdict,) = judged(GOOD)
    assert verdict.claim is not None
    assert verdict.claim.quantity.span.start == PLACES["position"]
    # the second place is no place of this claim by our rules, so it stays with the first
    said = GOOD | {"claimant": "The ministry"}
    (verdict,) = judged(said, text=TEXT.replace("Later", "Aldor said"))
    assert not verdict.accepted
    assert [finding.code for finding in verdict.findings] == ["X101"] * 4


def ours(verdict: Verdict) -> list[str]:
    return [finding.code for finding in verdict.findings if finding.code[0] in RESERVED]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_plugin_changes_what_our_rules_say(site: Site, data: st.DataObject) -> None:
    text = data.draw(NEWS)
    candidates = data.draw(st.lists(likely(text), min_size=1, max_size=3))
    if not RULE_PLUGINS.outcomes():
        odd = "yield from [case.finding(CODE, 'value', 'no')] * (case.quantity.span.start % 5)\n"
        odd += "    if case.quantity.span.start % 3 == 1: raise ValueError"
        add(site, family("X101", odd))
    document = Document(text=text)
    codes = [rule.code for rule in registered()]
    without: Sequence[Verdict] = verify(document, candidates, rules=codes)
    having = verify(document, candidates)
    for plain, held in zip(without, having, strict=True):
        assert plain.accepted or not held.accepted
        errors = [f.code for f in plain.findings if f.rejects and f.code[0] != "D"]
        kept = [f.code for f in held.findings if f.rejects and f.code[0] in RESERVED]
        assert len(errors) == len(kept)
        assert len([c for c in ours(plain) if c[0] != "D"]) == len(
            [c for c in ours(held) if c[0] != "D"]
        )


def test_a_run_knows_what_judged_it(site: Site) -> None:
    model = ScriptedModel([])
    assert judging_plugins(model) == ()
    add(site, family("X101"))
    add(site, family("B007"), "zoe")
    add(site, "family = 1", "broken")
    assert judging_plugins(model) == ("acme 1.0: X101", "zoe 1.0: B007")


def test_findings_of_plugins_come_last(site: Site) -> None:
    add(site, family("B101"))
    (verdict,) = judged(WRONG)
    assert [finding.code for finding in verdict.findings][-1] == "B101"
    assert len(verdict.findings) > 1
    assert isinstance(verdict.findings[-1], Finding)
    assert verdict.findings[-1].severity is Severity.ERROR
