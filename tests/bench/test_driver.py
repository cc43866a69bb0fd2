"""The bench's arithmetic, and that each of its rows runs; what it measures is asserted nowhere."""

import contextlib
import io
import json
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import driver  # noqa: E402
import table  # noqa: E402
from context import QUICK, Progress  # noqa: E402
from figures import (  # noqa: E402
    Figure, Limit, Ratio, Result, bound_text, number, percentile, shortfalls)


def result(*bounds, more=False, **values):
    return Result(Figure("key", "A thing", "ms", bounds, more), values)


class Arithmetic(unittest.TestCase):
    def test_the_ratio_is_of_medians_to_the_better_peer(self):
        self.assertEqual(result(runwalk=[1, 2, 90], mpd=[8, 9, 10], mpv=[4, 4, 4]).ratio(), 0.5)
        self.assertEqual(result(more=True, runwalk=[18], mpd=[9], mpv=[4]).ratio(), 2)

    def test_a_bound_names_the_peers_that_count(self):
        values = {"runwalk": [4], "sox": [2], "copy": [1]}
        self.assertTrue(result(**values).judge(Ratio(2, ("sox",))))
        self.assertFalse(result(**values).judge(Ratio(2)))

    def test_a_bound_is_met_when_it_is_just_reached(self):
        self.assertTrue(result(runwalk=[5], mpd=[10]).judge(Ratio(1 / 2)))
        self.assertFalse(result(runwalk=[5.01], mpd=[10]).judge(Ratio(1 / 2)))
        self.assertTrue(result(more=True, runwalk=[20], mpd=[10]).judge(Ratio(2)))
        self.assertFalse(result(more=True, runwalk=[19], mpd=[10]).judge(Ratio(2)))
        self.assertTrue(result(runwalk=[150]).judge(Limit(150)))
        self.assertFalse(result(runwalk=[151]).judge(Limit(150)))

    def test_what_was_not_measured_is_neither_met_nor_missed(self):
        self.assertIsNone(result(runwalk=[5]).judge(Ratio(1)))
        self.assertIsNone(result(mpd=[5]).judge(Limit(1)))
        self.assertIsNone(result(runwalk=[5], mpd=[0]).judge(Ratio(1)))

    def test_each_missed_bound_is_told_with_what_was_measured(self):
        said = shortfalls(result(Ratio(1 / 5), Limit(3), Limit(99), runwalk=[4], mpd=[8]))
        self.assertEqual(said, ["A thing: ≤ 1/5 of the better peer is demanded, it is 0.5 ×",
                                "A thing: ≤ 3 ms is demanded, it is 4 ms"])

    def test_a_percentile_is_one_of_the_values(self):
        self.assertEqual(percentile(range(1, 101), 99), 99)
        self.assertEqual(percentile([7, 3], 50), 3)
        self.assertEqual(percentile([7], 99), 7)

    def test_numbers_have_three_digits_and_no_exponent(self):
        self.assertEqual([number(value) for value in (0, 0.0421, 4.3, 12.34, 1234.5, 150, 100.0)],
                         ["0", "0.042", "4.3", "12.3", "1,234", "150", "100"])

    def test_bounds_read_as_a_person_writes_them(self):
        figure = Figure("key", "A thing", "ms", (), False)
        self.assertEqual(bound_text(figure, Ratio(1 / 20)), "≤ 1/20 of the better peer")
        self.assertEqual(bound_text(figure, Limit(60)), "≤ 60 ms")
        self.assertEqual(bound_text(Figure("key", "", "", (), True), Ratio(10, ("sox", "ffmpeg"))),
                         "≥ 10 × sox or ffmpeg")


ROW = {"name": "thing", "mode": "default", "date": "2026-01-31", "machine": "a machine",
       "revision": "abc", "failed": None, "remarks": ["So it is."],
       "results": [result(Ratio(1 / 2), Limit(1), runwalk=[1, 2, 3], mpd=[10, 11, 12])]}


class Writing(unittest.TestCase):
    def test_a_table_tells_medians_spreads_ratios_and_verdicts(self):
        self.assertIn("| A thing, ms | 2 (1–3) | 11 (10–12) | 0.182 × | "
                      "≤ 1/2 of the better peer: met; ≤ 1 ms: **falls short** |",
                      table.section(ROW))

    def test_json_gives_back_what_was_measured(self):
        again = table.from_json(json.loads(json.dumps(table.to_json(ROW))))
        self.assertEqual(again, ROW)

    def test_a_row_is_pasted_between_its_own_markers(self):
        document = ("a\n<!-- bench: x -->\nold\n<!-- end: x -->\nb\n"
                    "<!-- bench: y -->\nkept\n<!-- end: y -->\n")
        pasted = table.paste(document, "x", "new \\1\n")
        self.assertEqual(pasted, document.replace("old", "new \\1"))
        with self.assertRaises(ValueError):
            table.paste(document, "z", "")

    def test_every_row_has_its_place_in_the_document(self):
        for name in driver.ROWS:
            table.paste(driver.DOCUMENT.read_text(), name, "")

    def test_check_tells_what_falls_short_of_figures_in_a_file(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "figures.json"
            path.write_text(json.dumps([table.to_json(ROW)]))
            said = io.StringIO()
            with contextlib.redirect_stdout(said):
                self.assertEqual(driver.main(["--from", str(path), "--check"]), 1)
        self.assertEqual(said.getvalue(), "thing: A thing: ≤ 1 ms is demanded, it is 2 ms\n")


class Rows(unittest.TestCase):
    def test_every_row_without_sound_measures_each_of_its_figures(self):
        for name in driver.ROWS:
            module = driver.load(name)
            with self.subTest(name):
                self.assertIn(QUICK, module.SECONDS)
                if module.SOUND:
                    continue
                row = driver.run_row(name, QUICK, Progress({}, quiet=True))
                self.assertIsNone(row["failed"])
                self.assertEqual({result.figure.key for result in row["results"]},
                                 {figure.key for figure in module.FIGURES})


if __name__ == "__main__":
    unittest.main(verbosity=2)
