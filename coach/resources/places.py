"""Where data files stand: bundled with coach, or the user's own."""

from __future__ import annotations

import difflib
import os
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from coach.errors import UsageError

_SUFFIXES = (".yaml", ".yml")


def root() -> Traversable:
    """The folder of bundled data: inside an installed coach, or beside it in a checkout."""
    installed = files("coach").joinpath("_data")
    return installed if installed.is_dir() else Path(__file__).resolve().parents[2]


def user_folder(folder: str) -> Path:
    """Where the user keeps her own files of this kind; it need not exist.

    ``$COACH_HOME/<folder>``, else ``<folder>`` in the platform's configuration folder for coach.
    """
    home = os.environ.get("COACH_HOME")
    if home:
        return Path(home).expanduser() / folder
    from platformdirs import user_config_dir

    return Path(user_config_dir("coach", appauthor=False)) / folder


def bundled(folder: str) -> tuple[Traversable, ...]:
    """The YAML files of this folder that come with coach, by name."""
    return _yaml_files(root().joinpath(folder))


def is_bundled(path: Traversable) -> bool:
    """Whether this is one of the guides and rules that come with coach."""
    return isinstance(path, Path) and root().joinpath("guides") in path.resolve().parents


def owned(folder: str) -> tuple[Traversable, ...]:
    """The user's own YAML files of this folder, by name."""
    return _yaml_files(user_folder(folder))


def named(folder: str) -> dict[str, Traversable]:
    """Every file of this folder by name, without ending; the user's own wins over a bundled one."""
    found = (*bundled(folder), *owned(folder))
    return dict(sorted({file.name.rpartition(".")[0]: file for file in found}.items()))


def is_path(name_or_path: str) -> bool:
    """Whether this is a path: it ends in .yaml or .yml, or holds a path separator."""
    separators = ("/", os.sep, os.altsep or "/")
    return name_or_path.lower().endswith(_SUFFIXES) or any(
        sep in name_or_path for sep in separators
    )


def find(folder: str, name_or_path: str) -> Traversable:
    """The file that is meant: a path is taken as it stands, anything else is a name.

    Raises:
        UsageError: no file of this folder has the name.
    """
    if is_path(name_or_path):
        return Path(name_or_path).expanduser()
    known = named(folder)
    if name_or_path in known:
        return known[name_or_path]
    near = difflib.get_close_matches(name_or_path, known, n=1)
    meant = f"did you mean {near[0]!r}? " if near else ""
    listed = f"known: {', '.join(known)}; " if known else ""
    raise UsageError(
        f"there is no {name_or_path!r} among the {folder}",
        hint=f"{meant}{listed}a file of your own is given by its path, ending in .yaml",
    )


def _yaml_files(folder: Traversable) -> tuple[Traversable, ...]:
    if not folder.is_dir():
        return ()
    found = [
        file
        for file in folder.iterdir()
        if file.name.endswith(_SUFFIXES) and not file.name.startswith(".") and file.is_file()
    ]
    return tuple(sorted(found, key=lambda file: file.name))
