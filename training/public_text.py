"""Gather public prose into a folder: ``python training/public_text.py FOLDER``, on Debian 12.

Guides, manuals, policies and process documents as they are written, with their wrapped lines.
They are other people's text, so they are fetched (``apt-get download``), never kept here:
``FOLDER/train`` for the score of a line's own words, ``FOLDER/dev`` for choosing thresholds, and
``FOLDER/held`` for counting false alarms in text that nothing was fitted on, each by package.
"""

from __future__ import annotations

import argparse
import gzip
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple


class Source(NamedTuple):
    """A package, what of it is prose, and what it is used for."""

    package: str
    paths: tuple[str, ...]
    part: str


SOURCES = (
    Source("git-doc", ("**/howto/*.txt", "**/Submitting*.txt", "**/*tutorial*.txt"), "train"),
    Source("jargon-text", ("**/jargon*.gz",), "train"),
    Source("linux-doc-6.1", ("**/Documentation/process/*.rst*",), "train"),
    Source("perl-doc", ("**/perlfaq*.pod", "**/perlhack*.pod", "**/perlpolicy.pod"), "train"),
    Source(
        "python3.11-doc",
        ("**/_sources/howto/*.txt", "**/_sources/faq/*.txt", "**/_sources/tutorial/*.txt"),
        "train",
    ),
    Source("developers-reference", ("**/_sources/*.rst.txt",), "dev"),
    Source("doc-debian", ("**/*.txt.gz",), "dev"),
    Source("debian-policy", ("**/_sources/*.rst.txt", "**/policy.txt*"), "held"),
    Source("installation-guide-amd64", ("**/en/*.txt*",), "held"),
    Source("maint-guide", ("**/maint-guide.en.txt*",), "held"),
    Source("debian-faq", ("**/*en.txt*",), "held"),
)
"""The packages of one part have no text in common with those of another."""


def main() -> None:
    """Download, unpack and sort the packages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder.resolve()
    for source in SOURCES:
        texts = gather(source)
        home = folder / source.part / source.package
        home.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (home / f"{name}.txt").write_text(text, encoding="utf-8")
        lines = sum(text.count("\n") for text in texts.values())
        print(f"{source.part:5} {source.package}: {len(texts)} files, {lines:,} lines")
        if not texts:
            sys.exit(f"{source.package} holds none of {source.paths}")


def gather(source: Source) -> dict[str, str]:
    """The texts of a package by name."""
    with tempfile.TemporaryDirectory() as scratch:
        for command in (
            ["apt-get", "download", source.package],
            ["sh", "-c", "dpkg-deb -x *.deb ."],
        ):
            subprocess.run(command, cwd=scratch, check=True, stdout=subprocess.DEVNULL)
        found = sorted({path for each in source.paths for path in Path(scratch).glob(each)})
        return {path.name.split(".")[0]: _text(path) for path in found if path.is_file()}


def _text(path: Path) -> str:
    raw = path.read_bytes()
    return (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8", "replace")


def lines_of(folder: Path) -> list[str]:
    """The lines of four words or more in the texts of a folder, each once."""
    files = sorted(folder.rglob("*.txt"))
    texts = "\n".join(path.read_text("utf-8") for path in files)
    lines = (" ".join(line.split()) for line in texts.split("\n"))
    return list(dict.fromkeys(line for line in lines if 4 <= len(line.split()) <= 60))


if __name__ == "__main__":
    main()
