"""What the rows of the bench measure, and the arithmetic on it: medians, spreads, ratios, bounds.

Nothing here measures anything or reads a file.
"""

import statistics
from dataclasses import dataclass, field

OURS = "runwalk"


@dataclass(frozen=True)
class Ratio:
    """Ours is `times` as much as the better peer, at most; at least where more is better.

    `against` names the peers that count; without it all of them do.
    """
    times: float
    against: tuple = ()


@dataclass(frozen=True)
class Limit:
    """Ours is `value` at most, whatever the peers do; at least where more is better."""
    value: float


@dataclass(frozen=True)
class Figure:
    """One line of a table: what it is called, its unit, and what is demanded of it."""
    key: str
    title: str
    unit: str
    bounds: tuple = ()
    more_is_better: bool = False


@dataclass
class Result:
    """What was measured for one figure: {who: [one value a repetition]}."""
    figure: Figure
    values: dict = field(default_factory=dict)

    def add(self, who, *values):
        self.values.setdefault(who, []).extend(float(value) for value in values)

    def median(self, who):
        return statistics.median(self.values[who])

    def spread(self, who):
        """The least and the greatest value."""
        return min(self.values[who]), max(self.values[who])

    def peers(self, against=()):
        return [who for who in self.values if who != OURS and (not against or who in against)]

    def better_peer(self, against=()):
        """The peer with the better median; None without any."""
        choose = max if self.figure.more_is_better else min
        return choose(self.peers(against), key=self.median, default=None)

    def ratio(self, against=()):
        """Ours divided by the better peer, of medians; None when one of them is missing or 0."""
        peer = self.better_peer(against)
        if peer is None or not self.values.get(OURS) or self.median(peer) == 0:
            return None
        return self.median(OURS) / self.median(peer)

    def judge(self, bound):
        """True: met. False: it falls short. None: what it compares was not measured."""
        if isinstance(bound, Limit):
            ours, allowed = (self.median(OURS) if self.values.get(OURS) else None), bound.value
        else:
            ours, allowed = self.ratio(bound.against), bound.times
        if ours is None:
            return None
        return ours >= allowed if self.figure.more_is_better else ours <= allowed


def percentile(values, percent):
    """The least value that PERCENT of VALUES do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def number(value):
    """Three significant digits, and no exponent."""
    if value == 0:
        return "0"
    magnitude = abs(value)
    digits = 0 if magnitude >= 100 else 1 if magnitude >= 10 else 2 if magnitude >= 1 else 3
    text = f"{value:,.{digits}f}" if magnitude >= 0.0005 else f"{value:.1g}"
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def bound_text(figure, bound):
    """A bound as it stands in the table, such as "≤ 1/5 of the better peer"."""
    sign = "≥" if figure.more_is_better else "≤"
    if isinstance(bound, Limit):
        return f"{sign} {number(bound.value)} {figure.unit}"
    peers = " or ".join(bound.against) if bound.against else "the better peer"
    if 0 < bound.times < 1 and abs(1 / bound.times - round(1 / bound.times)) < 1e-9:
        return f"{sign} 1/{round(1 / bound.times)} of {peers}"
    return f"{sign} {number(bound.times)} × {peers}"


def shortfalls(result):
    """A sentence for each bound that RESULT does not meet, and for each it cannot be held to."""
    said = []
    for bound in result.figure.bounds:
        verdict = result.judge(bound)
        if verdict:
            continue
        text = f"{result.figure.title}: {bound_text(result.figure, bound)} is demanded, "
        if verdict is None:
            text += "but was not measured"
        elif isinstance(bound, Limit):
            text += f"it is {number(result.median(OURS))} {result.figure.unit}"
        else:
            text += f"it is {number(result.ratio(bound.against))} ×"
        said.append(text)
    return said
