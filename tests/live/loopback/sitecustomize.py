"""Refuses sockets to anywhere but this machine, in processes that talk to the live server.

Takes the place of ``tests/offline`` there, and writes what it refuses into the same file.
"""

import os
import sys

_REFUSED = {"socket.bind", "socket.connect", "socket.sendto", "socket.sendmsg"}
_LOOKED_UP = {"socket.getaddrinfo", "socket.gethostbyaddr", "socket.gethostbyname"}
_HERE = {"127.0.0.1", "::1", "localhost"}


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event in _LOOKED_UP:
        host: object = arguments[0]
    elif event in _REFUSED:
        address = arguments[-1]
        host = address[0] if isinstance(address, tuple) else address
    else:
        return
    if host in _HERE or (isinstance(host, bytes) and host.decode("latin-1") in _HERE):
        return
    log = os.environ.get("COACH_TEST_SOCKETS")
    if log:
        with open(log, "a", encoding="utf-8") as file:  # noqa: PTH123  early in start-up
            file.write(event + "\n")
    raise RuntimeError(f"live tests stay on this machine, and this one tried {event}")


sys.addaudithook(_refuse)
