#!/usr/bin/python3
"""The replayer of transcripts must notice what differs, or the documentation is not tested."""

import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "system"))
import transcripts  # noqa: E402


def matches(expected, actual):
    try:
        transcripts.match(transcripts.pattern(expected), actual)
    except transcripts.Mismatch:
        return False
    return True


class Patterns(unittest.TestCase):
    def test_equal_answers_match(self):
        self.assertTrue(matches('{"a":[1,{"b":null}],"c":"d"}', {"c": "d", "a": [1, {"b": None}]}))

    def test_other_values_do_not(self):
        for actual in ({"a": 2}, {"a": "1"}, {"a": 1.0}, {"a": True}, {"a": None}, {}, [], 1):
            self.assertFalse(matches('{"a":1}', actual), actual)

    def test_surplus_members_and_items_are_noticed(self):
        self.assertFalse(matches('{"a":1}', {"a": 1, "b": 2}))
        self.assertFalse(matches("[1]", [1, 2]))

    def test_an_ellipsis_is_any_value(self):
        self.assertTrue(matches('{"a":…,"b":1}', {"a": {"x": 1}, "b": 1}))
        self.assertFalse(matches('{"a":…,"b":1}', {"b": 1}))

    def test_an_ellipsis_at_the_end_is_any_others(self):
        self.assertTrue(matches('{"a":1,…}', {"a": 1, "b": 2}))
        self.assertTrue(matches('{…}', {"a": 1, "b": 2}))
        self.assertTrue(matches('[1,…]', [1, 2, 3]))
        self.assertFalse(matches('{"a":1,…}', {"b": 2}))
        self.assertFalse(matches('[1,…]', [2, 1]))
        self.assertFalse(matches('{…}', []))

    def test_an_ellipsis_inside_a_string_is_any_text(self):
        self.assertTrue(matches('"/…/tuesday.yaml"', "/home/me/tuesday.yaml"))
        self.assertFalse(matches('"/…/tuesday.yaml"', "/home/me/monday.yaml"))
        self.assertFalse(matches('"…a"', 1))


class Steps(unittest.TestCase):
    def test_folded_lines_are_joined(self):
        lines = ["$ socat", "-> {", '    "a":1}', "<- 2"]
        self.assertEqual([[3, "->", '{"a":1}'], [5, "<-", "2"]], transcripts.steps(1, lines)[1:])

    def test_strange_lines_are_refused(self):
        for lines in (["$ socat", "=> {}"], ["-> {}"], []):
            with self.assertRaises(transcripts.Mismatch):
                transcripts.steps(1, lines)

    def test_answers_that_are_no_json_are_refused(self):
        with self.assertRaises(transcripts.Mismatch):
            transcripts.check([[1, "$ ", "socat"], [2, "<-", "{"]])


if __name__ == "__main__":
    unittest.main()
