"""Sources: the files that some arguments mean, folders and patterns among them."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from coach.errors import InputError

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

STDIN = "-"
ENDINGS = frozenset({".docx", ".htm", ".html", ".markdown", ".md", ".sbv", ".srt", ".txt", ".vtt"})
"""What is taken from a folder. A file that is named is read whatever its ending."""
OWN_IGNORES = ".coachignore"
_GIT_IGNORES = ".gitignore"
_WILD = frozenset("*?[")
_MOST_BYTES = 1_000_000
"""Of a file of patterns."""


class Sources(NamedTuple):
    """What to check, in order, each once; what was named and is left out; what is not there."""

    found: tuple[str, ...]
    left_out: tuple[tuple[str, Path], ...]
    """With the file that says so."""
    missing: tuple[tuple[str, InputError], ...]


class Ignoring(NamedTuple):
    """Patterns as in a .gitignore, and the folder they are meant from."""

    folder: Path
    lines: tuple[str, ...]
    said_by: Path


def find_sources(named: Sequence[str], *, ignoring: Sequence[Ignoring] = ()) -> Sources:
    """The sources that these arguments mean: files, folders, patterns such as ``**/*.md``, ``-``.

    A .coachignore speaks for its folder and all below, and so do the patterns of the settings
    (``ignoring``): what they name is never checked. A .gitignore only says what is not taken from
    a folder, and neither is what starts with a dot.
    """
    search = _Search(ignoring)
    for name in named:
        search.take(name)
    return Sources(tuple(search.found.values()), tuple(search.left_out), tuple(search.missing))


class _Search:
    def __init__(self, ignoring: Sequence[Ignoring]) -> None:
        self.found: dict[str, str] = {}
        """By real path, so that no file is checked twice."""
        self.left_out: list[tuple[str, Path]] = []
        self.missing: list[tuple[str, InputError]] = []
        self._always = [_Patterns.read(one.lines, one.folder, one.said_by) for one in ignoring]
        self._of_folder: dict[tuple[Path, str], _Patterns | None] = {}

    def take(self, name: str) -> None:
        """Find what one argument means."""
        if name == STDIN:
            self.found.setdefault(STDIN, STDIN)
        elif Path(name).is_dir():
            self._walk(name)
        elif _WILD & set(name) and not Path(name).exists():
            self._match(name)
        elif said_by := self._ignored(Path(name)):
            self.left_out.append((name, said_by))
        else:
            self._keep(name)

    def _keep(self, name: str) -> None:
        self.found.setdefault(os.path.realpath(name), name)

    def _match(self, pattern: str) -> None:
        names = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207  it may be absolute
        files = [name for name in names if Path(name).is_file()]
        if not files:
            error = InputError(
                f"{pattern}: no file matches",
                hint="** stands for folders in between, * for anything in one name",
            )
            self.missing.append((pattern, error))
        for name in files:
            if not (self._ignored(Path(name)) or self._by_git(Path(name))):
                self._keep(name)

    def _walk(self, top: str) -> None:
        if said_by := self._ignored(Path(top), folder=True):
            self.left_out.append((top, said_by))
            return
        names = list(self._below(top))
        for name in names:
            self._keep(name)
        if not names:
            error = InputError(
                f"{top}: there is nothing to check in this folder",
                hint=f"files are taken from it that end in {', '.join(sorted(ENDINGS))}, unless "
                "they are ignored; one that is named is checked whatever its ending",
            )
            self.missing.append((top, error))

    def _below(self, top: str) -> Iterator[str]:
        for folder, folders, files in os.walk(top):
            at = Path(folder)
            folders[:] = sorted(
                name
                for name in folders
                if not name.startswith(".") and not self._skips(at / name, folder=True)
            )
            for name in sorted(files):
                ending = Path(name).suffix.lower()
                if ending in ENDINGS and not name.startswith(".") and not self._skips(at / name):
                    yield str(at / name) if top != "." else str((at / name).relative_to("."))

    def _skips(self, path: Path, *, folder: bool = False) -> bool:
        return bool(self._ignored(path, folder=folder) or self._by_git(path, folder=folder))

    def _ignored(self, path: Path, *, folder: bool = False) -> Path | None:
        """The file that says never to check this, if one does."""
        own = self._above(path, OWN_IGNORES)
        return _verdict([*self._always, *own], path.absolute(), folder=folder)

    def _by_git(self, path: Path, *, folder: bool = False) -> Path | None:
        return _verdict(self._above(path, _GIT_IGNORES), path.absolute(), folder=folder)

    def _above(self, path: Path, name: str) -> list[_Patterns]:
        """The patterns of such files above a path, from the project's top down."""
        found: list[_Patterns] = []
        for folder in path.absolute().parents:
            key = (folder, name)
            if key not in self._of_folder:
                self._of_folder[key] = _Patterns.of(folder / name)
            if patterns := self._of_folder[key]:
                found.append(patterns)
            if (folder / ".git").exists():
                break
        return found[::-1]


class _Patterns(NamedTuple):
    folder: Path
    spec: GitIgnoreSpec
    said_by: Path

    @classmethod
    def read(cls, lines: Sequence[str], folder: Path, said_by: Path) -> _Patterns:
        from pathspec import GitIgnoreSpec

        return cls(folder.absolute(), GitIgnoreSpec.from_lines(lines), said_by)

    @classmethod
    def of(cls, path: Path) -> _Patterns | None:
        """The patterns in a file, or None where there is none that can be read."""
        try:
            if not path.is_file():
                return None
            with path.open("rb") as stream:
                text = stream.read(_MOST_BYTES).decode("utf-8-sig", "replace")
        except OSError:
            return None
        return cls.read(text.splitlines(), path.parent, path)


def _verdict(patterns: Sequence[_Patterns], path: Path, *, folder: bool) -> Path | None:
    """The file whose word on this path counts, the last of them all, if it says to leave it out.

    What stands in a folder that is left out cannot be taken back in, as with git.
    """
    for place in (*reversed(path.parents), path):
        said: Path | None = None
        for one in patterns:
            if place == one.folder or not place.is_relative_to(one.folder):
                continue
            name = place.relative_to(one.folder).as_posix()
            slash = "/" if folder or place != path else ""
            result = one.spec.check_file(name + slash)
            if result.include is not None:
                said = one.said_by if result.include else None
        if said:
            return said
    return None
