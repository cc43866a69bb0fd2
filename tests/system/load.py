"""Clients that behave badly, all at once, for as long as a `Load` is open."""

import contextlib
import json
import socket
import threading
import time

from product import boot_time, connect_to

SUBSCRIBERS = 16  # as many as the daemon keeps


def request(method, **params):
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode() + b"\n"


class Load:
    """What it did is told by `connects`, `rate` and `answers` (seconds each took)."""

    def __init__(self, path, rate):
        self.path = str(path)
        self.wanted = rate
        self.connects = 0
        self.answers = []
        self.state = None  # of the run, as last answered
        self.over = threading.Event()
        self.begin = None
        self.problems = []
        self.stack = contextlib.ExitStack()
        self.threads = []

    def __enter__(self):
        for _ in range(SUBSCRIBERS):
            client = self._connect()
            client.sendall(request("subscribe"))
            client.recv(1)  # and nothing more from here on
        self.begin = time.monotonic()
        for work in (self._come_and_go, self._half_lines, self._single_bytes, self._long_line,
                     self._be_served):
            thread = threading.Thread(target=self._until_over, args=(work,), daemon=True)
            thread.start()
            self.threads.append(thread)
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join()
        self.rate = self.connects / (time.monotonic() - self.begin)
        self.stack.close()

    def _connect(self):
        client = connect_to(self.path)
        self.stack.callback(client.close)
        return client

    def _until_over(self, work):
        while not self.over.is_set():
            try:
                work()
            except (BrokenPipeError, ConnectionResetError) as problem:
                # Who asks for nothing makes room for others.
                if work == self._be_served:  # pylint: disable=comparison-with-callable
                    self.problems.append(f"not served: {problem!r}")
            except Exception as problem:  # pylint: disable=broad-except
                self.problems.append(f"{work.__name__}: {problem!r}")
                return

    def _come_and_go(self):
        """A tenth of a second's share, and then a rest for what is left of it."""
        end = time.monotonic() + 0.1
        for _ in range(self.wanted // 10):
            with contextlib.closing(socket.socket(socket.AF_UNIX)) as client:
                client.setblocking(False)
                try:
                    client.connect(self.path)
                except BlockingIOError:
                    continue  # the daemon is behind with accepting
            self.connects += 1
        self.over.wait(max(end - time.monotonic(), 0))

    def _send_slowly(self, data, pause):
        with connect_to(self.path) as client:
            for part in data:
                if self.over.is_set():
                    return
                client.sendall(part)
                self.over.wait(pause)

    def _half_lines(self):
        line = request("session.status")
        self._send_slowly([line[:20]], 0.2)

    def _single_bytes(self):
        self._send_slowly([bytes([byte]) for byte in request("session.status")], 0.005)

    def _long_line(self):
        self._send_slowly([b"x" * 65536] * 16, 0.01)

    def _be_served(self):
        """Asks like anybody else would, and times the answer."""
        begin = boot_time()
        with connect_to(self.path) as client:
            client.sendall(request("session.status"))
            received = b""
            while not received.endswith(b"\n"):
                part = client.recv(65536)
                if not part:
                    raise AssertionError("closed without an answer")
                received += part
            self.state = json.loads(received)["result"]["state"]
            self.answers.append(boot_time() - begin)
        self.over.wait(0.02)
