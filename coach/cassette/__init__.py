"""Cassettes: what a server answered, recorded once and played back without it. One file a case.

The files are vcrpy's (YAML, version 1): vcrpy plays ours (with ``match_on=["method", "path",
"body"]``) and we play those it wrote. What differs is the way there. Each task and each thread has
a cassette of its own, so that many cases run at once; what is not recorded is refused, never sent;
and headers are kept by a list of those allowed, not of those forbidden.

Bodies are written down whole. Record synthetic or consented text only.
"""

from __future__ import annotations

from coach.cassette.exchange import Exchange, match_key, read_exchanges
from coach.cassette.recording import Cassette, CassetteMiss, Record, use_cassette
from coach.cassette.transport import CassetteTransport

__all__ = [
    "Cassette",
    "CassetteMiss",
    "CassetteTransport",
    "Exchange",
    "Record",
    "match_key",
    "read_exchanges",
    "use_cassette",
]
