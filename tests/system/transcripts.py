#!/usr/bin/python3
"""Replays the transcripts of a document against a running daemon.

A transcript is a fenced block marked `transcript`:

    $ socat -t5 - UNIX-CONNECT:...   a new connection
    -> REQUEST                       is sent
    ~> REQUEST                       is sent again until its answer is the one expected
    <- ANSWER                        is the next line that must come; events that it is not
                                     about may come before it

Indented lines continue the one above. In an answer, `…` stands for any value; as the last member
of an object or the last item of an array, for any others; inside a string, for any text. Blocks
marked `yaml NAME` are files, written to the folder given with --profiles.
"""

import argparse
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time

ANY = "\u2026"
SECONDS = 20


class Mismatch(Exception):
    pass


def blocks(text):
    """Yields (line number, info string, lines) of each fenced block."""
    info, start, lines = None, 0, []
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("```"):
            if info is None:
                info, start, lines = line[3:].strip(), number, []
            else:
                yield start, info, lines
                info = None
        elif info is not None:
            lines.append(line)


def steps(start, lines):
    """The steps of a transcript: [line number, sign, text]."""
    result = []
    for number, line in enumerate(lines, start + 1):
        sign = line[:2]
        if sign in ("$ ", "->", "~>", "<-"):
            result.append([number, sign, line[2:].strip()])
        elif line.startswith("  ") and result:
            result[-1][2] += line.strip()
        else:
            raise Mismatch(f"line {number}: no step of a transcript: {line}")
    if not result or result[0][1] != "$ ":
        raise Mismatch(f"line {start}: a transcript begins with the command that connects")
    return result


def pattern(text):
    """An expected answer as data. A `…` outside of strings becomes the string `…`."""
    parts = re.split(r'("(?:[^"\\]|\\.)*")', text)
    for i in range(0, len(parts), 2):
        others = re.sub(rf"([,{{]\s*){ANY}(\s*}})", r"\1MEMBERS\2", parts[i])
        parts[i] = others.replace(ANY, f'"{ANY}"').replace("MEMBERS", f'"{ANY}":"{ANY}"')
    return json.loads("".join(parts))


def match(expected, actual, place="answer"):
    """Raises Mismatch unless ACTUAL is what EXPECTED describes."""
    if isinstance(expected, str) and ANY in expected:
        if expected == ANY:
            return
        regex = ".*".join(re.escape(part) for part in expected.split(ANY))
        if not isinstance(actual, str) or not re.fullmatch(regex, actual, re.DOTALL):
            raise Mismatch(f"{place}: expected {expected!r}, got {actual!r}")
    elif isinstance(expected, dict):
        if not isinstance(actual, dict):
            raise Mismatch(f"{place}: expected an object, got {actual!r}")
        for key, value in expected.items():
            if key == ANY:
                continue
            if key not in actual:
                raise Mismatch(f"{place}.{key} is missing")
            match(value, actual[key], f"{place}.{key}")
        surplus = [key for key in actual if key not in expected]
        if surplus and ANY not in expected:
            raise Mismatch(f"{place} has more than expected: {', '.join(surplus)}")
    elif isinstance(expected, list):
        is_open = bool(expected) and expected[-1] == ANY
        wanted = expected[:-1] if is_open else expected
        if not isinstance(actual, list) or len(actual) < len(wanted) or (
                len(actual) > len(wanted) and not is_open):
            raise Mismatch(f"{place}: expected {len(wanted)} items, got {actual!r}")
        for index, value in enumerate(wanted):
            match(value, actual[index], f"{place}[{index}]")
    elif type(expected) is not type(actual) or expected != actual:
        raise Mismatch(f"{place}: expected {expected!r}, got {actual!r}")


class Connection:
    """Talks through socat, as the document does, or without it over a socket of its own."""

    def __init__(self, path, use_socat):
        self.buffer = b""
        self.process = None
        if use_socat:
            self.process = subprocess.Popen(["socat", "-t5", "-", f"UNIX-CONNECT:{path}"],
                                            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            os.set_blocking(self.process.stdout.fileno(), False)
        else:
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.connect(path)
            self.socket.setblocking(False)

    def send(self, line):
        data = line.encode() + b"\n"
        if self.process:
            self.process.stdin.write(data)
            self.process.stdin.flush()
        else:
            self.socket.sendall(data)

    def read(self):
        if self.process:
            return os.read(self.process.stdout.fileno(), 65536)
        return self.socket.recv(65536)

    def receive(self):
        deadline = time.monotonic() + SECONDS
        while b"\n" not in self.buffer:
            try:
                data = self.read()
                if not data:
                    raise Mismatch("the connection was closed")
                self.buffer += data
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise Mismatch(f"no answer within {SECONDS} s") from None
                time.sleep(0.002)
        line, self.buffer = self.buffer.split(b"\n", 1)
        return json.loads(line)

    def close(self):
        if not self.process:
            self.socket.close()
            return
        self.process.stdin.close()
        self.process.terminate()  # after a subscription it would listen for five seconds more
        self.process.wait()
        self.process.stdout.close()


def expect(connection, text):
    expected = pattern(text)
    while True:
        actual = connection.receive()
        try:
            match(expected, actual)
            return
        except Mismatch as mismatch:
            if actual.get("method") == "event":
                continue  # sound and speech go their own way meanwhile
            raise Mismatch(f"{mismatch}\n  expected {text}\n  received "
                           f"{json.dumps(actual, ensure_ascii=False)}") from None


def repeat(connection, request, answer):
    """Sends REQUEST until the answer is right."""
    deadline = time.monotonic() + SECONDS
    while True:
        connection.send(request)
        try:
            expect(connection, answer)
            return
        except Mismatch:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def replay(transcript, path, use_socat):
    """Runs one transcript; returns how many answers were checked."""
    connection, checked, i = None, 0, 0
    try:
        while i < len(transcript):
            number, sign, text = transcript[i]
            try:
                if sign == "$ ":
                    if connection:
                        connection.close()
                    connection = Connection(path, use_socat)
                elif sign == "->":
                    connection.send(text)
                elif sign == "~>":
                    i += 1
                    repeat(connection, text, transcript[i][2])
                    checked += 1
                else:
                    expect(connection, text)
                    checked += 1
            except Mismatch as mismatch:
                raise Mismatch(f"line {number}: {mismatch}") from None
            i += 1
    finally:
        if connection:
            connection.close()
    return checked


def check(transcript):
    """Whether the lines could be replayed at all."""
    for index, (number, sign, text) in enumerate(transcript):
        try:
            if sign == "<-":
                pattern(text)
            elif sign == "~>" and transcript[index + 1:index + 2][0][1] != "<-":
                raise Mismatch(f"line {number}: an answer must follow")
        except (ValueError, IndexError) as error:
            raise Mismatch(f"line {number}: {error}") from None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("document")
    parser.add_argument("--socket", help="of the daemon; without it, only the form is checked")
    parser.add_argument("--profiles", help="write the document's profiles to this folder first")
    parser.add_argument("--direct", action="store_true", help="connect without socat")
    arguments = parser.parse_args()

    if arguments.socket and not arguments.direct and not shutil.which("socat"):
        sys.exit("socat is missing: apt install socat, or give --direct")
    with open(arguments.document, encoding="utf-8") as file:
        text = file.read()
    count = checked = 0
    for start, info, lines in blocks(text):
        words = info.split()
        try:
            if arguments.profiles and len(words) == 2 and words[0] == "yaml":
                os.makedirs(arguments.profiles, exist_ok=True)
                with open(os.path.join(arguments.profiles, words[1]), "w",
                          encoding="utf-8") as file:
                    file.write("\n".join(lines) + "\n")
            if info != "transcript":
                continue
            transcript = steps(start, lines)
            check(transcript)
            if arguments.socket:
                checked += replay(transcript, arguments.socket, not arguments.direct)
            count += 1
        except Mismatch as mismatch:
            sys.exit(f"{arguments.document}: {mismatch}")
    if count == 0:
        sys.exit(f"{arguments.document}: there are no transcripts")
    print(f"{count} transcripts, {checked} answers checked")


if __name__ == "__main__":
    main()
