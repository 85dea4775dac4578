"""The doctor: what is set and by what, what an endpoint really does, and which servers are here."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
import typer
from typer.testing import CliRunner, Result

from coach.cli.boundary import Boundary
from coach.cli.cache import cache
from coach.cli.doctor import doctor
from coach.engines.llm.cache import AnswerCache
from coach.engines.llm.endpoint import Endpoint
from coach.engines.llm.local_servers import find_local_servers, list_models, loaded_context
from coach.engines.llm.probe import LONG_PROMPT, Probe, probe
from coach.render.diagnosis import Check, probe_checks

doctor_module = sys.modules["coach.cli.doctor"]
"""Not ``coach.cli.doctor``: there the command itself goes by that name."""

KEY = "sk-canary-4711"
LOCAL = Endpoint(base_url="http://127.0.0.1:8080/v1", model="m")
REMOTE = Endpoint(base_url="https://api.example.com/v1", model="m")
NUMBERS = dict(zip("one two three four five six seven eight".split(), "12345678", strict=True))

Handler = Callable[[httpx2.Request], httpx2.Response]


class Server:
    """A scripted chat server; what it was sent is kept."""

    def __init__(self, **traits: Any) -> None:
        self.traits = traits
        self.bodies: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.raw: list[bytes] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.paths.append(request.url.path)
        self.raw.append(request.content + repr(sorted(request.headers.items())).encode())
        if request.url.path.endswith("/chat/completions"):
            return self.chat(json.loads(request.content))
        told = self.traits.get("paths", {}).get(request.url.path)
        return httpx2.Response(200, json=told) if told else httpx2.Response(404, json={})

    def chat(self, body: dict[str, Any]) -> httpx2.Response:
        self.bodies.append(body)
        for word in self.traits.get("refuses", ()):
            if word in body or (word in json.dumps(body.get("response_format", ""))):
                told = {"error": {"message": f"{word} is not supported", "param": word}}
                return httpx2.Response(400, json=told)
        text = "\n".join(message["content"] for message in body["messages"])
        tokens = len(text) // 4
        window = self.traits.get("window")
        if window and tokens > window:
            text, tokens = text[-window * 4 :], window
        content = self.answer(text, body.get("response_format", {}))
        usage = {"prompt_tokens": tokens, "completion_tokens": 40, "total_tokens": tokens + 40}
        told = {
            "id": "c",
            "object": "chat.completion",
            "created": 1,
            "model": "m",
            "choices": [
                {
                    "index": 0,
                    "finish_reason": "stop",
                    "message": {"role": "assistant", "content": content},
                }
            ],
            **({} if self.traits.get("silent") else {"usage": usage}),
        }
        return httpx2.Response(200, json=told)

    def answer(self, text: str, form: dict[str, Any]) -> str:
        if "sea" in text:
            bound = form.get("type") == "json_schema" and not self.traits.get("ignores")
            return '{"answer": "teal"}' if bound else "The sea is wide and blue."
        if "word of the day" in text:
            seen = "is heron." in text and not self.traits.get("dull")
            return json.dumps({"word": "heron" if seen else "swan"})
        return json.dumps(NUMBERS)


def at(handler: Handler) -> httpx2.MockTransport:
    return httpx2.MockTransport(handler)


def probed(endpoint: Endpoint = REMOTE, **traits: Any) -> tuple[Probe, Server]:
    server = Server(**traits)
    ticks = iter(range(0, 1000, 2))
    return probe(endpoint, transport=at(server), clock=lambda: float(next(ticks))), server


# -- the probe -------------------------------------------------------------------------------------


def test_a_good_server_is_found_good() -> None:
    listed = {"/v1/models": {"data": [{"id": "m", "max_model_len": 32768}]}}
    found, server = probed(paths=listed)
    assert (found.answers, found.rung, found.binds) == (True, "json_schema_strict", True)
    assert (found.context, found.context_from) == (32768, "server")
    assert (found.sees_start, found.counts, found.temperature) == (True, True, True)
    assert found.tokens_per_second == 20
    assert found.trouble is None
    assert len(server.bodies) == 3
    assert all(check.status == "ok" for check in probe_checks(found))


@pytest.mark.parametrize(
    ("traits", "expected"),
    [
        ({"refuses": ["strict"]}, {"rung": "json_schema", "binds": True}),
        ({"refuses": ["json_schema"]}, {"rung": "json_object", "binds": False}),
        ({"refuses": ["response_format"]}, {"rung": "prompt_only", "binds": False}),
        ({"ignores": True}, {"rung": "json_schema_strict", "binds": False}),
        ({"refuses": ["temperature"]}, {"temperature": False, "answers": True}),
        ({"refuses": ["max_tokens"]}, {"budget": "max_completion_tokens"}),
        ({"silent": True}, {"counts": False, "sees_start": True, "tokens_per_second": None}),
        ({"silent": True, "dull": True}, {"counts": False, "sees_start": None}),
        ({"dull": True}, {"sees_start": True}),
        ({"window": 2048}, {"sees_start": False, "answers": True}),
        ({"window": 4096}, {"sees_start": False}),
    ],
)
def test_what_a_server_does_otherwise_is_found_out(
    traits: dict[str, Any], expected: dict[str, Any]
) -> None:
    found, _ = probed(**traits)
    assert {name: getattr(found, name) for name in expected} == expected


def test_a_cut_prompt_fails_with_what_to_do_about_it() -> None:
    found, _ = probed(LOCAL, window=4096)
    assert found.trouble is not None
    assert found.trouble.kind == "prompt_cut"
    (failed,) = [check for check in probe_checks(found) if check.status == "fail"]
    assert failed.name == "long prompts"
    assert "OLLAMA_CONTEXT_LENGTH" in str(failed.hint)


def test_the_long_prompt_is_longer_than_the_usual_cut_but_fits_the_context() -> None:
    found, server = probed()
    assert found.long_prompt is not None
    assert LONG_PROMPT * 0.9 < found.long_prompt < LONG_PROMPT * 1.1
    listed = {"/v1/models": {"data": [{"id": "m", "context_length": 3000}]}}
    small, _ = probed(paths=listed)
    assert small.long_prompt is not None
    assert 1500 < small.long_prompt < 3000 - 1000
    tiny, server = probed(paths={"/v1/models": {"data": [{"id": "m", "context_length": 1500}]}})
    assert tiny.long_prompt is None
    assert len(server.bodies) == 2


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, "unauthorised"), (404, "not_found"), (500, "server_error"), (302, "redirected")],
)
def test_a_server_that_does_not_answer_is_told_and_asked_no_more(status: int, kind: str) -> None:
    headers = {"retry-after": "0"}
    transport = at(lambda request: httpx2.Response(status, json={"error": {}}, headers=headers))
    found = probe(REMOTE, transport=transport)
    assert not found.answers
    assert found.trouble is not None
    assert found.trouble.kind == kind
    assert probe_checks(found)[0].status == "fail"


def test_a_model_that_is_not_listed_is_named() -> None:
    found, _ = probed(paths={"/v1/models": {"data": [{"id": "other"}]}})
    (note,) = [check for check in probe_checks(found) if check.name == "model"]
    assert "'m' is not among the 1" in note.what
    assert note.hint == "listed: other"


# -- what servers say about themselves -------------------------------------------------------------


@pytest.mark.parametrize(
    ("paths", "context"),
    [
        ({"/props": {"default_generation_settings": {"n_ctx": 8192}}}, 8192),
        ({"/api/ps": {"models": [{"name": "m:latest", "context_length": 4096}]}}, 4096),
        ({"/api/ps": {"models": [{"name": "other", "context_length": 4096}]}}, None),
        ({"/api/v0/models/m": {"id": "m", "loaded_context_length": 6000}}, 6000),
        ({"/props": {"default_generation_settings": {"n_ctx": "8192"}}}, None),
        ({"/props": ["odd"], "/api/ps": {"models": {"odd": 1}}}, None),
        ({}, None),
    ],
)
def test_a_local_server_tells_the_context_it_runs_with(
    paths: dict[str, Any], context: int | None
) -> None:
    assert loaded_context(LOCAL, transport=at(Server(paths=paths))) == context


def test_a_stranger_on_the_network_is_asked_for_its_list_of_models_only() -> None:
    _, server = probed(REMOTE)
    assert {path for path in server.paths if "chat" not in path} == {"/v1/models"}
    owned = {"/v1/models": {"data": [{"id": "m", "owned_by": "llamacpp"}]}}
    _, server = probed(REMOTE, paths=owned)
    assert "/props" in server.paths


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"data": 3}', b'{"data": [3, {}]}'])
def test_a_list_of_models_that_is_none_is_no_trouble(body: bytes) -> None:
    transport = at(lambda request: httpx2.Response(200, content=body))
    assert list_models(REMOTE, transport=transport).names == ()


def test_servers_on_this_machine_are_found_by_what_they_say() -> None:
    asked: list[str] = []

    def machine(request: httpx2.Request) -> httpx2.Response:
        asked.append(str(request.url))
        assert request.content == b""
        assert "authorization" not in request.headers
        match request.url.port, request.url.path:
            case 11434, "/api/version":
                return httpx2.Response(200, json={"version": "0.30"})
            case 11434, "/v1/models":
                return httpx2.Response(200, json={"data": [{"id": "llama3.1:8b"}]})
            case 8080, "/health":
                return httpx2.Response(200, json={"status": "up, but another program"})
            case 8000, _:
                return httpx2.Response(200, content=b"<html>a web page</html>")
            case _:
                raise httpx2.ConnectError("refused")

    (found,) = find_local_servers(transport=at(machine))
    assert (found.name, found.base_url) == ("Ollama", "http://127.0.0.1:11434/v1")
    assert found.models == ("llama3.1:8b",)
    assert all(url.startswith("http://127.0.0.1:") for url in asked)


# -- the command -----------------------------------------------------------------------------------


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, home: Path) -> Callable[..., Result]:
    """The command in this process, in an empty folder, without loading the embedded model."""
    app = typer.Typer(cls=Boundary)
    app.command()(doctor)
    app.command()(cache)
    monkeypatch.chdir(tmp_path)
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL"):
        monkeypatch.delenv(name, raising=False)
    fine = Check(name="embedded engine", status="ok", what="stands in")
    monkeypatch.setattr(doctor_module, "_embedded", lambda: fine)
    return lambda *arguments, **env: CliRunner().invoke(app, arguments, env=env)


@pytest.fixture
def online(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Server]:
    """Put a scripted server in the place of the network."""

    def put(**traits: Any) -> Server:
        server = Server(**traits)
        monkeypatch.setattr(
            "coach.engines.llm.transport.open_transport", lambda _endpoint: at(server)
        )
        return server

    return put


def test_with_nothing_set_all_is_well_and_nothing_is_connected_to(
    run: Callable[..., Result],
) -> None:
    done = run("doctor")
    assert done.exit_code == 0, done.output
    assert "engine         embedded" in done.stdout
    assert "coach doctor --probe" in done.stdout
    told = json.loads(run("doctor", "--json").stdout)
    assert (told["schema"], told["ok"]) == ("coach.doctor/1", True)
    assert (told["probe"], told["servers"]) == (None, None)


def test_each_setting_is_shown_with_what_set_it_and_no_key_at_all(
    run: Callable[..., Result], home: Path, online: Callable[..., Server]
) -> None:
    server = online()
    (home / "coach.toml").write_text(
        f"deadline = 33\nproxy = 'http://ana:{KEY}@proxy.example:3128'\n"
    )
    done = run(
        "doctor", "--engine", "llm", "--base-url", REMOTE.base_url,
        COACH_MODEL="m", COACH_API_KEY=KEY, COACH_MODLE="x",
    )  # fmt: skip
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert "engine llm --engine" in lines
    assert "model m COACH_MODEL" in lines
    assert f"deadline 33.0 {home / 'coach.toml'}:1" in lines
    assert f"proxy http://proxy.example:3128 {home / 'coach.toml'}:2" in lines
    assert "key set COACH_API_KEY" in lines
    assert "did you mean COACH_MODEL?" in lines
    assert KEY not in done.output
    assert done.exit_code == 0, done.output
    assert any(KEY.encode() in raw for raw in server.raw)
    assert "asking api.example.com" in done.stderr


def test_only_made_up_text_is_sent(
    run: Callable[..., Result], online: Callable[..., Server]
) -> None:
    server = online()
    Path("notes.md").write_text("1:1 Ana\nshe does the early till on her own\n")
    run("doctor", "--engine", "llm", "--base-url", LOCAL.base_url, "--model", "m")
    assert server.bodies
    assert not any(b"till" in raw or b"Ana" in raw for raw in server.raw)


@pytest.mark.parametrize(
    ("arguments", "traits", "code", "told"),
    [
        (["--engine", "llm"], {}, 2, "no server is named"),
        (["--engine", "llm", "--base-url", REMOTE.base_url, "--model", "m"], {}, 2, "no key for"),
        (["--engine", "gpt"], {}, 2, "--engine: must be 'embedded' or 'llm'"),
        (
            ["--engine", "llm", "--base-url", LOCAL.base_url],
            {"paths": {"/v1/models": {"data": [{"id": "one"}, {"id": "two"}]}}},
            2,
            "name one with --model; the server has one, two",
        ),
        (
            ["--probe", "--base-url", LOCAL.base_url, "--model", "m"],
            {"window": 4096},
            4,
            "fail  long prompts",
        ),
        (["--probe", "--base-url", REMOTE.base_url, "--model", "m"], {}, 0, "no key for"),
    ],
)
def test_what_is_wrong_is_told_with_its_exit_code(
    run: Callable[..., Result],
    online: Callable[..., Server],
    arguments: list[str],
    traits: dict[str, Any],
    code: int,
    told: str,
) -> None:
    online(**traits)
    done = run("doctor", *arguments)
    assert done.exit_code == code, done.output
    assert told in done.stdout


def test_broken_files_are_told_and_the_rest_is_still_looked_at(
    run: Callable[..., Result], home: Path
) -> None:
    (home / "guides").mkdir()
    (home / "guides" / "ours.yaml").write_text("id: [\n")
    (home / "coach.toml").write_text("deadlin = 3\n")
    done = run("doctor")
    assert done.exit_code == 2
    assert "fail  guides" in done.stdout
    assert f"{home / 'coach.toml'}:1:1: deadlin: " in done.stdout
    assert "ok    tone rules" in done.stdout


def test_servers_on_this_machine_are_offered_with_the_command_to_use_them(
    run: Callable[..., Result], online: Callable[..., Server]
) -> None:
    paths = {"/api/version": {"version": "1"}, "/v1/models": {"data": [{"id": "llama3.1:8b"}]}}
    online(paths=paths)
    told = run("doctor", "--probe").stdout
    command = "coach draft NOTES --engine llm --base-url http://127.0.0.1:11434/v1"
    assert f"to use it: {command} --model llama3.1:8b" in told


def test_the_embedded_engine_reads_a_line() -> None:
    check = doctor_module._embedded()
    assert check.status == "ok", check.what


def test_kept_answers_are_counted_and_cleared(run: Callable[..., Result], home: Path) -> None:
    assert "0 answers" in run("cache").stdout
    AnswerCache().put("a", "{}")
    assert "1 answer, " in run("cache", "info").stdout
    told = json.loads(run("cache", "clear", "--json").stdout)
    assert (told["schema"], told["cleared"], told["cache"]["answers"]) == ("coach.cache/1", True, 1)
    assert not AnswerCache().path.exists()
    assert "0 answers" in run("cache").stdout
    assert run("cache", "keep").exit_code == 2
