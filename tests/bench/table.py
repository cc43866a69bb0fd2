"""The figures as a Markdown table, as JSON, and in docs/performance.md between its markers."""

import re

from figures import OURS, Figure, Limit, Ratio, Result, bound_text, number


def cell(result, who):
    if not result.values.get(who):
        return "–"
    least, most = result.spread(who)
    text = number(result.median(who))
    return text if number(least) == number(most) else f"{text} ({number(least)}–{number(most)})"


def verdict(result, bound):
    met = result.judge(bound)
    word = "not measured" if met is None else "met" if met else "**falls short**"
    return f"{bound_text(result.figure, bound)}: {word}"


def markdown(results):
    """One row of the bench as a table: medians, with the least and the greatest value."""
    peers = list(dict.fromkeys(who for result in results for who in result.peers()))
    lines = ["| | " + " | ".join([OURS, *peers, "ratio", "bound"]) + " |",
             "|---|" + "---:|" * (len(peers) + 2) + "---|"]
    for result in results:
        ratio = result.ratio()
        bounds = "; ".join(verdict(result, bound) for bound in result.figure.bounds)
        cells = [f"{result.figure.title}, {result.figure.unit}",
                 *(cell(result, who) for who in (OURS, *peers)),
                 f"{number(ratio)} ×" if ratio is not None else "", bounds]
        lines.append("| " + " | ".join(cells).rstrip() + " |")
    return "\n".join(lines) + "\n"


def section(row):
    """The generated part of a row: when it was measured and how, the table, and remarks."""
    lines = [f"Measured on {row['date']} ({row['mode']}): {row['machine']}.", "",
             markdown(row["results"])]
    lines += [f"- {remark}" for remark in row["remarks"]]
    return "\n".join(lines).rstrip("\n") + "\n"


def paste(document, name, text):
    """DOCUMENT with TEXT between the markers of the row NAME."""
    begin, end = f"<!-- bench: {name} -->\n", f"<!-- end: {name} -->\n"
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    if not pattern.search(document):
        raise ValueError(f"the marker “{begin.strip()}” is missing")
    return pattern.sub(lambda _: begin + text + end, document)


def to_json(row):
    def plain(result):
        figure = result.figure
        return {"key": figure.key, "title": figure.title, "unit": figure.unit,
                "more_is_better": figure.more_is_better, "values": result.values,
                "medians": {who: result.median(who) for who in result.values},
                "ratio": result.ratio(),
                "bounds": [{"text": bound_text(figure, bound), "met": result.judge(bound),
                            **({"limit": bound.value} if isinstance(bound, Limit) else
                               {"times": bound.times, "against": list(bound.against)})}
                           for bound in figure.bounds]}
    return {**row, "results": [plain(result) for result in row["results"]]}


def from_json(data):
    def bound(part):
        if "limit" in part:
            return Limit(part["limit"])
        return Ratio(part["times"], tuple(part["against"]))

    def result(part):
        figure = Figure(part["key"], part["title"], part["unit"],
                        tuple(bound(one) for one in part["bounds"]), part["more_is_better"])
        return Result(figure, part["values"])
    return {**data, "results": [result(part) for part in data["results"]]}
