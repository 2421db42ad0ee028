"""A mail server that notes what arrives and when, and is slow or silent at times."""

import socketserver
import threading
import time
from contextlib import suppress
from typing import NamedTuple


class Arrival(NamedTuple):
    """One message: `at` it was whole, before it was answered for. Seconds since 1970."""

    message_id: str
    at: float


class _Handler(socketserver.StreamRequestHandler):
    server: "Sink"

    def handle(self) -> None:
        with suppress(OSError):  # whoever was sending has been killed
            self._talk()

    def _talk(self) -> None:
        self._say("220 ready")
        for line in self.rfile:
            match line.split(b" ")[0].strip().upper():
                case b"DATA":
                    self._say("354 go on")
                    self._take()
                    self._say("250 kept")
                case b"QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("250 ok")

    def _take(self) -> None:
        message_id, in_head = "", True
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                raise ConnectionError("it ended in the middle")
            in_head = in_head and line != b"\r\n"
            if in_head and line.lower().startswith(b"message-id:"):
                message_id = line.split(b":", 1)[1].strip().decode()
        self.server.arrivals.append(Arrival(message_id, time.time()))

    def _say(self, line: str) -> None:
        self.server.speaks.wait(60)
        time.sleep(self.server.delay)
        self.wfile.write(line.encode() + b"\r\n")


class Sink(socketserver.ThreadingTCPServer):
    """`delay`: seconds before each answer. Unless `speaks` is set it says nothing."""

    allow_reuse_address = daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.arrivals: list[Arrival] = []
        self.delay, self.speaks = 0.0, threading.Event()
        self.speaks.set()
        self.url = f"smtp://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, args=[0.1], daemon=True).start()

    def handle_error(self, request, client_address) -> None:
        pass  # a sender that went away
