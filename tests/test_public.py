"""The public names of the library."""

from __future__ import annotations

from pathlib import Path

import coach


def test_the_public_names_are_these_and_all_can_be_imported() -> None:
    assert coach.__all__ == sorted(coach.__all__)
    assert set(coach.__all__) == {
        "CoachError", "Document", "Draft", "Engine", "Finding", "Guide", "Plan", "StepMap",
        "draft", "load_guide", "open_engine", "read", "review",
    }  # fmt: skip
    assert all(getattr(coach, name) is not None for name in coach.__all__)


def test_the_library_drafts_as_its_docstring_says(root: Path) -> None:
    document = coach.read(root / "examples" / "bullet-notes.md")
    draft = coach.draft(document, coach.load_guide("isp"), coach.open_engine())
    assert draft.plan.sections
