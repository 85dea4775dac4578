"""Schemas that travel, and the same in words."""

from __future__ import annotations

from enum import Enum
from typing import Any, Literal

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel, ConfigDict, Field, RootModel, ValidationError

from coach.engines.llm.answers import RewordAnswer, draft_answer, map_answer
from coach.engines.llm.schema import faults_of, field_guide, named_schema, portable
from coach.guide import load_guide
from coach.resources import named

KEYS = {"type", "properties", "required", "additionalProperties", "items", "enum", "anyOf"}


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Place(Strict):
    """Where something stands."""

    line: int = Field(ge=1, description="as numbered in the notes")
    step: Literal["success"]


class Level(Enum):
    LOW = "low"
    HIGH = "high"


class Answer(Strict):
    level: Level = Level.LOW
    note: str | None = Field(None, max_length=80, pattern="^[a-z]")
    one: Place | None
    places: list[Place]
    tags: tuple[Literal["a", "b"], ...]


def test_a_schema_keeps_only_what_all_servers_take() -> None:
    place = {
        "type": "object",
        "properties": {
            "line": {"type": "integer"},
            "step": {"type": "string", "enum": ["success"]},
        },
        "required": ["line", "step"],
        "additionalProperties": False,
    }
    assert portable(Answer) == {
        "type": "object",
        "properties": {
            "level": {"type": "string", "enum": ["low", "high"]},
            "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            "one": {"anyOf": [place, {"type": "null"}]},
            "places": {"type": "array", "items": place},
            "tags": {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}},
        },
        "required": ["level", "note", "one", "places", "tags"],
        "additionalProperties": False,
    }


@pytest.mark.parametrize("guide", named("guides"))
def test_the_answers_of_every_guide_travel(guide: str) -> None:
    loaded = load_guide(guide)
    for model in (map_answer(loaded), draft_answer(loaded), RewordAnswer):
        schema = portable(model)
        Draft202012Validator.check_schema(schema)
        assert keywords(schema) <= KEYS
        assert field_guide(model).count('": ') >= len(model.model_fields)


def keywords(node: Any) -> set[str]:
    if isinstance(node, list):
        return set().union(*map(keywords, node)) if node else set()
    if not isinstance(node, dict):
        return set()
    below = [
        *(node.get("properties") or {}).values(),
        node.get("items"),
        *(node.get("anyOf") or ()),
    ]
    return set(node).union(*map(keywords, below))


class Mapping(Strict):
    scores: dict[str, int]


class Pair(Strict):
    both: tuple[int, str]


class Nested(Strict):
    inner: list[Nested]


class Anything(Strict):
    value: Any


class Loose(BaseModel):
    model_config = ConfigDict(extra="allow")
    line: int


class Other(Strict):
    text: str


class Either(Strict):
    one: Place | Other


class Numbers(Strict):
    level: Literal[1, 2]


class Nothing(Strict):
    pass


class A(Strict):
    x: int


class B(Strict):
    a: A


class C(Strict):
    b: B


class D(Strict):
    c: C


class Deep(Strict):
    d: D


class Many(Strict):
    step: Literal[tuple(f"s{number}" for number in range(1_001))]  # type: ignore[valid-type]


@pytest.mark.parametrize(
    ("model", "why"),
    [
        (Mapping, "mapping"),
        (Pair, "prefixItems"),
        (Nested, "holds itself"),
        (Anything, "can be anything"),
        (Loose, "beyond those named"),
        (Either, "one of several objects"),
        (Numbers, "not a string"),
        (Nothing, "no fields"),
        (Deep, "deeper than 4"),
        (Many, "1001 choices"),
        (RootModel[list[int]], "not an object"),
    ],
)
def test_a_model_that_does_not_travel_is_refused(model: type[BaseModel], why: str) -> None:
    with pytest.raises(TypeError, match=f"schema does not travel.*{why}"):
        portable(model)


def test_the_field_guide_says_the_form_in_words() -> None:
    assert field_guide(Answer) == (
        "Answer with one JSON object of this form and nothing else:\n"
        "{\n"
        '  "level": "low" | "high",\n'
        '  "note": string | null,\n'
        '  "one": {  // Where something stands.\n'
        '    "line": integer,  // as numbered in the notes\n'
        '    "step": "success"\n'
        "  } | null,\n"
        '  "places": [{  // Where something stands.\n'
        '    "line": integer,  // as numbered in the notes\n'
        '    "step": "success"\n'
        "  }, ...],\n"
        '  "tags": [("a" | "b"), ...]\n'
        "}"
    )


def test_a_schema_is_named_in_letters_that_servers_take() -> None:
    assert named_schema(RewordAnswer)["name"] == "RewordAnswer"
    odd = type("Odd[Näme]", (Place,), {})
    assert named_schema(odd)["name"] == "Odd_N_me_"


def test_faults_are_lines_of_place_and_expectation_without_the_value() -> None:
    with pytest.raises(ValidationError) as caught:
        Answer.model_validate(
            {"level": "secret", "note": None, "one": None, "places": [{"line": 0}], "tags": []}
        )
    assert faults_of(caught.value) == [
        "level: Input should be 'low' or 'high'",
        "places.0.line: Input should be greater than or equal to 1",
        "places.0.step: Field required",
    ]


def test_a_flood_of_faults_is_cut() -> None:
    with pytest.raises(ValidationError) as caught:
        Answer.model_validate(
            {"level": "low", "note": None, "one": None, "places": [{}] * 50, "tags": []}
        )
    lines = faults_of(caught.value)
    assert len(lines) == 21
    assert lines[-1] == "and 80 more of this kind"
