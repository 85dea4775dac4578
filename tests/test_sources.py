"""Which files some arguments mean: folders, patterns, ignore files."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from coach.checks.sources import Ignoring, Sources, find_sources

Tree = Callable[..., Path]


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    """Makes files in the working folder: ``tree("a/b.md", **{".coachignore": "a/"})``."""

    def make(*names: str, **texts: str) -> Path:
        for name in (*names, *texts):
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(texts.get(name, "words\n"), encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        return tmp_path

    return make


def names(sources: Sources) -> list[str]:
    assert not sources.missing
    return [Path(name).as_posix() for name in sources.found]


def test_a_folder_gives_every_text_below_it_in_the_order_of_names(tree: Tree) -> None:
    tree(
        "b.md", "a/z.txt", "a/c/y.vtt", "a/x.docx", "a/q.MD", "a/page.html", "a/skip.py", "a/n.pdf"
    )
    wanted = ["b.md", "a/page.html", "a/q.MD", "a/x.docx", "a/z.txt", "a/c/y.vtt"]
    assert names(find_sources(["."])) == wanted
    assert names(find_sources(["a"])) == wanted[1:]


def test_what_starts_with_a_dot_is_not_taken_from_a_folder_but_can_be_named(tree: Tree) -> None:
    tree(".hidden/a.md", ".b.md", "c.md")
    assert names(find_sources(["."])) == ["c.md"]
    assert names(find_sources([".b.md", ".hidden/a.md"])) == [".b.md", ".hidden/a.md"]


def test_a_named_file_is_taken_whatever_its_ending_or_absence(tree: Tree) -> None:
    tree("script.py")
    assert names(find_sources(["script.py", "missing.md"])) == ["script.py", "missing.md"]


def test_a_pattern_reaches_through_folders(tree: Tree) -> None:
    tree("a/b/c.md", "a/d.md", "e.md", "a/f.txt")
    assert names(find_sources(["**/*.md"])) == ["a/b/c.md", "a/d.md", "e.md"]
    assert names(find_sources(["a/*.*"])) == ["a/d.md", "a/f.txt"]


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tree: Tree) -> None:
    tree("[draft] a.md", "d.md")
    assert names(find_sources(["[draft] a.md"])) == ["[draft] a.md"]


@pytest.mark.parametrize(
    ("argument", "words"), [("*.nothing", "no file matches"), ("empty", "nothing to check")]
)
def test_a_pattern_or_folder_that_gives_nothing_is_told(
    tree: Tree, argument: str, words: str
) -> None:
    (tree("a.md") / "empty").mkdir()
    sources = find_sources([argument, "a.md"])
    assert sources.found == ("a.md",)
    [(name, error)] = sources.missing
    assert name == argument
    assert words in error.message
    assert error.hint


def test_no_file_is_taken_twice(tree: Tree) -> None:
    folder = tree("a.md", "b/c.md")
    (folder / "link.md").symlink_to("a.md")
    sources = find_sources(["a.md", ".", str(folder / "b"), "-", "link.md", "-"])
    assert names(sources) == ["a.md", "b/c.md", "-"]


def test_links_to_folders_are_not_followed(tree: Tree) -> None:
    folder = tree("a/b.md")
    (folder / "a" / "up").symlink_to("..")
    assert names(find_sources(["."])) == ["a/b.md"]


def test_a_gitignore_says_what_is_not_taken_from_a_folder(tree: Tree) -> None:
    tree("a.md", "old/b.md", "c.txt", **{".gitignore": "old/\n*.txt\n"})
    assert names(find_sources(["."])) == ["a.md"]
    assert names(find_sources(["**/*"])) == ["a.md"]
    assert names(find_sources(["c.txt", "old/b.md"])) == ["c.txt", "old/b.md"]


def test_a_coachignore_says_what_is_never_checked_and_who_said_so(tree: Tree) -> None:
    folder = tree("a.md", "old/b.md", **{".coachignore": "# not ours\nold/\n"})
    sources = find_sources([".", "old/b.md", "old"])
    assert names(sources) == ["a.md"]
    said_by = folder / ".coachignore"
    assert sources.left_out == (("old/b.md", said_by), ("old", said_by))


def test_the_nearer_file_and_the_later_line_win(tree: Tree) -> None:
    tree(
        "a.txt", "keep/b.txt", "keep/c.txt", "drop/d.txt", "drop/e.txt",
        **{".coachignore": "*.txt\n!d.txt\n", "keep/.coachignore": "!b.txt\n"},
    )  # fmt: skip
    assert names(find_sources(["."])) == ["drop/d.txt", "keep/b.txt"]


def test_nothing_in_a_folder_that_is_left_out_comes_back(tree: Tree) -> None:
    tree("old/b.md", "a.md", **{".coachignore": "old/\n!old/b.md\n", "old/.coachignore": "!b.md\n"})
    assert names(find_sources([".", "old/b.md"])) == ["a.md"]


def test_ignore_files_above_count_up_to_the_top_of_the_project(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tree(
        "p/a.md", "p/q/b.md", "p/q/c.md", **{"p/.gitignore": "b.md\n", ".gitignore": "c.md\n"}
    )
    (folder / "p" / ".git").mkdir()
    monkeypatch.chdir(folder / "p" / "q")
    assert names(find_sources(["."])) == ["c.md"]


def test_the_patterns_of_the_settings_count_from_their_folder(tree: Tree) -> None:
    folder = tree("a.md", "sub/a.md", "sub/b.md")
    said_by = folder / "coach.toml"
    own = Ignoring(folder, ("/a.md", "sub/b*"), said_by)
    sources = find_sources([".", "a.md"], ignoring=[own])
    assert names(sources) == ["sub/a.md"]
    assert sources.left_out == (("a.md", said_by),)


@pytest.mark.skipif(os.name == "nt", reason="such names do not exist there")
def test_a_name_that_is_no_text_is_found_all_the_same(tree: Tree) -> None:
    folder = tree("a.md")
    path = os.fsencode(folder) + b"/caf\xe9.md"
    with open(path, "wb") as stream:  # noqa: PTH123  bytes are no Path
        stream.write(b"words")
    assert len(find_sources(["."]).found) == 2
