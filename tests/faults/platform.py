"""A credit platform as a process of its own that misbehaves in every way, and keeps what it took.

    python -m tests.faults.platform --journal FILE --seed N [--remembers] [--slow SECONDS]

It says its port on the first line. It takes what it is sent as often as it is sent, so that whoever sends
blindly again is found out; with `--remembers` it keeps to the idempotency key. `POST /calm` ends its moods.
What it promises is only this: a request that was there when it was read is taken within `--slow` seconds,
or never. A line of the journal is one record taken, or one withdrawal: that has a `reason`.
"""

from __future__ import annotations

import argparse
import json
import random
import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from tests.services.outside import Heard, hear

_STATUS = {
    200: "OK", 201: "Created", 302: "Found", 404: "Not Found", 409: "Conflict", 429: "Too Many Requests",
    500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable",
}  # fmt: skip

Answer = Callable[[socket.socket], None]


class CreditPlatform:
    """Its records, its moods, and its answers."""

    def __init__(
        self, journal: Path, seed: int, *, remembers: bool, slow: float, bad: float
    ) -> None:
        self.journal, self.remembers, self.slow, self.bad = journal, remembers, slow, bad
        self.dice = random.Random(seed)
        self.calm = False
        self.taken: list[dict[str, Any]] = []
        self.lock = threading.Lock()
        self.listening = _listen(0)
        self.port = self.listening.getsockname()[1]

    def run(self) -> None:
        while True:
            try:
                sock, _ = self.listening.accept()
            except OSError:
                time.sleep(0.02)  # away for a while
                continue
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        with suppress(OSError, ValueError, AttributeError), sock:
            heard = hear(sock)
            read = time.monotonic()
            if not _still_there(sock):
                return  # whoever asked is gone: nothing of it is done
            if heard.target == "/calm":
                self.calm = True
                _say(sock, 200, {"calm": True})
            elif heard.method == "GET":
                self._look(sock, unquote(heard.target.removeprefix("/records/")))
            else:
                self._mood(heard, read)(sock)

    # — what it has —

    def _take(self, heard: Heard, read: float) -> dict[str, Any] | None:
        """One more record, unless it promised too long ago, or remembers the key; None where it has not."""
        told = heard.json()
        with self.lock:
            if self.remembers:
                key = heard.headers["idempotency-key"]
                if found := next((r for r in self.taken if r["idempotency"] == key), None):
                    return found
            if time.monotonic() - read > self.slow:
                return None
            there = any(r["key"] == told["key"] for r in self.taken)
            if heard.target.endswith("/withdrawal") and not there:
                return None
            taken: dict[str, Any] = told | {
                "receipt": f"回执-{len(self.taken) + 1}",
                "idempotency": heard.headers["idempotency-key"],
            }
            self.taken.append(taken)
            with self.journal.open("a", encoding="utf-8") as file:
                file.write(json.dumps(taken, ensure_ascii=False) + "\n")
            return taken

    def _look(self, sock: socket.socket, key: str) -> None:
        mood = "" if self.calm or self.dice.random() > self.bad else self.dice.choice(
            ["500", "hang", "html404", "cut", "malformed", "another"]
        )  # fmt: skip
        with self.lock:
            found = next((r for r in self.taken if r["key"] == key), None)
            down = next((r for r in self.taken if r["key"] == key and "reason" in r), None)
        if mood == "500":
            _say(sock, 500, {"error": "…"})
        elif mood == "hang":
            _hang(sock)
        elif mood == "html404":
            _raw(sock, 404, b"<html>no such page</html>")
        elif mood == "cut":
            _raw(sock, 200, b'{"key": "', whole=400)
        elif mood == "malformed":
            _raw(sock, 200, b'{"key": ')
        elif mood == "another":
            _say(sock, 404, {"key": "another"})
        elif found is None:
            _say(sock, 404, {"key": key})
        else:
            names = ("key", "version", "number", "receipt")
            state = {"state": "withdrawn", "withdrawal": down["receipt"]} if down else {}
            _say(sock, 200, {n: found[n] for n in names} | {"state": "published"} | state)

    # — its moods —

    def _mood(self, heard: Heard, read: float) -> Answer:
        if self.calm or self.dice.random() > self.bad:
            return self._well(heard, read)
        return self.dice.choice(self._moods(heard, read))

    def _well(self, heard: Heard, read: float) -> Answer:
        def answer(sock: socket.socket) -> None:
            if taken := self._take(heard, read):
                _say(sock, 201, {n: taken[n] for n in ("key", "version", "receipt")})
            elif heard.target.endswith("/withdrawal"):
                _say(sock, 404, {"key": heard.json()["key"]})

        return answer

    def _moods(self, heard: Heard, read: float) -> list[Answer]:
        def before(then: Answer) -> Answer:
            return then

        def after(then: Answer) -> Answer:
            def answer(sock: socket.socket) -> None:
                self._take(heard, read)
                then(sock)

            return answer

        def later(then: Answer) -> Answer:
            """Taken when whoever sent it has long gone."""

            def answer(sock: socket.socket) -> None:
                wait = self.dice.uniform(0, self.slow)
                threading.Timer(wait, self._take, (heard, read)).start()
                then(sock)

            return answer

        def says(status: int, body: Any, **more: Any) -> Answer:
            return lambda sock: _say(sock, status, body, **more)

        def raw(status: int, body: bytes, **more: Any) -> Answer:
            return lambda sock: _raw(sock, status, body, **more)

        wrong = {"key": "another", "version": 1, "receipt": "not yours"}
        return [
            before(_hang), after(_hang), later(_hang),
            before(says(500, {"error": "…"})), after(says(500, {"error": "…"})), later(says(502, {})),
            before(says(503, {"taken": False})), after(says(503, {"error": "busy"})),
            before(raw(200, b"{")), after(raw(200, b"<html>ok</html>")), later(raw(200, b"")),
            after(raw(200, b'{"key": "', whole=400)),
            before(_reset), after(_reset), later(_reset),
            before(says(429, {}, headers="Retry-After: 1\r\n")),
            before(says(200, wrong)), after(says(200, wrong)),
            before(raw(302, b"", headers="Location: http://127.0.0.1:9/records\r\n")),
            self._away,
        ]  # fmt: skip

    def _away(self, sock: socket.socket) -> None:
        """Switched off for a while: whoever comes is refused."""
        _reset(sock)
        with suppress(OSError):
            self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        time.sleep(self.dice.uniform(0.1, 0.5))
        self.listening = _listen(self.port)


def _listen(port: int) -> socket.socket:
    for _ in range(100):
        with suppress(OSError):
            return socket.create_server(("127.0.0.1", port))
        time.sleep(0.05)
    raise OSError(f"port {port} is not to be had again")


def _still_there(sock: socket.socket) -> bool:
    sock.setblocking(False)
    try:
        return sock.recv(1, socket.MSG_PEEK) != b""
    except BlockingIOError:
        return True
    finally:
        sock.setblocking(True)


def _say(sock: socket.socket, status: int, body: Any, headers: str = "") -> None:
    _raw(sock, status, json.dumps(body, ensure_ascii=False).encode(), headers=headers)


def _raw(
    sock: socket.socket, status: int, body: bytes, *, whole: int | None = None, headers: str = ""
) -> None:
    length = len(body) if whole is None else whole
    head = f"HTTP/1.1 {status} {_STATUS[status]}\r\nContent-Length: {length}\r\n{headers}\r\n"
    sock.sendall(head.encode() + body)


def _hang(sock: socket.socket) -> None:
    sock.settimeout(30)
    with suppress(OSError):
        sock.recv(1)  # until the other side gives up


def _reset(sock: socket.socket) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--journal", type=Path, required=True)
    asked.add_argument("--seed", type=int, required=True)
    asked.add_argument("--remembers", action="store_true")
    asked.add_argument("--slow", type=float, default=0.8)
    asked.add_argument("--bad", type=float, default=0.25)
    given = asked.parse_args()
    platform = CreditPlatform(
        given.journal, given.seed, remembers=given.remembers, slow=given.slow, bad=given.bad
    )
    print(platform.port, flush=True)
    platform.run()


if __name__ == "__main__":
    main()
