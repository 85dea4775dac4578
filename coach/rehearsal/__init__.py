"""Rehearsal: the conversation practised first, with somebody who is not there.

A ``Persona`` (guides/personas/*.yaml) sits across the table; what she may say about a step stands
in ``StepScenes`` (guides/scenes/*.yaml). A ``Session`` goes from line to line: each line of the
manager's is taken as moves (asked openly, told, threatened, ...), these move the ``State``, and an
engine finds the words for it. Pure, but for reading the data files.
"""

from coach.rehearsal.debrief import Balance, Debrief, debrief
from coach.rehearsal.hints import hints
from coach.rehearsal.history import History, Kept
from coach.rehearsal.moves import Heard, heard
from coach.rehearsal.persona import KnownPersona, Persona, load_persona, personas
from coach.rehearsal.remarks import Remark
from coach.rehearsal.replies import BANDS, Band, Block, Move, Reply
from coach.rehearsal.scenes import StepScenes, load_scenes
from coach.rehearsal.seed import Seed, seed_of
from coach.rehearsal.session import Session, Setting, Turn
from coach.rehearsal.state import Difficulty, State
from coach.rehearsal.written import in_the_manner_of, written_reply

__all__ = [
    "BANDS",
    "Balance",
    "Band",
    "Block",
    "Debrief",
    "Difficulty",
    "Heard",
    "History",
    "Kept",
    "KnownPersona",
    "Move",
    "Persona",
    "Remark",
    "Reply",
    "Seed",
    "Session",
    "Setting",
    "State",
    "StepScenes",
    "Turn",
    "debrief",
    "heard",
    "hints",
    "in_the_manner_of",
    "load_persona",
    "load_scenes",
    "personas",
    "seed_of",
    "written_reply",
]
