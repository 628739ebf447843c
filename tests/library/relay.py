"""A server between the driver and the real one that notes what passes, and may pretend to be a cluster's router."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress


class Relay:
    """Listens on a port of 127.0.0.1 and passes everything on to ``target``; ``sent`` is what clients said."""

    def __init__(self, target: tuple[str, int], answers: Callable[[bytes], bytes] = lambda data: data) -> None:
        self.target = target
        self.answers = answers
        self.sent = b""
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def cut(self) -> None:
        """Drop every connection, as a network does."""
        for each in self._open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(self.target)
                self._open += [client, server]
                threading.Thread(target=self._pass, args=(client, server, True), daemon=True).start()
                threading.Thread(target=self._pass, args=(server, client, False), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket, from_client: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if from_client:
                    self.sent += data
                sink.sendall(data if from_client else self.answers(data))
        with suppress(OSError):
            sink.shutdown(socket.SHUT_RDWR)


def routing(real: str, roles: dict[str, str]) -> Callable[[bytes], bytes]:
    """Rewrites the routing table that ``real`` sends: each role gets an address of its own."""

    def rewrite(data: bytes) -> bytes:
        return b"".join(map(swapped, chunks(data))) if b"role" in data and real.encode() in data else data

    def swapped(chunk: bytes) -> bytes:
        for role, address in roles.items():
            pattern = re.escape(packed(real)) + rb"(?=.{0,12}?role.{0,2}?" + role.encode() + rb")"
            chunk = re.sub(pattern, lambda _, a=address: packed(a), chunk, flags=re.DOTALL)  # type: ignore[misc]
        return len(chunk).to_bytes(2, "big") + chunk

    return rewrite


def chunks(data: bytes) -> Iterator[bytes]:
    """The chunks that Bolt cuts its messages into, without their lengths."""
    while data:
        size = int.from_bytes(data[:2], "big")
        yield data[2 : 2 + size]
        data = data[2 + size :]


def packed(text: str) -> bytes:
    """A short text as PackStream has it."""
    raw = text.encode()
    return bytes([0x80 + len(raw)]) + raw if len(raw) < 16 else bytes([0xD0, len(raw)]) + raw
