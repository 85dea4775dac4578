"""Whether coach is set up well, for people and programs. Decides nothing."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from coach.engines.llm.local_servers import LocalServer, sample_command
from coach.engines.llm.probe import Probe
from coach.render.visible import visible

_MOST_MODELS = 5


class SettingView(BaseModel):
    """A setting, what it is, and what says so."""

    model_config = ConfigDict(frozen=True)

    name: str
    value: str | None
    origin: str


class Check(BaseModel):
    """One thing that was looked at."""

    model_config = ConfigDict(frozen=True)

    name: str
    status: Literal["ok", "note", "fail"]
    what: str
    hint: str | None = None


class Diagnosis(BaseModel):
    """The ``--json`` of ``coach doctor``."""

    model_config = ConfigDict(frozen=True, populate_by_name=True, serialize_by_alias=True)

    schema_: Literal["coach.doctor/1"] = Field(default="coach.doctor/1", alias="schema")
    version: str
    python: str
    ok: bool
    settings: tuple[SettingView, ...]
    """Every setting; of a key only whether there is one."""
    checks: tuple[Check, ...]
    probe: Probe | None = None
    """What the endpoint was found to do; null where it was not asked."""
    servers: tuple[LocalServer, ...] | None = None
    """Model servers on this machine; null where none were looked for."""


def diagnosis_lines(found: Diagnosis, *, always: frozenset[str] = frozenset()) -> Iterator[str]:
    """The diagnosis, a fact a line; of the settings those that are set, and ``always``."""
    yield f"coach {found.version} on Python {found.python}"
    shown = [one for one in found.settings if one.origin != "default" or one.name in always]
    yield from _section("settings")
    for one in shown:
        yield visible(f"  {one.name:<14} {one.value or 'not set':<36} {one.origin}".rstrip())
    yield from _section("checks")
    yield from _checks(found.checks)
    if found.probe:
        yield from _section(f"endpoint {found.probe.host}, model {found.probe.model}")
        yield from _checks(probe_checks(found.probe))
    if found.servers is not None:
        yield from _section("model servers on this machine")
        yield from _servers(found.servers)


def probe_checks(probe: Probe) -> tuple[Check, ...]:
    """What the probe found, each with what to do about it."""
    if not probe.answers:
        trouble = probe.trouble
        what = trouble.message if trouble else "it does not answer"
        told = [Check(name="answers", status="fail", what=what, hint=_hint(probe))]
        return (*told, *_listed(probe))
    return (
        Check(name="answers", status="ok", what=_speed(probe)),
        *_listed(probe),
        _form(probe),
        _parameters(probe),
        _context(probe),
        _long_prompt(probe),
    )


def _section(title: str) -> Iterator[str]:
    yield ""
    yield visible(title)


def _checks(checks: tuple[Check, ...]) -> Iterator[str]:
    for check in checks:
        first, *rest = visible(check.what, lines=True).split("\n")
        yield f"  {check.status:<4}  {check.name:<16} {first}"
        yield from (f"{'':<25}{line}" for line in rest)
        if check.hint and check.status != "ok":
            yield f"{'':<25}{visible(check.hint)}"


def _servers(servers: tuple[LocalServer, ...]) -> Iterator[str]:
    if not servers:
        yield "  none found of Ollama, LM Studio, llama.cpp and vLLM at their usual ports"
    for server in servers:
        more = ", ..." if len(server.models) > _MOST_MODELS else ""
        models = ", ".join(server.models[:_MOST_MODELS]) + more or "no model loaded"
        yield visible(f"  {server.name} at {server.base_url}: {models}")
        yield visible(f"    to use it: {shlex.join(sample_command(server))}")


# -- what a probe means ----------------------------------------------------------------------------


def _hint(probe: Probe) -> str | None:
    return probe.trouble.hint if probe.trouble else None


def _listed(probe: Probe) -> tuple[Check, ...]:
    if not probe.models or probe.model in probe.models:
        return ()
    names = ", ".join(probe.models[:_MOST_MODELS])
    what = f"{probe.model!r} is not among the {len(probe.models)} that it lists"
    return (Check(name="model", status="note", what=what, hint=f"listed: {names}"),)


def _speed(probe: Probe) -> str:
    read, written = probe.usage
    rate = f", about {probe.tokens_per_second:g} tokens a second" if probe.tokens_per_second else ""
    return f"yes{rate} ({read} tokens read and {written} written for these checks)"


def _form(probe: Probe) -> Check:
    forced = {True: "and holds the model to it", False: "but does not force it"}
    told = (
        forced.get(probe.binds, "and may hold the model to it") if probe.binds is not None else ""
    )
    what = f"takes {probe.rung} {told}".rstrip()
    if probe.binds:
        return Check(name="form of answers", status="ok", what=what)
    hint = "coach checks every answer and asks again where it is wrong; expect more questions"
    return Check(name="form of answers", status="note", what=what, hint=hint)


def _parameters(probe: Probe) -> Check:
    refused = "takes no temperature" if probe.temperature is False else ""
    what = ", ".join(filter(None, [f"room for an answer is called {probe.budget}", refused]))
    return Check(name="parameters", status="ok", what=what)


def _context(probe: Probe) -> Check:
    if probe.context is None:
        hint = "set context = TOKENS if you know it, so that long notes are sent in fitting pieces"
        return Check(name="context", status="note", what="the server does not tell", hint=hint)
    what = f"{probe.context} tokens, says the {probe.context_from}"
    return Check(name="context", status="ok", what=what)


def _long_prompt(probe: Probe) -> Check:
    name = "long prompts"
    if probe.long_prompt is None:
        return Check(name=name, status="note", what="not tried: the context is too small for one")
    size = f"a prompt of about {probe.long_prompt} tokens"
    if probe.sees_start:
        return Check(name=name, status="ok", what=f"{size} was read from its first line")
    if probe.sees_start is False:
        what = probe.trouble.message if probe.trouble else f"{size} was not read whole"
        return Check(name=name, status="fail", what=what, hint=_hint(probe))
    what = f"it is not known whether {size} was read whole"
    if probe.trouble:
        what = f"{what}: {probe.trouble.message}"
    hint = _hint(probe) or "the server does not count what it reads, so a cut prompt goes unseen"
    return Check(name=name, status="note", what=what, hint=hint)
