"""Where the key for a server stands, and the key itself, read only when it is needed."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, SecretStr

from coach.errors import UsageError
from coach.settings.address import OPENAI, origin
from coach.settings.layers import Layer

_MOST_BYTES = 10_000
_LONGEST = 4_000
_SAFE_BACKENDS = (
    "keyring.backends.SecretService",
    "keyring.backends.Windows",
    "keyring.backends.chainer",
    "keyring.backends.kwallet",
    "keyring.backends.libsecret",
    "keyring.backends.macOS",
)
"""Of the keyring package itself; others may keep keys in plain text."""


class KeyPlace(BaseModel):
    """A place where a key was said to be, and the server that it is for."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["variable", "file", "keyring"]
    name: str
    """Of the variable or the file."""
    origin: str
    """What named the place."""
    server: str | None = None
    """The address that the same source gave; None: it gave none, so the key is for any."""
    secret: SecretStr | None = None
    """The value of a variable; None where it is not set."""

    def fits(self, base_url: str) -> bool:
        """Whether the key may go to this server."""
        return self.server is None or origin(self.server) == origin(base_url)


def key_places(layers: tuple[Layer, ...], env: Mapping[str, str]) -> tuple[KeyPlace, ...]:
    """Every place that is named, the one that wins first.

    A key belongs to the server that is named beside it: a source that gives both an address and a
    key gives the key for that address only.
    """
    found: list[KeyPlace] = []
    for layer in layers:
        server = layer.values.get("base_url")
        if layer.name == "environment" and env.get("COACH_API_KEY"):
            found.append(_variable("COACH_API_KEY", "COACH_API_KEY", env, server))
        if layer.name == "OpenAI's variables" and env.get("OPENAI_API_KEY"):
            found.append(_variable("OPENAI_API_KEY", "OPENAI_API_KEY", env, server or OPENAI))
        if name := layer.values.get("api_key_env"):
            found.append(_variable(name, layer.origins["api_key_env"], env, server))
        if path := layer.values.get("api_key_file"):
            named_by = layer.origins["api_key_file"]
            found.append(KeyPlace(kind="file", name=str(path), origin=named_by, server=server))
        if layer.values.get("keyring"):
            # the keyring is asked for the key of one host, so it needs no other bound
            found.append(KeyPlace(kind="keyring", name="coach", origin=layer.origins["keyring"]))
    return tuple(found)


def read_key(place: KeyPlace, host: str) -> SecretStr:
    """The key at this place.

    Raises:
        UsageError: there is none, or it lies open; the message never holds any of it.
    """
    match place.kind:
        case "variable":
            text = place.secret.get_secret_value() if place.secret else ""
            if not text:
                raise UsageError(
                    f"the variable {place.name!r}, named by {place.origin}, is not set",
                    hint="set it to the key, or name another one",
                )
        case "file":
            text = _from_file(Path(place.name).expanduser())
        case "keyring":
            text = _from_keyring(host)
    key = text.strip()
    if not key or len(key) > _LONGEST or not key.isascii() or not key.isprintable() or " " in key:
        raise UsageError(
            f"what stands in {place.name!r} is not a key: it has to be one word of plain letters",
            hint="copy the key once more, alone and without quotes",
        )
    return SecretStr(key)


def _variable(name: str, named_by: str, env: Mapping[str, str], server: str | None) -> KeyPlace:
    value = env.get(name)
    secret = SecretStr(value) if value else None
    return KeyPlace(kind="variable", name=name, origin=named_by, server=server, secret=secret)


def _from_file(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            found = os.fstat(stream.fileno())
            _check_closed(path, found)
            data = stream.read(_MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(
            f"the key file {str(path)!r} cannot be read: {(error.strerror or 'refused').lower()}",
            hint="check api_key_file",
        ) from None
    return data.decode("utf-8-sig", "replace") if len(data) <= _MOST_BYTES else ""


def _check_closed(path: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise UsageError(f"the key file {str(path)!r} is not a plain file", hint="check its path")
    if os.name == "nt":
        return
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise UsageError(
            f"others on this machine may read the key file {str(path)!r}",
            hint=f"close it first: chmod 600 {path}",
        )


def _from_keyring(host: str) -> str:
    try:
        import keyring
        import keyring.errors
    except ImportError:
        raise UsageError(
            "the keyring package is not installed",
            hint="pip install keyring, or set COACH_API_KEY",
        ) from None
    backend: Any = keyring.get_keyring()
    if not type(backend).__module__.startswith(_SAFE_BACKENDS):
        raise UsageError(
            "this system has no keyring that keeps keys safe",
            hint="set COACH_API_KEY, or name a file of mode 600 with api_key_file",
        )
    try:
        key = keyring.get_password("coach", host)
    except keyring.errors.KeyringError:
        raise UsageError(
            "the keyring did not open", hint="unlock it, or set COACH_API_KEY for this run"
        ) from None
    if not key:
        raise UsageError(
            f"the keyring holds no key for {host!r}",
            hint=f"put it there: keyring set coach {host}",
        )
    return str(key)
