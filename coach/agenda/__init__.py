"""Agenda: the next conversation, prepared, from the guide and from what a source left open."""

from coach.agenda.agenda import agenda
from coach.agenda.model import Agenda, Part

__all__ = ["Agenda", "Part", "agenda"]
