"""The words of the house: what is fine, what is not wanted, and rules that are off."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from coach import tone, workflow
from coach.checks.house import House
from coach.checks.report import CheckedFile, ToneReport
from coach.checks.vocabulary import HOUSE, Vocabulary
from coach.document import Document, read_bytes
from coach.errors import DataFileError, UsageError
from coach.finding import Finding
from coach.settings import Settings

FORMAL = (
    "Your accuracy is below the required standard. You have thirty days, until 14 June. "
    "Failure to improve may result in disciplinary action."
)


def found(document: Document) -> tuple[Finding, ...]:
    return tone.scan(document, tone.load_rules())


def judged(text: str, *, off: tuple[str, ...] = (), **words: Any) -> CheckedFile:
    document = read_bytes(text.encode(), "notes.md")
    return House(off=off, vocabulary=Vocabulary(**words)).judge("notes.md", document, check=found)


def rules(file: CheckedFile) -> list[str]:
    return [finding.rule for finding in file.findings]


def aside(file: CheckedFile) -> list[tuple[str, str]]:
    return [(one.finding.rule, one.by) for one in file.suppressed]


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("If that happens again you're out.", "you’re  out"),
        ("You're simply not a detail person.", "Detail Person"),
        ("You're simply not a detail person.", "not a detail person"),
        ("Consider this a formal note for your file.", "formal note"),
    ],
)
def test_a_finding_that_only_fine_words_brought_about_is_none(text: str, fine: str) -> None:
    assert rules(judged(text))
    assert rules(judged(text, fine=(fine,))) == []


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("If that happens again you're out. See you.", "see you"),
        ("If that happens again you're out.", "happen"),
        ("The detail person is late. If that happens again you're out.", "detail person"),
        ("If that happens again you're out.", "or else"),
    ],
)
def test_fine_words_beside_a_threat_do_not_hide_it(text: str, fine: str) -> None:
    first = judged(text).findings
    assert [one.rule for one in first] == ["tone.threat"]
    kept = judged(text, fine=(fine,)).findings
    assert [(one.rule, one.quote) for one in kept] == [(one.rule, one.quote) for one in first]


def test_the_model_is_asked_once_more_only_where_a_fine_word_is_touched() -> None:
    asked: list[str] = []

    def model(document: Document) -> Iterable[Finding]:
        asked.append(document.text)
        return found(document)

    text = "If that happens again you're out.\nThe kill list is done."
    document = read_bytes(text.encode(), "a.txt")
    for fine, times in (("kill list", 1), ("you're out", 2)):
        asked.clear()
        Vocabulary(fine=(fine,)).spared(document, model(document), again=model)
        assert len(asked) == times


def test_words_to_avoid_are_found_where_the_manager_writes_them() -> None:
    text = (
        "# Circle back\n\nLet's Circle  back on this, circle back.\n> circle back\n\n"
        "`circle back` and [circle backs](circle-back) and don’t circle\n\n    circle back\n\n"
        "<!-- circle back -->\n<!--\ncircle back\n-->\n\n[c]: https://x.y/ 'circle back'\n"
        '![plan](circle-back.png "circle back") <a title="circle back">here</a>\n'
    )
    file = judged(text, avoid={"circle back": "name the day", "don't circle": "say stop"})
    assert [(one.rule, one.line, one.quote, one.severity) for one in file.findings] == [
        (HOUSE, 3, "Circle  back", "medium"),
        (HOUSE, 3, "circle back", "medium"),
        (HOUSE, 6, "don’t circle", "medium"),
    ]
    assert file.findings[0].message.endswith("name the day")
    assert file.findings[2].message.endswith("say stop")


def test_the_longest_of_the_words_to_avoid_speaks() -> None:
    (one,) = judged("We circle back now.", avoid={"circle": "a", "circle back": "b"}).findings
    assert (one.quote, one.message[-1]) == ("circle back", "b")


def test_words_of_the_house_are_no_patterns_and_odd_letters_do_no_harm() -> None:
    file = judged("ask (c++) K ſo İt $5.00?", avoid={"(c++)": "a", "k": "b", "so": "c", "it": "d"})
    assert {one.message[-1] for one in file.findings} >= {"b", "c"}
    assert judged("a.b", fine=(".*", "a|b"), avoid={"a*b": "x"}).findings == ()


def test_fine_words_and_an_ignore_go_together() -> None:
    text = "# Talk\n\nThe kill list. [coach: ignore label: x]\nIf it happens again you're out.\n"
    file = judged(text, fine=("you're out", "kill list"), off=("tone.ignore",))
    assert file.findings == ()
    assert aside(file) == [("tone.ignore", "off"), ("tone.threat", "fine")]


def test_rules_that_are_off_find_nothing_by_id_or_category() -> None:
    text = "You're simply not a detail person. We circle back. [coach: ignore threat: x]"
    avoid = {"circle back": "name the day"}
    assert set(rules(judged(text, avoid=avoid))) == {"tone.label", HOUSE, "tone.ignore"}
    for off in (("label", "house", "ignore"), ("tone.label", HOUSE, "tone.ignore")):
        file = judged(text, avoid=avoid, off=off)
        assert rules(file) == []
        assert aside(file) == [("tone.label", "off"), (HOUSE, "off"), ("tone.ignore", "off")]


def test_what_settings_silence_is_still_counted_as_set_aside() -> None:
    text = "You're simply not a detail person.\n\nIf that happens again you're out.\n"
    file = judged(text, off=("label",), fine=("you're out",))
    assert (rules(file), aside(file)) == ([], [("tone.label", "off"), ("tone.threat", "fine")])
    assert ToneReport.of([file]).summary.suppressed == 2


def test_a_fine_word_in_one_of_two_phrases_of_a_line_spares_that_one() -> None:
    text = "You're a hothead, it's just how you're made."
    document = read_bytes(text.encode(), "notes.md")
    house = House(vocabulary=Vocabulary(fine=("hothead",)))
    file = house.judge("notes.md", document, check=lambda one: workflow.check(one, None))
    assert [one.quote for one in file.findings] == ["it's just how you're made"]
    assert [one.finding.quote for one in file.suppressed] == ["You're a hothead"]


def test_a_name_that_no_rule_has_is_told_with_the_one_it_may_mean() -> None:
    names = ("tone.threat", "label", "tone.house", "ignore", "vague_ask", "pip")
    assert House(off=names).faults() == ()
    first, second = House(off=("tone.thret", "threat", "lable")).faults()
    assert "'tone.thret'" in first and "did you mean 'tone.threat'?" in first
    assert "'lable'" in second and "did you mean 'label'?" in second


@pytest.mark.parametrize("name", ["formal", "tone.formal"])
def test_formal_discipline_that_is_switched_off_is_told_to_stay(name: str) -> None:
    (fault,) = House(off=(name,)).faults()
    assert "formal discipline is always named" in fault
    assert judged(FORMAL, off=(name,)).formal


def test_formal_discipline_can_be_neither_off_nor_fine() -> None:
    fine = ("disciplinary action", "thirty days", "below the required standard")
    file = judged(FORMAL, off=("pip", "tone.formal"), fine=fine)
    assert file.formal
    assert any(rule.startswith("tone.formal") for rule in rules(file))


# -- the table [tone] ------------------------------------------------------------------------------


def load(folder: Path, text: str, name: str = "coach.toml", **flags: Any) -> Settings:
    (folder / name).write_text(text, encoding="utf-8")
    return Settings.load(flags, env={}, cwd=folder)


TABLE = """fail_on = "high"
off = ["tone.label", "dismissal"]
ignore = ["archive/"]
fine = ["kill list"]
baseline = "kept/baseline.json"
avoid = { "circle back" = "name the day" }
"""


@pytest.mark.parametrize(
    ("name", "header"), [("coach.toml", "[tone]"), ("pyproject.toml", "[tool.coach.tone]")]
)
def test_a_project_says_how_coach_tone_works_there(tmp_path: Path, name: str, header: str) -> None:
    settings = load(tmp_path, f"{header}\n{TABLE}", name)
    assert settings.tone.model_dump(exclude={"baseline"}) == {
        "fail_on": "high",
        "off": ("tone.label", "dismissal"),
        "ignore": ("archive/",),
        "fine": ("kill list",),
        "avoid": {"circle back": "name the day"},
    }
    assert settings.tone.baseline == tmp_path / "kept" / "baseline.json"
    assert settings.origin("tone.fail_on") == f"{tmp_path / name}:2"
    assert settings.file("tone.ignore") == tmp_path / name
    assert settings.tone_files() == (tmp_path / name,)
    house = settings.house(baseline=False)
    assert (house.off, house.vocabulary.fine) == (settings.tone.off, settings.tone.fine)
    with pytest.raises(DataFileError, match="no such baseline"):
        settings.house()


def test_each_key_of_the_table_is_taken_from_the_first_that_says_it(
    tmp_path: Path, home: Path
) -> None:
    (home / "coach.toml").write_text("[tone]\nfail_on = 'low'\nfine = ['mine']\n")
    text = "[tone]\nfine = ['ours']\noff = ['label']\n"
    settings = load(tmp_path, text, **{"tone.baseline": "b.json"})
    assert (settings.tone.fail_on, settings.tone.fine) == ("low", ("ours",))
    assert settings.origin("tone.fail_on") == f"{home / 'coach.toml'}:2"
    assert settings.origin("tone.fine") == f"{tmp_path / 'coach.toml'}:2"
    assert settings.origin("tone.baseline") == "--baseline"
    assert settings.tone.baseline == Path("b.json")
    assert set(settings.tone_files()) == {home / "coach.toml", tmp_path / "coach.toml"}
    settings = load(tmp_path, text, **{"tone.fail_on": "never"})
    assert (settings.tone.fail_on, settings.origin("tone.fail_on")) == ("never", "--fail-on")


def test_without_a_table_nothing_is_agreed_on(tmp_path: Path) -> None:
    settings = load(tmp_path, "deadline = 5\n")
    assert (settings.tone_files(), settings.file("tone.off")) == ((), None)
    assert settings.house() == House()


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("[tone]\nfail-on = 'high'\n", "2:1", "did you mean 'fail_on'?"),
        ("[tone]\nfail_on = 'hihg'\n", "2:1", "tone.fail_on: must be 'high'"),
        ("[tone]\noff = 'label'\n", "2:1", "tone.off: must be"),
        ("[tone]\noff = ['not a rule']\n", "2:1", "must be a rule or a category"),
        ("[tone]\nfine = ['...']\n", "2:1", "must hold a word"),
        ("[tone.avoid]\n'...' = 'x'\n", "2:1", "must hold a word"),
        ("[tone.avoid]\n'circle back' = ''\n", "2:1", "must say why"),
        ("[tone.avoid]\n'circle back' = '  '\n", "2:1", "must say why"),
        ("tone = 3\n", "1:1", "tone: must be"),
    ],
)
def test_a_fault_in_the_table_is_told_at_its_place(
    tmp_path: Path, text: str, place: str, what: str
) -> None:
    with pytest.raises(DataFileError) as caught:
        load(tmp_path, text)
    assert f"{tmp_path / 'coach.toml'}:{place}" in caught.value.message
    assert what in caught.value.message


def test_a_wrong_option_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--fail-on: must be 'high'"):
        Settings.load({"tone.fail_on": "hihg"}, env={}, cwd=tmp_path)
