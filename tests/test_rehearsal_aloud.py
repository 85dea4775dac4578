"""A model's line is said sentence by sentence, and what was said aloud is the line."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

import httpx2
import pytest

from coach.engines.llm.client import Client, Usage
from coach.engines.llm.endpoint import Endpoint
from coach.engines.llm.engine import LlmEngine
from coach.engines.llm.failures import EndpointError
from coach.guide import load_guide
from coach.rehearsal import Session, Setting, load_persona, written_reply

GOOD = "I check first, mostly. It is easier than hearing about it later."
MORE = "Since March I write it down as well."
ASKED = "What gets in your way with the orders, then?"
SAID = "I check first, mostly."
"""The first sentence of ``GOOD``."""


def after(*lines: str, name: str = "Priya") -> Session:
    setting = Setting(
        persona=load_persona("guarded").named(name), guide=load_guide("isp"), steps=("autonomy",)
    )
    session = Session.start(setting).hear("You wanted to talk about it.")
    for line in lines:
        session = session.say(line)
    return session


class Writer:
    """A server whose model writes these things letter by letter, one after the other.

    A text is written as what is said, or as it stands where it begins as JSON does; a whole number
    is the status of an error, and an object comes at once. Of a list, bytes are sent as they are,
    an exception breaks it off, and a fraction is a pause in seconds.
    """

    def __init__(self, *says: Any, finish: str | None = "stop", at_once: str | None = None) -> None:
        self.says = says
        self.finish = finish
        self.at_once = at_once
        self.sent: list[dict[str, Any]] = []
        self.written = ""
        """Of the last answer, so far."""

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        body = json.loads(request.content)
        self.sent.append(body)
        if not body.get("stream"):
            assert self.at_once is not None, "asked for no pieces"
            return self._whole(self.at_once)
        told = self.says[(len(self.sent) - 1) % len(self.says)]
        if isinstance(told, int):
            return httpx2.Response(told, json={"error": {"message": "no"}})
        if isinstance(told, dict):
            return self._whole(told["say"])
        headers = {"content-type": "text/event-stream; charset=utf-8"}
        parts = told if isinstance(told, list) else [told]
        return httpx2.Response(200, headers=headers, stream=_Stream(self, parts))

    def _whole(self, say: str) -> httpx2.Response:
        choice = {"finish_reason": "stop", "message": {"content": json.dumps({"say": say})}}
        return httpx2.Response(200, json={"choices": [choice]})


class _Stream(httpx2.AsyncByteStream):
    def __init__(self, writer: Writer, parts: Sequence[Any]) -> None:
        self.writer = writer
        self.parts = parts

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self.writer.written = ""
        yield b": a comment\n\n" + event({"choices": [], "usage": None})
        for part in self.parts:
            if isinstance(part, Exception):
                raise part
            if isinstance(part, float):
                await asyncio.sleep(part)
                continue
            if isinstance(part, bytes):
                yield part
                continue
            whole = part if part[:1] in "{`<" else json.dumps({"say": part})
            for letter in whole:
                self.writer.written += letter
                yield event({"choices": [{"delta": {"content": letter}}]})
        yield event({"choices": [{"delta": {}, "finish_reason": self.writer.finish}]})
        usage = {"prompt_tokens": 900, "completion_tokens": 30}
        yield event({"choices": [], "usage": usage}) + b"data: [DONE]\n\n"


def event(told: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(told).encode() + b"\n\n"


class Ear:
    """What was said aloud, and how much had been written by then."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.lines: list[str] = []
        self.written: list[str] = []

    def __call__(self, line: str) -> None:
        self.lines.append(line)
        self.written.append(self.writer.written)


def reply(
    writer: Writer, session: Session | None = None, *, deadline: float = 20.0, cache: Any = None
) -> tuple[str, Ear, LlmEngine]:
    endpoint = Endpoint(base_url="http://127.0.0.1:9/v1", model="any", deadline=deadline)
    client = Client(endpoint, transport=httpx2.MockTransport(writer), cache=cache)
    engine, ear = LlmEngine(client), Ear(writer)
    line = engine.reply(session or after(ASKED), ear)
    assert all(line.startswith(said) for said in ear.lines)
    return line, ear, engine


def test_a_sentence_is_said_as_soon_as_the_next_one_begins() -> None:
    line, ear, _ = reply(Writer(f"{GOOD} {MORE}"))
    assert ear.lines == [SAID, GOOD, line] and line == f"{GOOD} {MORE}"
    assert [written.rpartition(".")[2] for written in ear.written] == [" ", " ", '"}']


def test_an_answer_that_comes_in_pieces_is_the_one_that_comes_at_once() -> None:
    says = [
        GOOD, f"Priya: {GOOD}", f"*looks away* {GOOD}", f"“{GOOD}”", f"(quietly) {GOOD} {MORE}",
        f"{SAID} *Looks away. Then back.* {MORE}", f"{GOOD} / I'd have to see. / It depends.",
        f"{GOOD} And then there is the rest of it. " * 4, "I... don't know.", "No", "Wait… what?",
        f"```json\n{json.dumps({'say': GOOD})}\n```",
        f"<think>Is it {{1}}? Maybe.</think>{json.dumps({'say': GOOD})}",
    ]  # fmt: skip
    for one in says:
        at_once = reply(Writer({"say": one}) if one[:1] not in "`<" else Writer(one))[0]
        assert reply(Writer(one))[0] == at_once, one
        assert at_once != written_reply(after(ASKED)), one


@pytest.mark.parametrize(
    "says",
    [
        "As an AI, I can't feel that. I check first.",
        "Great question! How can I help you?",
        "well " * 90,
        "... ... ...",
        f"{ASKED} I'm glad you ask.",
    ],
)
def test_nothing_is_said_of_an_answer_that_is_out_of_role_from_the_start(says: str) -> None:
    writer = Writer(says)
    line, ear, _ = reply(writer)
    assert (line, ear.lines) == (written_reply(after(ASKED)), [])
    assert len(writer.sent) == 3  # it was told twice what is wrong


def test_what_is_mended_when_told_is_said_then() -> None:
    writer = Writer("As an AI, I can't feel that.", GOOD)
    line, ear, _ = reply(writer)
    assert (line, ear.lines) == (GOOD, [SAID, GOOD])
    assert "sounds like an assistant" in json.dumps(writer.sent[1])


@pytest.mark.parametrize(
    "then",
    [
        "As an AI, I can't say more.", "Manager: And why is that?", "You never listen to anybody.",
        "[PERSON_7] asked me to wait with it.",
    ],
)  # fmt: skip
def test_a_later_sentence_that_falls_out_of_role_is_left_out_with_the_rest(then: str) -> None:
    writer = Writer(f"{GOOD} {then} {MORE}")
    line, ear, _ = reply(writer)
    assert line == ear.lines[-1] == GOOD
    assert len(writer.sent) == 1


@pytest.mark.parametrize(
    ("says", "finish"),
    [
        ([f'{{"say": "{GOOD} And', httpx2.ReadError("gone")], "stop"),
        ([f'{{"say": "{GOOD} And', httpx2.ReadTimeout("slow")], "stop"),
        ([f'{{"say": "{GOOD} And', b"data: {oops\n\n"], "stop"),
        ([f'{{"say": "{GOOD} And', event({"error": {"message": "out of memory"}})], "stop"),
        ([f'{{"say": "{GOOD} And'], "length"),
        ([f'{{"say": "{GOOD} And'], "content_filter"),
        ([f'{{"say": "{GOOD} ", "mood": "low"}}'], "stop"),
        ([f'{{"say": "{GOOD} And", "say": "No."}}'], "stop"),
        ([f'{{"say": "{GOOD} And", "say": "No. Never mind. And'], "length"),
        ([f'{{"say": "{GOOD} And" oops'], "stop"),
    ],
)
def test_what_was_said_is_the_line_however_the_answer_breaks_off(
    says: list[Any], finish: str
) -> None:
    writer = Writer(says, finish=finish)
    line, ear, _ = reply(writer)
    assert line == ear.lines[-1] == GOOD
    assert len(writer.sent) == 1


def test_what_was_said_is_the_line_where_the_time_is_over() -> None:
    writer = Writer([f'{{"say": "{GOOD} And', 30.0])
    line, ear, _ = reply(writer, deadline=1.0)
    assert line == ear.lines[-1] == GOOD


def test_where_nothing_was_said_in_time_the_failure_is_told() -> None:
    with pytest.raises(EndpointError) as told:
        reply(Writer(['{"say": "I check', 30.0]), deadline=0.5)
    assert told.value.kind == "timeout"


@pytest.mark.parametrize(
    "no",
    [400, 422, 500, 501, [b"data: {oops\n\n"], [httpx2.ReadError("gone")],
     [event({"error": {"message": "cannot stream"}})], ['{"say": "I', httpx2.ReadError("gone")]],
    ids=str,
)  # fmt: skip
def test_a_server_that_cannot_tell_in_pieces_is_asked_the_other_way_from_then_on(
    no: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openai._base_client.INITIAL_RETRY_DELAY", 0.0)
    writer = Writer(no, at_once=GOOD)
    line, ear, engine = reply(writer)
    assert (line, ear.lines) == (GOOD, [])
    asked = len(writer.sent)
    writer.at_once = MORE
    assert engine.reply(after(ASKED, "Tell me more."), ear) == MORE
    assert len(writer.sent) == asked + 1 and "stream" not in writer.sent[-1]


@pytest.mark.parametrize("status", [401, 404, 429])
def test_a_refusal_that_is_not_about_pieces_is_told_as_such(status: int) -> None:
    writer = Writer(status)
    with pytest.raises(EndpointError):
        reply(writer)


def test_an_answer_at_once_to_a_request_for_pieces_is_taken_as_it_is() -> None:
    writer = Writer({"say": GOOD})
    line, ear, _ = reply(writer)
    assert (line, ear.lines, len(writer.sent)) == (GOOD, [], 1)


def test_a_server_that_does_not_tell_the_end_of_an_answer_is_heard_as_well() -> None:
    writer = Writer(GOOD, finish=None)
    assert reply(writer)[0] == GOOD
    assert len(writer.sent) == 1


def test_only_who_listens_asks_for_pieces_and_the_rest_of_the_request_is_the_same() -> None:
    writer = Writer(GOOD, at_once=GOOD)
    _, _, engine = reply(writer)
    engine.reply(after(ASKED))
    first, second = writer.sent
    assert first.pop("stream") is True
    assert first.pop("stream_options") == {"include_usage": True}
    assert first == second


def test_the_tokens_of_an_answer_in_pieces_are_counted() -> None:
    endpoint = Endpoint(base_url="http://127.0.0.1:9/v1", model="any")
    writer = Writer(f"{GOOD} As an AI, I stop here.")
    client = Client(endpoint, transport=httpx2.MockTransport(writer))
    LlmEngine(client).reply(after(ASKED), Ear(writer))
    assert client.usage == Usage(prompt=900, completion=30)


class _Kept(dict[str, str]):
    def put(self, key: str, answer: str) -> None:
        self[key] = answer


def test_the_line_that_was_said_is_the_one_that_is_kept() -> None:
    kept = _Kept()
    line, _, _ = reply(Writer(f"{GOOD} As an AI, I stop here."), cache=kept)
    again, ear, engine = reply(Writer(), cache=kept)
    assert (again, ear.lines) == (line, [])
    assert engine.reply(after(ASKED)) == line == GOOD


def test_a_sentence_that_was_said_before_waits_for_what_follows() -> None:
    session = after(ASKED).hear(f"{GOOD} {MORE}").say("Tell me more about that.")
    line, ear, _ = reply(Writer(f"{MORE} It works better."), session)
    assert line == "It works better." == ear.lines[-1]


def test_names_are_said_aloud_and_leave_as_placeholders() -> None:
    session = after("Calum, what gets in your way?", name="Calum")
    writer = Writer(f"[EMPLOYEE] is what they call me. {MORE}")
    line, ear, _ = reply(writer, session)
    assert ear.lines == ["Calum is what they call me.", line]
    assert "Calum" not in json.dumps(writer.sent)


def test_with_the_roles_swapped_the_manager_is_heard_as_well() -> None:
    said = "So that took you by surprise."
    session = after(ASKED).hear(GOOD).swap().hear("What would you like to decide yourself?")
    session = session.say("I heard of it in the kitchen.")
    line, ear, _ = reply(Writer(f"Manager: {said} What would have helped you?"), session)
    assert ear.lines == [said, line]


def test_ctrl_c_stops_an_answer_in_the_midst_of_it() -> None:
    def lines() -> Iterator[None]:
        yield
        raise KeyboardInterrupt

    heard = lines()
    writer = Writer(f"{GOOD} {MORE}")
    endpoint = Endpoint(base_url="http://127.0.0.1:9/v1", model="any")
    engine = LlmEngine(Client(endpoint, transport=httpx2.MockTransport(writer)))
    with pytest.raises(KeyboardInterrupt):
        engine.reply(after(ASKED), lambda _: next(heard))
