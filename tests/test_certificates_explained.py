"""A certificate is told in words: which fact is used for which terms."""

from __future__ import annotations

from test_certificates import FOUND, NUMBERS, SORTED

from spi_verify.checker.terms import read
from spi_verify.obligations.certificates.explaining import GOAL, Use, explained
from spi_verify.obligations.certificates.finding import certificate
from spi_verify.obligations.certificates.kept import Kept
from spi_verify.obligations.running import run
from spi_verify.papers.certificates import kept_for
from spi_verify.papers.loading import load_shipped
from spi_verify.reports.told import tell


def told(text: str, *facts: str) -> list[Use]:
    commands = read(text)
    return explained(facts, commands, certificate(commands))


def test_a_fact_is_told_with_what_it_is_used_for():
    text = f"{SORTED}(assert (forall ((s S)) (p s)))(assert (not (p a)))"
    assert told(text, "everybody") == [Use("everybody", "s = a")]


def test_what_there_is_has_a_name_of_its_variable_wherever_it_occurs():
    uses = told(SORTED + NUMBERS + FOUND["nested quantifiers"], "everybody-knows-one")
    assert {use.fact for use in uses} == {"everybody-knows-one", GOAL}
    said = [use.text for use in uses]
    assert any("gives some s, called s*" in text for text in said)
    assert any("gives some t, called t*" in text for text in said)
    assert "s = s*" in said
    assert "t = t*" in said


def test_what_numbers_and_equations_contribute_is_told():
    use, *others = told(SORTED + NUMBERS + FOUND["a product"], "one", "other")
    assert others == [Use("one", "as it stands"), Use("other", "as it stands")]
    assert use.fact == ""
    assert "arithmetic contradicts: " in use.text
    assert "x > 0" in use.text


def test_facts_without_quantifiers_are_told_as_they_stand():
    text = f"{SORTED}(assert (= a b))(assert (forall ((s S)) (p s)))(assert (not (p a)))"
    uses = told(text, "same", "everybody")
    assert Use("same", "as it stands") in uses
    assert [use.text for use in uses if use.fact == "everybody"] in (["s = a"], ["s = b"])


def test_abbreviations_and_hidden_variables_keep_their_own_facts():
    text = f"""{SORTED}
    (assert (let ((z (forall ((s S)) (p s))) (w (exists ((t S)) (p t)))) (=> w z)))
    (assert (exists ((a S)) (p a)))
    (assert (not (p b)))"""
    uses = told(text, "one-is-all", "one")
    assert Use("one-is-all", "s = b") in uses


def test_a_page_says_what_is_used_for_what():
    (statement,) = [one for one in load_shipped() if one.id == "expected-utility"]
    (outcome,) = run([statement], certificates=kept_for([statement]))
    page = "".join(tell("a heading", outcome.result, outcome))
    assert page.count("What is used for what") == 4
    assert "<code>expectation</code>: i = i*" in page
    (outcome,) = run([statement], certificates=Kept([]))
    assert "What is used for what" not in "".join(tell("a heading", outcome.result, outcome))
