#!/usr/bin/python3
"""What docs/protocol.md shows is what the real daemon does."""

import os
import subprocess
import sys
import unittest

SYSTEM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "system")
sys.path.insert(0, SYSTEM)
from product import PATIENCE, ROOT, ProductTest  # noqa: E402


class Protocol(ProductTest):
    def replay(self, *options):
        self.home.configure('output: "null"\n')
        self.home.start_daemon()
        result = subprocess.run(
            [os.path.join(SYSTEM, "transcripts.py"), ROOT / "docs/protocol.md",
             "--socket", self.home.socket,
             "--profiles", self.home.config / "runwalk/profiles", *options],
            text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PATIENCE,
            check=False)
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertRegex(result.stdout, r"[1-9]\d answers checked")

    def test_each_transcript_replays_through_socat(self):
        self.replay()

    def test_each_transcript_replays_over_a_plain_socket(self):
        self.replay("--direct")


if __name__ == "__main__":
    unittest.main()
