"""Many phones that open pages as fast as they are answered: a few connections that stay open, in one thread."""

import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from itertools import cycle

CONNECTIONS = 16
LENGTH = b"content-length:"


class Phone:
    """One connection: sends a request, reads its answer, and the next."""

    def __init__(self, port: int, requests: Iterator[bytes]) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._requests = requests
        self._read = b""
        self._wanted = -1

    def ask(self) -> None:
        self._read, self._wanted = b"", -1
        self.socket.sendall(next(self._requests))

    def has_answer(self) -> bool:
        """Read what came; tell whether the answer is whole. Raises: RuntimeError for any but a 200."""
        came = self.socket.recv(262_144)
        if not came:
            raise RuntimeError("The server closed a connection.")
        self._read += came
        if self._wanted < 0 and b"\r\n\r\n" in self._read:
            head, _, _body = self._read.partition(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(head.splitlines()[0].decode())
            lengths = [line[len(LENGTH) :] for line in head.lower().splitlines() if line.startswith(LENGTH)]
            self._wanted = len(head) + 4 + int(lengths[0])
        return 0 <= self._wanted <= len(self._read)


def request(path: str, host: str, cookie: str = "") -> bytes:
    """Write a request as a phone sends it."""
    cookies = f"Cookie: {cookie}\r\n" if cookie else ""
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: identity\r\n{cookies}\r\n".encode()


def answered_a_second(port: int, requests: Sequence[bytes], seconds: float) -> float:
    """Ask for the pages by turns for so long; give how many answers a second came."""
    turns = cycle(requests)
    watch = selectors.DefaultSelector()
    for _place in range(CONNECTIONS):
        phone = Phone(port, turns)
        watch.register(phone.socket, selectors.EVENT_READ, phone)
        phone.ask()
    begun, answers = time.perf_counter(), 0
    while time.perf_counter() - begun < seconds:
        for key, _events in watch.select(timeout=1):
            phone = key.data
            if phone.has_answer():
                answers += 1
                phone.ask()
    taken = time.perf_counter() - begun
    for key in list(watch.get_map().values()):
        key.data.socket.close()
    watch.close()
    return answers / taken
