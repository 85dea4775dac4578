"""Guides: a framework as a file, the bundled one and a user's own."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from coach.errors import DataFileError, UsageError
from coach.guide import Guide, check_guide, guides, load_guide
from coach.render.guide_view import guide_list, guide_view, step_view
from coach.tone import as_notes, load_rules, scan

HERE = Path(__file__).parent
FIXTURES = sorted((HERE / "fixtures" / "guides").glob("*.yaml"))
WRITING_GUIDES = HERE.parent / "docs" / "writing-guides.md"

ISP_ITEMS = {
    "purpose": "mission team_goals initiatives role_connection",
    "tasks": "core_responsibilities current_projects new_responsibilities most_critical "
    "deferrable learning_goal",
    "success": "outcomes_ongoing outcomes_projects quality measurable behaviours communication "
    "timeline",
    "autonomy": "categorised reasoning increase documented",
    "development": "strengths misses growth goals resources",
    "support": "employee_needs leadership_feedback manager_needs",
}
SMALL = """\
id: small
title: A small one
source: ours
steps:
  - id: first
    title: First
    items:
      - id: thing
        text: A thing.
        question: Which thing?
        cues: [That Thing]
"""


@pytest.fixture
def isp() -> Guide:
    return load_guide("isp")


@pytest.fixture
def own(home: Path) -> Path:
    """The folder of the user's own guides."""
    (home / "guides").mkdir()
    return home / "guides"


def faults(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    with pytest.raises(DataFileError) as caught:
        check_guide(str(path))
    return [line.removeprefix(f"{path}:") for line in caught.value.message.split("\n")]


def shown(view: object, width: int = 80) -> str:
    out = StringIO()
    Console(file=out, width=width, force_terminal=False).print(view)
    return out.getvalue()


def test_isp_has_the_six_steps_and_their_items(isp: Guide) -> None:
    held = {step.id: [item.id for item in step.items] for step in isp.steps}
    wanted = {
        step: [f"{step}.{item}" for item in items.split()] for step, items in ISP_ITEMS.items()
    }
    assert held == wanted
    assert list(held) == list(wanted)


def test_isp_says_what_each_step_leaves_in_the_plan(isp: Guide) -> None:
    assert [(step.heading, step.produces) for step in isp.steps] == [
        ("Why this work matters", "statements"),
        ("Responsibilities and priorities", "responsibilities"),
        ("What success looks like", "success"),
        ("Who decides what", "autonomy"),
        ("Development", "development"),
        ("What we need from each other", "needs"),
    ]
    assert all(step.objective and step.result for step in isp.steps)


def test_isp_names_its_source_and_whose_the_range_labels_are(isp: Guide) -> None:
    assert "Nash Consulting" in isp.source
    assert {label.label: label.origin for label in isp.ranges} == {
        "Do": "ours",
        "Do, then tell": "source",
        "Consult, then do": "source",
        "Ask first": "ours",
    }
    assert isp.range_label("not_discussed") == "not discussed"


def test_every_isp_item_has_one_open_question_cues_and_examples(isp: Guide) -> None:
    closed = re.compile(r"^(do|does|did|is|are|can|could|will|have|has|shall) ", re.IGNORECASE)
    for item in (item for step in isp.steps for item in step.items):
        assert item.question.count("?") == 1, item.id
        assert item.question.endswith("?"), item.id
        assert not closed.match(item.question), item.id
        assert item.cues, item.id
        assert 3 <= len(item.examples) <= 6, item.id


def test_nothing_a_bundled_guide_says_reads_as_punitive() -> None:
    for known in guides():
        guide = load_guide(known.name)
        said = [guide.about, guide.cadence, *guide.principles]
        for step in guide.steps:
            said += [step.title, step.objective, step.result]
            said += [text for item in step.items for text in (item.text, item.question)]
            said += [example for item in step.items for example in item.examples]
        found = scan(as_notes("\n".join(said)), load_rules())
        assert [(finding.rule, finding.quote) for finding in found] == []


def test_every_bundled_guide_is_valid_and_called_as_its_file() -> None:
    known = guides()
    assert "isp" in [guide.name for guide in known]
    for guide in known:
        assert guide.fault is None
        assert load_guide(guide.name).id == guide.name


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_a_users_guide_loads_by_path(path: Path) -> None:
    guide = load_guide(str(path))
    assert guide.id == path.stem
    assert all(item.id.startswith(f"{step.id}.") for step in guide.steps for item in step.items)


def test_a_small_guide_has_sane_defaults(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SMALL)
    guide = load_guide(str(tmp_path / "small.yaml"))
    assert guide.plan_title == "A small one"
    assert guide.step("first").heading == "First"
    assert guide.step("first").produces == "statements"
    assert guide.step("first").item("first.thing").cues == ("that thing",)
    assert [label.id for label in guide.ranges] == [
        "do",
        "do_then_tell",
        "consult_then_do",
        "ask_first",
    ]


def test_a_guide_can_rename_one_range_and_keep_the_others(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL + "ranges:\n  - {id: ask_first, label: Wait for me}\n")
    guide = load_guide(str(path))
    assert guide.range_label("ask_first") == "Wait for me"
    assert guide.range_label("do") == "Do"
    assert len(guide.ranges) == 4


def test_a_loaded_guide_survives_its_own_json(isp: Guide) -> None:
    assert Guide.model_validate_json(isp.model_dump_json()) == isp


def test_the_users_own_guide_is_listed_and_stands_for_a_bundled_one(own: Path) -> None:
    (own / "isp.yaml").write_text(SMALL.replace("id: small", "id: isp"))
    (own / "broken.yml").write_text("id: broken\n")
    known = {guide.name: guide for guide in guides()}
    assert known["isp"].title == "A small one"
    assert known["isp"].where == str(own / "isp.yaml")
    assert "is missing" in str(known["broken"].fault)
    assert load_guide("isp").title == "A small one"


def test_an_unknown_guide_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="no 'ips' among the guides"):
        load_guide("ips")


def test_every_fault_of_a_guide_is_told_at_its_place(tmp_path: Path) -> None:
    text = """\
id: My Guide
title: Mine
steps:
  - id: one
    titel: One
    items:
      - id: a
        text: A.
        question: Where is $boss?
      - id: a
        text: B.
        question: Why?
  - id: one
    title: Two
    produces: statement
    items: []
  - id: three
    title: Three
    items:
      - id: one.b
        text: C.
        question: Who?
ranges:
  - {id: do, label: Go}
  - {id: do, label: Run}
"""
    told = faults(tmp_path, text)
    assert [line.partition(" (known")[0] for line in told] == [
        "1:1: source: is missing",
        "1:5: id: must be lower-case letters, digits and _, a letter first: 'my_step'",
        "4:5: steps.one.title: is missing",
        "5:5: steps.one.titel: unknown key, did you mean 'title'?",
        "9:19: steps.one.items.a.question: $boss is not known here; only $employee is",
        "10:13: steps.one.items.a.id: 'a' is used above already; every id must differ",
        "13:9: steps.one.id: 'one' is used above already; every id must differ",
        "15:15: steps.one.produces: must be 'statements', 'responsibilities', 'success', "
        "'autonomy', 'development' or 'needs', not 'statement'",
        "16:12: steps.one.items: needs at least 1",
        "20:13: steps.three.items.one.b.id: 'one.b' names another step; "
        "write the part after the dot",
        "25:10: ranges.do.id: 'do' is used above already; every id must differ",
    ]


def test_ids_that_clash_are_refused_in_code_too(isp: Guide) -> None:
    data = isp.model_dump()
    data["steps"] = (*data["steps"], data["steps"][0])
    with pytest.raises(ValueError, match="'purpose' is used above already"):
        Guide.model_validate(data)


def test_the_guide_in_the_documentation_is_valid_and_short(tmp_path: Path) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", WRITING_GUIDES.read_text("utf-8"), re.DOTALL)
    whole, ranges = blocks
    assert len(whole.splitlines()) <= 35
    path = tmp_path / "first-weeks.yaml"
    path.write_text(whole + ranges)
    guide = load_guide(str(path))
    assert [step.produces for step in guide.steps] == ["statements", "development", "autonomy"]
    assert guide.range_label("consult_then_do") == "Talk, then go"


def test_the_documentation_names_every_key_and_every_product() -> None:
    text = WRITING_GUIDES.read_text("utf-8")
    keys = {*Guide.model_fields, *Guide.model_fields["steps"].annotation.__args__[0].model_fields}
    for key in keys - {"steps", "items"}:
        assert f"`{key}`" in text, key
    for product in "statements responsibilities success autonomy development needs".split():
        assert f"| `{product}` |" in text, product


def test_the_page_of_a_guide_shows_all_of_it_at_80_columns(isp: Guide) -> None:
    page = shown(guide_view(isp))
    flat = " ".join(page.split())
    assert max(map(len, page.splitlines())) <= 80
    assert not set("│┃━─╭╮") & set(page)
    for step in isp.steps:
        assert f"{step.title} ({step.id})" in flat
        assert step.objective in flat
        for item in step.items:
            assert item.id.partition(".")[2] in page
    for label in isp.ranges:
        assert label.label in page
    assert "Nash Consulting" in page
    assert "Which habit of mine gets in your way?" in flat


def test_one_step_is_shown_with_questions_examples_and_ranges(isp: Guide) -> None:
    flat = " ".join(shown(step_view(isp, "autonomy")).split())
    for item in isp.step("autonomy").items:
        assert item.question in flat
        assert item.examples[0] in flat
    assert "Consult, then do" in flat
    assert "Ask first" not in shown(step_view(isp, "purpose"))


def test_the_list_names_what_to_type_and_what_is_wrong(own: Path) -> None:
    (own / "broken.yaml").write_text("id: broken\n")
    page = " ".join(shown(guide_list(guides()), width=200).split())
    assert "isp Individual Success Plan" in page
    assert "broken not valid" in page
    assert "title: is missing" in page or "source: is missing" in page


def test_a_guides_text_is_never_markup_nor_control(tmp_path: Path) -> None:
    path = tmp_path / "loud.yaml"
    loud = SMALL.replace("title: First", 'title: "[red]First[/] \\e[31m [bold"')
    path.write_text(loud)
    page = shown(guide_view(load_guide(str(path))))
    assert "[red]First[/] \\x1b[31m [bold" in page
