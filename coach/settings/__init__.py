"""Settings: options > COACH_* > OPENAI_* > the project's file > the user's file > defaults.

Each value remembers where it came from. A project's file decides how coach works, and only in a
folder that the user trusts also where notes go; a key goes only to the server it was named for.
"""

from coach.settings.layers import unknown_variables, user_file
from coach.settings.model import Settings, shown_values

__all__ = ["Settings", "shown_values", "unknown_variables", "user_file"]
