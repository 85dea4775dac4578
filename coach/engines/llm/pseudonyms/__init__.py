"""Pseudonyms: names and ids replaced by placeholders before a text leaves, and put back exactly.

The roster is the main control; speaker labels, cues, a list of names and patterns for ids do the
rest. What comes out is pseudonymised, never anonymous: who knows the talk can still tell who it is.
"""

from coach.engines.llm.pseudonyms.roster import Person, load_people, people_of
from coach.engines.llm.pseudonyms.table import NOTICE, Pseudonyms, UnknownPlaceholder

__all__ = ["NOTICE", "Person", "Pseudonyms", "UnknownPlaceholder", "load_people", "people_of"]
