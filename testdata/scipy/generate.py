"""Generates the reference vectors that package stats is held against.

Run from anywhere, with Debian 12's python3-scipy (it brings python3-numpy):

    /usr/bin/python3 testdata/scipy/generate.py

The committed file was made with SciPy 1.10.1 (package 1.10.1-2) and NumPy 1.24.2
on x86-64. Running it again there gives the same numbers, but for last digits that
depend on the processor. README.md beside this file describes the cases.
"""

import json
import math
import pathlib

import numpy
from scipy import optimize, stats

FILE = pathlib.Path(__file__).parent / "stats.json"


class Draw:
    """NumPy's RandomState is frozen: its stream is the same in every version."""

    def __init__(self, seed):
        self.random = numpy.random.RandomState(seed)

    def accuracies(self, n, mean=0.6, deviation=0.005):
        """n accuracies, each a whole number of 5,000 examples, as of n seeds."""
        values = mean + deviation * self.random.standard_normal(n)
        return (numpy.rint(5000 * values) / 5000).tolist()


def interval(low, high):
    return {"low": float(low), "high": float(high)}


def t_quantile(tail, df):
    """What Student's t exceeds with probability tail.

    stats.t.isf of SciPy 1.10 is up to 1e-8 of the tail off, stats.t.sf is not, so
    this solves sf for it.
    """
    start = stats.t.isf(tail, df)
    t = optimize.brentq(lambda t: stats.t.sf(t, df) - tail, 0.9 * start, 1.1 * start, xtol=1e-14 * start, rtol=1e-14)
    numpy.testing.assert_allclose(t, start, rtol=1e-7)
    return float(t)


def mean_intervals(draw):
    for n in (2, 3, 4, 5, 10, 30, 200):
        for confidence in (0.5, 0.8, 0.95, 0.999, 0.99999):
            values = draw.accuracies(n)
            mean, error = numpy.mean(values), stats.sem(values)
            half = t_quantile((1 - confidence) / 2, n - 1) * error
            bounds = mean - half, mean + half
            numpy.testing.assert_allclose(bounds, stats.t.interval(confidence, n - 1, loc=mean, scale=error), rtol=1e-7)
            yield {"values": values, "confidence": confidence, **interval(*bounds)}


def quantiles():
    for df in (1, 2, 3, 7, 20, 21.5, 100, 1999, 20000, 200000):
        for tail in (0.4, 0.2, 0.025, 1e-3, 1e-6, 1e-10):
            yield {"tail": tail, "df": df, "t": t_quantile(tail, df)}


def wilsons():
    for k, n in ((0, 1), (1, 1), (0, 5000), (1, 5000), (3158, 5000), (4999, 5000), (5000, 5000), (7, 10), (50, 100)):
        for confidence in (0.8, 0.95, 0.9999):
            ci = stats.binomtest(k, n).proportion_ci(confidence, method="wilson")
            yield {"k": k, "n": n, "confidence": confidence, **interval(ci.low, ci.high)}


def pooled(groups):
    """The variance within all groups and its degrees of freedom."""
    df = sum(len(g) - 1 for g in groups)
    squares = sum(((numpy.array(g) - numpy.mean(g)) ** 2).sum() for g in groups)
    return squares / df, df


def pooled_tests(draw):
    for sizes in ((3, 3), (2, 7), (3, 3, 3, 3, 3), (1, 5, 2), (1, 1, 2), (3, 10, 1, 4)):
        for shift in (0, 0.004, 0.2):
            groups = [draw.accuracies(n, mean=0.6 + shift * i) for i, n in enumerate(sizes)]
            variance, df = pooled(groups)
            a, b = groups[0], groups[1]
            t = (numpy.mean(a) - numpy.mean(b)) / math.sqrt(variance * (1 / len(a) + 1 / len(b)))
            p = 2 * stats.t.sf(abs(t), df)
            if len(groups) == 2:  # then it is Student's own test
                numpy.testing.assert_allclose((t, p), stats.ttest_ind(a, b), rtol=1e-12)
            yield {"groups": groups, "variance": variance, "t": t, "df": df, "p": p}


def welchs(draw):
    for m, n in ((2, 2), (3, 3), (2, 10), (10, 4), (5, 30)):
        for shift in (0, 0.004, 0.05, 0.3):
            a, b = draw.accuracies(m, deviation=0.02), draw.accuracies(n, mean=0.6 + shift)
            t, p = stats.ttest_ind(a, b, equal_var=False)
            v, w = numpy.var(a, ddof=1) / m, numpy.var(b, ddof=1) / n
            df = (v + w) ** 2 / (v**2 / (m - 1) + w**2 / (n - 1))
            numpy.testing.assert_allclose(p, 2 * stats.t.sf(abs(t), df), rtol=1e-12)
            yield {"a": a, "b": b, "t": t, "df": df, "p": p}


def bartletts(draw):
    for sizes in ((3, 3), (2, 5), (3,) * 10, (2, 3, 4, 10), (20, 5, 5)):
        for ratio in (1, 2, 10):
            groups = [draw.accuracies(n, deviation=0.02 * (ratio if i == 0 else 1)) for i, n in enumerate(sizes)]
            statistic, p = stats.bartlett(*groups)
            yield {"groups": groups, "statistic": statistic, "p": p}


def holm(p):
    """Written down as Holm has it: compare p(k) with level/(m-k+1), smallest first."""
    adjusted = [0.0] * len(p)
    for i, own in enumerate(p):
        smaller = [q for q in p if q <= own]
        adjusted[i] = max(min(1, (len(p) - sum(r < q for r in p)) * q) for q in smaller)
    return adjusted


def holms(draw):
    fixed = ([], [0.3], [0.01, 0.04, 0.03, 0.005], [0.5, 0.5, 0.5], [0, 1, 0.2, 0.2], [1e-12, 0.9, 1e-3, 1e-3])
    for p in fixed + tuple((draw.random.uniform(size=n) ** 4).tolist() for n in (5, 20, 45)):
        yield {"p": p, "adjusted": holm(p)}


def mcnemars():
    for b, c in ((0, 0), (0, 1), (1, 1), (0, 6), (5, 5), (3, 12), (12, 3), (40, 60), (100, 101), (300, 180), (700, 300)):
        yield {"b": b, "c": c, "p": float(stats.binomtest(b, b + c, 0.5).pvalue) if b + c else 1.0}


def kendalls(draw):
    points = [[[1, 2], [2, 1], [3, 3]], [[i, i] for i in range(6)], [[i, -i] for i in range(5)]]
    points += [[[0, 1], [0, 2], [1, 1], [1, 5], [2, 5], [2, 6], [3, 6]]]
    for n in (4, 5, 12, 40):
        x = draw.random.standard_normal(n)
        y = x + draw.random.standard_normal(n)
        points += [numpy.stack([x, y], 1).tolist(), numpy.rint(numpy.stack([x, y], 1)).tolist()]
    for pairs in points:
        x, y = zip(*pairs)
        tau = stats.kendalltau(x, y, variant="b").statistic
        case = {"points": pairs, "confidence": 0.95, "tau": tau}
        if len(pairs) >= 5 and not math.isclose(abs(tau), 1):  # SciPy rounds a tau of 1
            half = stats.norm.isf(0.025) * math.sqrt(0.437 / (len(pairs) - 4))
            case |= interval(math.tanh(math.atanh(tau) - half), math.tanh(math.atanh(tau) + half))
        yield case


def proportions():
    for k, j, n in ((3000, 3000, 5000), (3000, 3050, 5000), (3000, 3300, 5000), (0, 3, 10), (5000, 4990, 5000), (10, 0, 10)):
        joint = (k + j) / (2 * n)
        z = (k - j) / n / math.sqrt(2 * joint * (1 - joint) / n)
        p = 2 * stats.norm.sf(abs(z))
        # Without a correction the chi-square test of the 2 by 2 table is the same.
        table = [[k, n - k], [j, n - j]]
        numpy.testing.assert_allclose(p, stats.chi2_contingency(table, correction=False)[1], rtol=1e-9)
        yield {"p": k / n, "q": j / n, "n": n, "p_value": float(p)}


def main():
    draw = Draw(1)
    sets = {
        "mean_interval": mean_intervals(draw),
        "quantile": quantiles(),
        "wilson": wilsons(),
        "pooled": pooled_tests(draw),
        "welch": welchs(draw),
        "bartlett": bartletts(draw),
        "holm": holms(draw),
        "mcnemar": mcnemars(),
        "kendall": kendalls(draw),
        "proportions": proportions(),
    }
    # One case a line, so that a change shows as a small diff.
    parts = [f'"{name}": [\n' + ",\n".join(json.dumps(case) for case in cases) + "\n]" for name, cases in sets.items()]
    FILE.write_text("{\n" + ",\n".join(parts) + "\n}\n")


if __name__ == "__main__":
    main()
