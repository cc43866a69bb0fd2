"""The report: one page that stands alone, fits a phone, and shows what the history has."""

import datetime
import html.parser
import json
import re
import unittest

import past
from browser import Browser
from product import BUILD, ProductTest

PLOTS = ["sessions", "minutes", "share", "rests", "planned", "health"]

# What a page looks like to somebody who reads it.
MEASURE = """(() => {
  const plots = [...document.querySelectorAll('svg')].map(svg => {
    const bars = [...svg.querySelectorAll('rect, circle')];
    const box = svg.getBoundingClientRect();
    const inside = bars.every(bar => {
      const one = bar.getBoundingClientRect();
      return one.left >= box.left && one.right <= box.right && one.top >= box.top &&
             one.bottom <= box.bottom && one.height > 0 && one.width > 0;
    });
    const texts = [...svg.querySelectorAll('text')].map(text => text.getBoundingClientRect());
    const ticks = [...svg.querySelectorAll('text.tick')].map(text => text.getBoundingClientRect());
    let overlaps = 0;
    for (const a of ticks) for (const b of ticks)
      if (a !== b && a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
        overlaps++;
    return {id: svg.id, bars: bars.length, inside, overlaps, width: box.width,
            smallest: Math.min(...texts.map(text => text.height)),
            cut: texts.filter(text => text.left < box.left - 1 || text.right > box.right + 1).length,
            fills: [...new Set(bars.map(bar => getComputedStyle(bar).fill))]};
  });
  return {plots, wide: document.documentElement.scrollWidth, window: window.innerWidth,
          tables: [...document.querySelectorAll('.wide')].map(t => t.scrollWidth - t.clientWidth),
          page: getComputedStyle(document.body).backgroundColor,
          ink: getComputedStyle(document.body).color};
})()"""


class Text(html.parser.HTMLParser):
    """The elements of a page, and the text in it."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.links, self.text, self.open = [], [], "", []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("src", "href", "srcset", "data")]
        if tag not in ("meta", "line", "rect", "circle", "path", "br", "img"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        if tag not in ("line", "rect", "circle", "path"):
            assert self.open.pop() == tag, tag

    def handle_data(self, data):
        if self.open[-1:] != ["style"]:
            self.text += data


class Report(ProductTest):
    def setUp(self):
        super().setUp()
        self.home.configure('output: "null"\nspeech: off\n')
        self.home.start_daemon()
        self.home.call("history.list")  # answered when the database is there
        self.now = datetime.datetime.now()
        self.page = self.home.path / "weeks.html"

    def write(self, runs):
        past.write(self.home.state / "runwalk/history.db", runs)

    def report(self, *options, page=None):
        page = page or self.page
        self.home.run("report", page, *options)
        self.assertEqual(page.stat().st_mode & 0o777, 0o600)
        text = page.read_text()
        read = Text(text)
        self.assertEqual(read.open, [])
        self.assertEqual(read.links, [])
        self.assertFalse({"script", "link", "img", "iframe"} & set(read.tags))
        self.assertNotRegex(text, r"https?://|@import|url\(")
        return read

    def test_a_page_is_readable_on_a_phone_and_a_desk_in_light_and_dark(self):
        self.write(past.ten_weeks(self.now))
        self.report("--with-health")
        shots = BUILD / "screenshots"
        shots.mkdir(exist_ok=True)
        seen = {}
        with Browser() as browser:
            for width, height in ((390, 844), (1280, 900)):
                for dark in (False, True):
                    with self.subTest(width=width, dark=dark):
                        asked = browser.show(self.page, width, height, dark)
                        self.assertEqual(asked, [self.page.as_uri()])
                        told = browser.ask(MEASURE)
                        self.assertLessEqual(told["wide"], told["window"])
                        self.assertEqual(told["window"], width)
                        self.assertEqual(told["tables"], [0, 0])
                        self.assertEqual([plot["id"] for plot in told["plots"]], PLOTS)
                        for plot in told["plots"]:
                            self.assertGreaterEqual(plot["bars"], 3, plot)
                            self.assertTrue(plot["inside"], plot)
                            self.assertEqual((plot["cut"], plot["overlaps"]), (0, 0), plot)
                            self.assertGreaterEqual(plot["smallest"], 10, plot)
                            self.assertGreaterEqual(plot["width"], 300, plot)
                            self.assertNotIn(told["page"], plot["fills"])
                        seen[dark] = told["page"]
                        browser.picture(shots / f"report-{width}-{'dark' if dark else 'light'}.png")
        light, dark = (sum(map(int, re.findall(r"\d+", seen[key])[:3])) for key in (False, True))
        self.assertGreater(light, 650)
        self.assertLess(dark, 120)

    def test_two_years_of_weeks_and_one_week_are_drawn_as_well(self):
        self.write([past.Run(past.monday(self.now) - datetime.timedelta(days=7 * week - 1),
                             running=1 + week % 50, rests=week % 4, effort=1 + week % 10,
                             back=("none", "some", "bad")[week % 3])
                    for week in range(103, 0, -1)])
        with Browser() as browser:
            for weeks in ("104", "2"):
                self.report("--weeks", weeks, "--with-health")
                browser.show(self.page, 390, 844, False)
                told = browser.ask(MEASURE)
                self.assertLessEqual(told["wide"], 390)
                for plot in told["plots"]:
                    self.assertTrue(plot["inside"], plot)
                    self.assertEqual((plot["cut"], plot["overlaps"]), (0, 0), plot)

    def test_words_of_others_stay_words(self):
        evil = "</td><script>alert(1)</script>\"'&<b>"
        self.write([past.Run(self.now, name=evil + "\u202e", effort=3, back="none",
                             note=evil + "note")])
        read = self.report("--with-health")
        self.assertIn(evil, read.text)
        self.assertIn(evil + "note", read.text)
        self.assertNotIn("\u202e", read.text)

    def test_health_is_left_out_unless_it_is_asked_for(self):
        self.write([past.Run(self.now, effort=9, back="bad", note="secret-note", pain="secret-knee")])
        read = self.report()
        for words in ("secret", "Effort", "backache", "bad"):
            self.assertNotIn(words, read.text)
        told = self.report("--with-health").text
        self.assertIn("secret-note", told)
        self.assertIn("pain: secret-knee", told)
        self.assertIn("secret-knee, said on the way", self.home.run("log").stdout)

    def test_the_tables_have_the_numbers_of_the_history(self):
        self.write(past.ten_weeks(self.now))
        told = json.loads(self.home.run("history", "--json", "--weeks", "10").stdout)
        self.report()
        rows = re.findall(r'<th scope="row">[^<]*</th><td>(\d+)</td><td>(\d+)</td><td>\d+</td>'
                          r"<td>[^<]*</td><td>(\d+)</td>", self.page.read_text())
        self.assertEqual([tuple(map(int, row)) for row in rows],
                         [(week["sessions"], (week["running_ms"] + 30000) // 60000, week["rests"])
                          for week in reversed(told["weeks"])])

    def test_an_empty_history_gives_a_friendly_page(self):
        read = self.report()
        self.assertIn("Nothing here yet", read.text)
        self.assertIn("runwalk start", read.text)
        self.assertNotIn("svg", read.tags)

    def test_a_page_is_written_whole_or_not_at_all(self):
        self.page.write_text("before")
        self.home.stop_daemon()
        self.home.run("report", self.page, expect=3)
        self.assertEqual(self.page.read_text(), "before")
        self.home.start_daemon()
        for words in (("weeks.txt",), (self.page, "--weeks", "0"), (self.page, "--weeks", "105"), ()):
            self.home.run("report", *words, expect=2)
        self.home.run("report", self.home.path / "no/folder.html", expect=6)
        self.report()
        self.assertEqual([path.name for path in self.home.path.glob("weeks*")], ["weeks.html"])


if __name__ == "__main__":
    unittest.main()
