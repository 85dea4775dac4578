"""Refuses sockets in every Python process that the tests start, the tests' own included.

An audit hook cannot be taken off again. What it refuses it also writes down, so that code which
swallows the error fails its test all the same.
"""

import os
import sys

_REFUSED = {
    "socket.bind",
    "socket.connect",
    "socket.getaddrinfo",
    "socket.gethostbyaddr",
    "socket.gethostbyname",
    "socket.sendmsg",
    "socket.sendto",
}


def _refuse(event: str, arguments: object) -> None:
    if event in _REFUSED:
        log = os.environ.get("COACH_TEST_SOCKETS")
        if log:
            with open(log, "a", encoding="utf-8") as file:  # noqa: PTH123  early in start-up
                file.write(event + "\n")
        raise RuntimeError(f"tests run offline, and this one tried {event}")


sys.addaudithook(_refuse)
