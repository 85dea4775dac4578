"""Where settings come from, in the order in which they win, each source read and checked."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from coach.errors import DataFileError, UsageError
from coach.resources import is_path, user_folder
from coach.settings.toml_file import SettingsFile, read_file
from coach.settings.values import FILES_ONLY, PATHS, PROJECT_MAY_SET, Tone, Values

FILE = "coach.toml"
PREFIX = "COACH_"
OF_OPENAI = {"OPENAI_BASE_URL": "base_url", "OPENAI_MODEL": "model"}
NO_SETTINGS = frozenset({"COACH_API_KEY", "COACH_DEBUG", "COACH_HOME", "COACH_MAX_MB"})
"""Variables of coach that are read elsewhere."""

_MOST_FAULTS = 20
_KEY_HINT = (
    "a key does not stand in a settings file: put it into a file of its own and name that with "
    "api_key_file, or set COACH_API_KEY"
)


class Layer(NamedTuple):
    """What one source says: checked values, and the exact place of each."""

    name: str
    values: dict[str, Any]
    """By key; those of the table ``tone`` one by one, as ``tone.fail_on``."""
    origins: dict[str, str]
    file: Path | None = None
    """The settings file, where the source is one."""


def from_flags(flags: Mapping[str, Any]) -> Layer:
    """What the command line says; an option that is None was not given."""
    given = {key: value for key, value in flags.items() if value is not None}
    origins = {key: _option(key, value) for key, value in given.items()}
    told = {key: str(value) for key, value in given.items()}
    return _from_text("options", told, origins)


def from_variables(env: Mapping[str, str]) -> Layer:
    """What coach's own variables say; an empty one counts as not set."""
    known = [key for key in Values.model_fields if key not in FILES_ONLY]
    return _from_named("environment", env, {f"{PREFIX}{key.upper()}": key for key in known})


def from_openai(env: Mapping[str, str]) -> Layer:
    """What the variables that OpenAI's own tools read say."""
    return _from_named("OpenAI's variables", env, OF_OPENAI)


def unknown_variables(env: Mapping[str, str]) -> dict[str, str | None]:
    """Variables that look like coach's and are none, with the one that may be meant."""
    known = {f"{PREFIX}{key.upper()}" for key in Values.model_fields if key not in FILES_ONLY}
    known |= NO_SETTINGS
    strange = sorted(
        name
        for name in env
        if name.startswith(PREFIX) and name not in known and not name.startswith("COACH_TEST_")
    )
    return {name: next(iter(_near(name, sorted(known))), None) for name in strange}


def user_file() -> Path:
    """The user's own settings file; it need not exist."""
    return user_folder(FILE)


def project_file(folder: Path) -> SettingsFile | None:
    """The nearest file upwards that speaks of coach: coach.toml, or pyproject.toml's table.

    Raises:
        DataFileError: that file is not valid TOML.
    """
    own = user_file().resolve()
    for place in (folder, *folder.parents):
        path = place / FILE
        if path.is_file() and path.resolve() != own:
            return read_file(path)
        shared = place / "pyproject.toml"
        found = read_file(shared, table=("tool", "coach")) if shared.is_file() else None
        if found:
            return found
    return None


def from_user_file() -> tuple[Layer, tuple[Path, ...]]:
    """What the user's own file says, and the folders whose files she trusts.

    Raises:
        DataFileError: the file is not valid; each fault at ``path:line:column``.
    """
    path = user_file()
    file = read_file(path) if path.is_file() else None
    if file is None:
        return Layer("user file", {}, {}), ()
    values = dict(file.values)
    trusted = values.pop("trust", [])
    if not isinstance(trusted, list) or not all(isinstance(name, str) for name in trusted):
        raise DataFileError(
            f"{file.at('trust')}: trust: must be a list of folders",
            hint='for example trust = ["~/plans"]',
        )
    folders = tuple(Path(name).expanduser() for name in trusted)
    for folder in folders:
        if not folder.is_absolute():
            raise DataFileError(
                f"{file.at('trust')}: trust: {str(folder)!r} is not a whole path",
                hint="start it with / or ~",
            )
    return _from_file("user file", file._replace(values=values)), folders


def from_project_file(file: SettingsFile, *, trusted: tuple[Path, ...]) -> Layer:
    """What a project's file says, if it may say that.

    Raises:
        DataFileError: the file is not valid, or its folder would have to be trusted first.
    """
    folder = file.path.parent.resolve()
    if "trust" in file.values:
        raise DataFileError(
            f"{file.at('trust')}: trust: only your own settings file may say which folders to "
            "trust",
            hint=f"move it to {user_file()}",
        )
    refused = sorted(set(file.values) & set(Values.model_fields) - PROJECT_MAY_SET)
    if refused and folder not in {place.resolve() for place in trusted}:
        told = [
            f"{file.at(key)}: {key}: a project's file may not set this, since the folder is not "
            "one you trust"
            for key in refused
        ]
        raise DataFileError(
            "\n".join(told),
            hint="it decides where notes go or what is kept of them. If that is what you want, "
            f"put trust = [{json.dumps(str(folder))}] into {user_file()}; else take it out there "
            "and set it by option, variable or in your own file",
        )
    return _from_file("project file", file)


def _option(key: str, value: Any) -> str:
    name = key.removeprefix("tone.").replace("_", "-")
    return f"--{'no-' if value is False else ''}{name}"


def _from_named(name: str, env: Mapping[str, str], variables: Mapping[str, str]) -> Layer:
    told = {key: env[variable] for variable, key in variables.items() if env.get(variable)}
    origins = {key: variable for variable, key in variables.items() if key in told}
    return _from_text(name, told, origins)


def _from_text(name: str, told: dict[str, str], origins: dict[str, str]) -> Layer:
    try:
        values = Values.model_validate_strings(nested(told))
    except ValidationError as error:
        details = error.errors(include_url=False)
        faults = [f"{origins[_key(detail)]}: {_what(detail)}" for detail in details]
        raise UsageError(
            "\n".join(dict.fromkeys(faults)),
            hint="coach doctor shows every setting and where it comes from",
        ) from None
    return Layer(name, _given(values), origins)


def _from_file(name: str, file: SettingsFile) -> Layer:
    """Strictly by type: TOML has numbers and truth values, so text in their place is a slip."""
    as_json = json.dumps(file.values, default=lambda _date: [])
    try:
        values = Values.model_validate_json(as_json, strict=True)
    except ValidationError as error:
        raise DataFileError(
            "\n".join(dict.fromkeys(_faults(error, file))),
            hint="each line starts with file, line and column; docs/settings.md lists the settings",
        ) from None
    given = {key: _beside(file.path, key, value) for key, value in _given(values).items()}
    origins = {key: file.at(*key.split(".")).rpartition(":")[0] for key in given}
    return Layer(name, given, origins, file.path)


def _faults(error: ValidationError, file: SettingsFile) -> Iterator[str]:
    details = error.errors(include_url=False)
    for detail in details[:_MOST_FAULTS]:
        key = tuple(part for part in map(str, detail["loc"]) if part != "[key]")
        yield f"{file.at(*key)}: {'.'.join(key)}: {_what(detail)}"
    if len(details) > _MOST_FAULTS:
        yield f"{file.path}: and {len(details) - _MOST_FAULTS} more"


def _key(detail: ErrorDetails) -> str:
    """The setting that is meant."""
    table, *inside = map(str, detail["loc"])
    return f"{table}.{inside[0]}" if table == "tone" else table


def _what(detail: ErrorDetails) -> str:
    """What is wrong, in words for people, without the value: it may be a key or a password."""
    key = str(detail["loc"][-1])
    if detail["type"] == "extra_forbidden":
        if key.replace("-", "_").lower() in {"api_key", "key", "openai_api_key", "token"}:
            return _KEY_HINT
        known = _known(str(detail["loc"][0]) if len(detail["loc"]) > 1 else None)
        near = _near(key.lower().replace("-", "_"), list(known))
        meant = f", did you mean {near[0]!r}?" if near else f" (known: {', '.join(known)})"
        return f"there is no such setting{meant}"
    if detail["type"] == "missing":
        return "is missing"
    if detail["type"] == "string_pattern_mismatch":
        return next((_FORMS[part] for part in detail["loc"] if part in _FORMS), _PLAIN)
    message = detail["msg"].removeprefix("Value error, ")
    return message.replace("Input should be", "must be").replace("String should have", "must have")


_FORMS: dict[str | int, str] = {
    "lang": "must be a language code such as en",
    "off": "must be a rule or a category, such as tone.label or label",
    "fine": "must hold a word",
    "avoid": "must hold a word",
}
_PLAIN = "must be one plain word"


def _known(table: str | None) -> tuple[str, ...]:
    """The keys of a table, or of the file's top."""
    if table is None:
        return tuple(Values.model_fields)
    return tuple(Tone.model_fields) if table == "tone" else ("input", "output", "cached")


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by key, those of the table ``tone`` in a table again."""
    plain = {key: value for key, value in values.items() if not key.startswith("tone.")}
    tone = {key.removeprefix("tone."): values[key] for key in values.keys() - plain.keys()}
    return plain | ({"tone": tone} if tone else {})


def _given(values: Values) -> dict[str, Any]:
    plain = {key: getattr(values, key) for key in values.model_fields_set - {"tone"}}
    tone = {f"tone.{key}": getattr(values.tone, key) for key in values.tone.model_fields_set}
    return plain | tone


def _beside(path: Path, key: str, value: Any) -> Any:
    """A path in a file is meant from the file's own folder."""
    if key in PATHS and value is not None:
        return path.parent / Path(value).expanduser()
    if key == "guide" and is_path(value):
        return str(path.parent / Path(value).expanduser())
    return value


def _near(name: str, known: list[str]) -> list[str]:
    return difflib.get_close_matches(name, known, n=1)
