"""``coach doctor``: whether coach is set up well, and what an endpoint really does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from coach.cli import options

if TYPE_CHECKING:
    from coach.engines.llm.endpoint import Endpoint
    from coach.engines.llm.local_servers import LocalServer
    from coach.engines.llm.probe import Probe
    from coach.render.diagnosis import Check, Diagnosis, SettingView
    from coach.settings import Settings

_ALWAYS = frozenset({"engine", "model", "base_url", "key"})
_SAMPLE = "- We agreed that she signs off the June rota herself and tells me afterwards.\n"


def doctor(
    probe: Annotated[
        bool,
        typer.Option(
            "--probe",
            help="Look for model servers on this machine, and put test questions to the endpoint.",
        ),
    ] = False,
    engine: options.Engine = None,
    model: options.Model = None,
    base_url: options.BaseUrl = None,
    as_json: options.Json = False,
) -> None:
    """Say what is set and by what, and whether everything is in place.

    With the llm engine, or with --probe, also what its endpoint does with a few made-up questions
    (a few cents at most), and which model servers run on this machine. Otherwise nothing is
    connected to. No text of yours is sent.
    """
    from coach.cli.output import emit, emit_json
    from coach.render.diagnosis import diagnosis_lines

    found = _examine(probe=probe, flags={"engine": engine, "base_url": base_url, "model": model})
    if as_json:
        emit_json(found)
    else:
        emit("\n".join(diagnosis_lines(found, always=_ALWAYS)))
    if not found.ok:
        raise typer.Exit(2 if any(check.status == "fail" for check in found.checks) else 4)


def _examine(*, probe: bool, flags: dict[str, Any]) -> Diagnosis:
    import platform

    from coach.errors import CoachError
    from coach.render.diagnosis import Check, Diagnosis, probe_checks
    from coach.settings import Settings

    checks, settings, asked = [*_checks()], None, None
    try:
        settings = Settings.load(flags)
    except CoachError as error:
        checks.append(Check(name="settings", status="fail", what=error.message, hint=error.hint))
    chosen = settings is not None and settings.engine == "llm"
    if settings and (chosen or (probe and settings.base_url)):
        found = _endpoint(settings, chosen=chosen)
        if isinstance(found, Check):
            checks.append(found)
        else:
            asked = _asked(found)
    if not (chosen or probe):
        what = "not asked, and no server looked for"
        checks.append(
            Check(name="endpoint", status="ok", what=f"{what}: coach doctor --probe does")
        )
    every = (*checks, *(probe_checks(asked) if asked else ()))
    return Diagnosis(
        version=_version(),
        python=platform.python_version(),
        ok=not any(one.status == "fail" for one in every),
        settings=tuple(_shown(settings)) if settings else (),
        checks=tuple(checks),
        probe=asked,
        servers=_servers() if chosen or probe else None,
    )


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("conversation-coach")
    except PackageNotFoundError:
        return "from a checkout"


# -- what stands on this machine -------------------------------------------------------------------


def _checks() -> Iterator[Check]:
    looks: tuple[tuple[str, Callable[[], Check]], ...] = (
        ("embedded engine", _embedded),
        ("guides", _guides),
        ("tone rules", _rules),
        ("prompts", _prompts),
        ("your folder", _folder),
        ("kept answers", _kept),
    )
    for name, look in looks:
        yield _looked(name, look)
    yield from _strange_variables()


def _looked(name: str, look: Callable[[], Check]) -> Check:
    """What the look found; whatever it raises is a finding, told without its text."""
    from coach.errors import CoachError
    from coach.render.diagnosis import Check

    try:
        return look()
    except CoachError as error:
        return Check(name=name, status="fail", what=error.message, hint=error.hint)
    except Exception as error:  # whatever is broken, the other looks still tell
        what = f"does not work ({type(error).__name__})"
        return Check(name=name, status="fail", what=what, hint="install coach once more")


def _embedded() -> Check:
    from coach import workflow
    from coach.document import read_bytes
    from coach.engines.embedded import EmbeddedEngine
    from coach.guide import load_guide
    from coach.render.diagnosis import Check

    document = read_bytes(_SAMPLE.encode(), "sample.md")
    found = workflow.review(document, load_guide("isp"), EmbeddedEngine())
    seen = any(line.steps for line in found.lines)
    return Check(
        name="embedded engine",
        status="ok" if seen else "fail",
        what=f"{found.engine.model} reads a line" if seen else "reads a plain line wrongly",
        hint="install coach once more",
    )


def _guides() -> Check:
    from coach.guide import guides
    from coach.render.diagnosis import Check

    known = guides()
    faults = [f"{guide.name}: {guide.fault}" for guide in known if guide.fault]
    own = sum(guide.where != "bundled" for guide in known)
    if faults:
        hint = "coach guide check FILE tells all that is wrong"
        return Check(name="guides", status="fail", what="\n".join(faults), hint=hint)
    return Check(name="guides", status="ok", what=f"{len(known)}, {own} of them your own")


def _rules() -> Check:
    from coach.render.diagnosis import Check
    from coach.tone import load_rules

    return Check(name="tone rules", status="ok", what=f"{len(load_rules())}, all valid")


def _prompts() -> Check:
    from coach.engines.llm.prompts import prompts
    from coach.render.diagnosis import Check

    known = prompts()
    faults = [prompt.fault for prompt in known if prompt.fault]
    if faults:
        hint = "mend it, or move your own file away: the bundled one stands in for it"
        return Check(name="prompts", status="fail", what="\n".join(faults), hint=hint)
    own = sum(prompt.where != "bundled" for prompt in known)
    return Check(name="prompts", status="ok", what=f"{len(known)}, {own} of them your own")


def _folder() -> Check:
    from coach.render.diagnosis import Check
    from coach.settings import user_file

    folder = user_file().parent
    there = "" if folder.is_dir() else ", not there, and not needed"
    return Check(name="your folder", status="ok", what=f"{folder}{there}")


def _kept() -> Check:
    from coach.engines.llm.cache import AnswerCache
    from coach.render.diagnosis import Check

    info = AnswerCache().info()
    if info.trouble:
        return Check(name="kept answers", status="note", what=info.trouble)
    return Check(name="kept answers", status="ok", what=f"{info.answers} in {info.path}")


def _strange_variables() -> Iterator[Check]:
    import os

    from coach.render.diagnosis import Check
    from coach.settings import unknown_variables

    for name, meant in unknown_variables(os.environ).items():
        hint = f"did you mean {meant}?" if meant else "docs/settings.md lists them"
        what = f"{name} is set, and is none of coach's"
        yield Check(name="environment", status="note", what=what, hint=hint)


# -- settings and endpoint -------------------------------------------------------------------------


def _shown(settings: Settings) -> Iterator[SettingView]:
    from coach.render.diagnosis import SettingView
    from coach.settings import shown_values

    for name, value in shown_values(settings).items():
        yield SettingView(name=name, value=value, origin=settings.origin(name))
    place = settings.key_place()
    origin = place.origin if place else "default"
    yield SettingView(name="key", value="set" if place else None, origin=origin)


def _endpoint(settings: Settings, *, chosen: bool) -> Endpoint | Check:
    """The endpoint, or what keeps it from being asked; that matters only if it was chosen."""
    from importlib.util import find_spec

    from coach.errors import CoachError
    from coach.render.diagnosis import Check

    status: Literal["fail", "note"] = "fail" if chosen else "note"
    if find_spec("openai") is None:
        return Check(
            name="endpoint",
            status=status,
            what="the llm engine is not installed",
            hint="pip install 'conversation-coach[llm]'",
        )
    try:
        return settings.endpoint()
    except CoachError as error:
        hint = _models_there(settings) or error.hint
        return Check(name="endpoint", status=status, what=error.message, hint=hint)


def _models_there(settings: Settings) -> str | None:
    """The server's models, where nothing but a model is missing."""
    from coach.engines.llm.local_servers import list_models
    from coach.errors import CoachError

    if settings.model is not None or settings.base_url is None:
        return None
    try:
        endpoint = settings.model_copy(update={"model": "unnamed"}).endpoint()
    except CoachError:
        return None
    names = list_models(endpoint).names
    return f"name one with --model; the server has {', '.join(names[:20])}" if names else None


def _asked(endpoint: Endpoint) -> Probe:
    from coach.cli.output import say
    from coach.engines.llm.probe import probe

    say(f"asking {endpoint.host} a few made-up questions; nothing of yours is sent")
    return probe(endpoint)


def _servers() -> tuple[LocalServer, ...]:
    from coach.engines.llm.local_servers import find_local_servers

    return find_local_servers()
