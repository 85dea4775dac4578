"""Settings: one frozen answer to what coach should do, and the endpoint that follows from it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import PrivateAttr

from coach.engines.llm.endpoint import Endpoint
from coach.errors import UsageError
from coach.settings import layers
from coach.settings.address import OPENAI, origin, server, shown_proxy
from coach.settings.keys import KeyPlace, key_places, read_key
from coach.settings.layers import Layer
from coach.settings.values import Tone, Values

if TYPE_CHECKING:
    from coach.checks.house import House
    from coach.checks.sources import Ignoring

_CONCURRENCY = 4

_NO_SERVER = (
    "name one: --base-url https://api.openai.com/v1, COACH_BASE_URL, or base_url in your settings "
    "file; coach doctor --probe finds servers on this machine"
)
_NO_MODEL = (
    "name one: --model NAME, COACH_MODEL, or model in your settings file; coach doctor --probe "
    "lists what the server has"
)
_NO_KEY = (
    "set COACH_API_KEY, or name a file of mode 600 with api_key_file; a server on this machine "
    "needs none"
)


class Settings(Values):
    """What coach should do. Made by ``load``; holds no key, and shows none."""

    _origins: dict[str, str] = PrivateAttr(default_factory=dict)
    _files: dict[str, Path] = PrivateAttr(default_factory=dict)
    _keys: tuple[KeyPlace, ...] = PrivateAttr(default=())

    @classmethod
    def load(
        cls,
        flags: Mapping[str, Any] | None = None,
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> Settings:
        """The settings that hold here.

        Args:
            flags: options of the command line by setting; one that is None was not given.
            env: the environment; None: that of this process.
            cwd: where to start looking for the project's file; None: the working folder.

        Raises:
            UsageError: an option or variable has a value that it cannot have.
            DataFileError: a settings file is not valid, or says what only a trusted one may say.
        """
        env = os.environ if env is None else env
        user, trusted = layers.from_user_file()
        file = layers.project_file((cwd or Path.cwd()).resolve())
        found = (
            layers.from_flags(flags or {}),
            layers.from_variables(env),
            layers.from_openai(env),
            layers.from_project_file(file, trusted=trusted) if file else _NOTHING,
            user,
        )
        values: dict[str, Any] = {}
        origins: dict[str, str] = {}
        files: dict[str, Path | None] = {}
        for layer in reversed(found):
            values |= layer.values
            origins |= {key: layer.origins[key] for key in layer.values}
            files |= dict.fromkeys(layer.values, layer.file)
        if "base_url" not in values and env.get("OPENAI_API_KEY"):
            values["base_url"], origins["base_url"] = OPENAI, "OPENAI_API_KEY"
        settings = cls(**layers.nested(values))
        settings._origins = origins
        settings._files = {key: file for key, file in files.items() if file}
        settings._keys = key_places(found, env)
        return settings

    def origin(self, key: str) -> str:
        """Where a value came from: an option, a variable, ``path:line``, or ``default``."""
        return self._origins.get(key, "default")

    def file(self, key: str) -> Path | None:
        """The settings file that set it, or None where none did."""
        return self._files.get(key)

    def tone_files(self) -> tuple[Path, ...]:
        """The settings files that say how ``coach tone`` works here."""
        return tuple(dict.fromkeys(f for key, f in self._files.items() if key.startswith("tone.")))

    def ignoring(self) -> tuple[Ignoring, ...]:
        """The patterns of files that are never checked."""
        from coach.checks.sources import Ignoring

        file = self.file("tone.ignore")
        return (Ignoring(file.parent, self.tone.ignore, file),) if file else ()

    def house(self, *, baseline: bool = True) -> House:
        """What was agreed on for texts here; ``baseline`` says whether to read the one that is set.

        Raises:
            DataFileError: the baseline is not there, or is none.
        """
        from coach.checks.baseline import Baseline
        from coach.checks.house import House
        from coach.checks.vocabulary import Vocabulary

        path = self.tone.baseline if baseline else None
        return House(
            off=self.tone.off,
            vocabulary=Vocabulary(fine=self.tone.fine, avoid=self.tone.avoid),
            baseline=Baseline.read(path) if path else None,
        )

    def key_place(self) -> KeyPlace | None:
        """Where the key for ``base_url`` would be read, or None where no place is named for it."""
        if self.base_url is None:
            return None
        at = self._at_server()
        fitting = [place for place in self._keys if place.fits(at.base_url)]
        if at.is_local:  # such a server needs none, so the keyring is not opened for it
            fitting = [place for place in fitting if place.kind != "keyring"]
        return fitting[0] if fitting else None

    def endpoint(self, *, keyless: bool = False) -> Endpoint:
        """The one server to talk to, with the key read from where it stands.

        ``keyless`` gives it without a key, to show what would be sent.

        Raises:
            UsageError: no server or model is named, or a server elsewhere lacks a key; the hint
                says what to do.
        """
        at = self._at_server()
        if self.model is None:
            raise UsageError(f"no model is named for the server at {at.host!r}", hint=_NO_MODEL)
        if keyless:
            return at
        place = self.key_place()
        if place is None and not at.is_local:
            raise UsageError(f"there is no key for {at.host!r}", hint=self._no_key())
        key = read_key(place, at.host) if place else None
        return at.model_copy(update={"api_key": key})

    def _at_server(self) -> Endpoint:
        """The endpoint without its key; without a model where none is named."""
        if self.base_url is None:
            raise UsageError("no server is named for the llm engine", hint=_NO_SERVER)
        model = self.model or "unnamed"
        found = server(self.base_url, model=model, api_version=self.api_version)
        proxy = self.proxy.get_secret_value() if self.proxy else None
        same = ("deadline", "context", "answer_tokens", "temperature", "rung")
        at = Endpoint(
            base_url=found.base_url,
            model=model,
            proxy=proxy,
            api_version=found.api_version,
            **{name: getattr(self, name) for name in same},
        )
        concurrency = self.concurrency or (1 if at.is_local else _CONCURRENCY)
        return at.model_copy(update={"concurrency": concurrency})

    def _no_key(self) -> str:
        others = [place for place in self._keys if place.server is not None]
        if not others:
            return _NO_KEY
        return f"{others[0].name} is for {origin(others[0].server or '')[1]!r} only; {_NO_KEY}"


def shown_values(settings: Settings) -> dict[str, str | None]:
    """Each setting as it may be shown: as it would be written, None where it is not set."""
    shown: dict[str, str | None] = {}
    tone = {f"tone.{name}": getattr(settings.tone, name) for name in Tone.model_fields}
    plain = {name: getattr(settings, name) for name in Values.model_fields if name != "tone"}
    for name, value in (plain | tone).items():
        if name == "proxy" and value is not None:
            shown[name] = shown_proxy(value)
        elif isinstance(value, dict | tuple):
            shown[name] = ", ".join(sorted(value)) or None
        elif name == "temperature" and value is None:
            shown[name] = "off"
        elif isinstance(value, bool):
            shown[name] = "on" if value else "off"
        else:
            shown[name] = None if value is None else str(value)
    return shown


_NOTHING = Layer("project file", {}, {})
