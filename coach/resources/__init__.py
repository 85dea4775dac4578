"""Where coach's data files stand, and how one becomes a model.

Guides, rules, prompts and suites are files: bundled with coach, or the user's own, which win by
name. A file is read once, as YAML 1.2 in which every value is text (the model gives the type, so
``no``, ``on`` and ``12:30`` stay what was written), and every fault in it is told at
``path:line:column``.
"""

from coach.resources.keeping import keep_values, kept_values
from coach.resources.loading import (
    Fault,
    clash,
    load_model,
    model_from,
    read_data,
    read_text,
    refusal,
)
from coach.resources.places import bundled, find, is_path, named, owned, root, user_folder

__all__ = [
    "Fault",
    "bundled",
    "clash",
    "find",
    "is_path",
    "keep_values",
    "kept_values",
    "load_model",
    "model_from",
    "named",
    "owned",
    "read_data",
    "read_text",
    "refusal",
    "root",
    "user_folder",
]
