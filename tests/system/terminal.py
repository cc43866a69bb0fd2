"""A program on a terminal of its own, with somebody typing."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time

from product import PATIENCE

CONTROL = re.compile(rb"\x1b(\[[0-?]*[ -/]*[@-~]|[@-Z\\-_]|[()][A-Z0-9])")


class Terminal:
    """Runs COMMAND as the foreground of a new terminal. A context manager."""

    def __init__(self, command, environment, columns=100, rows=30):
        self.master, slave = pty.openpty()
        self.settings = termios.tcgetattr(slave)  # as COMMAND finds them
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.process = subprocess.Popen(
            [str(word) for word in command], env=environment, stdin=slave, stdout=slave,
            stderr=slave, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        os.close(slave)
        self.output = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.hang_up()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def _read(self, seconds):
        """Takes what comes within SECONDS; false at the end of the output."""
        if not select.select([self.master], [], [], seconds)[0]:
            return True
        try:
            received = os.read(self.master, 65536)
        except OSError:
            return False
        self.output += received
        return bool(received)

    def text(self):
        """All that was shown so far, without what moves the cursor or gives colour."""
        return CONTROL.sub(b"", self.output).decode(errors="replace")

    def expect(self, pattern):
        """Waits until PATTERN is shown, and forgets what was shown before its end."""
        end = time.monotonic() + PATIENCE
        while not (match := re.search(pattern, self.text())):
            if not self._read(0.1) or time.monotonic() > end:
                raise AssertionError(f"never shown: {pattern!r}; but this:\n{self.text()[-1500:]}")
        self.output = self.text()[match.end():].encode()
        return match

    def type(self, keys):
        os.write(self.master, keys)

    def wait(self):
        """Waits for the program's own end; its exit status."""
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            self._read(0.1)
            if time.monotonic() > end:
                raise AssertionError(f"it does not end, and shows:\n{self.text()[-1500:]}")
        return self.process.returncode

    def hang_up(self):
        """The window is closed, or the connection lost."""
        if self.master is not None:
            os.close(self.master)
            self.master = None
