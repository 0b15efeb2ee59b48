"""Integrands with one narrow peak at a random place: prints a line "expression|from|to|area" for each.

The areas are closed forms of the expressions as doubles understand them, with 30 digits.
"""

import random
import sys

import mpmath as mp

mp.mp.dps = 40
SHAPES = {  # of t = (x - c)/w: the expression, the antiderivative
    "gauss": ("exp(-({t})**2)", lambda t: mp.sqrt(mp.pi) / 2 * mp.erf(t)),
    "lorentz": ("1/(1+({t})**2)", mp.atan),
    "sech": ("1/cosh({t})**2", mp.tanh),
    "triangle": ("max(0, 1-abs({t}))", lambda t: (lambda s: mp.sign(s) * (abs(s) - s * s / 2))(max(-1, min(1, t)))),
    "box": ("where(abs({t}) < 0.5, 1, 0)", lambda t: max(mp.mpf(-0.5), min(mp.mpf(0.5), t))),
}
BACKGROUNDS = [
    ("", None), ("1 + ", lambda x: x), ("cos(x) + ", mp.sin), ("0.3*x**2 + ", lambda x: mp.mpf(0.3) * x**3 / 3)
]
RANGES = [(0, 1), (-1, 1), (0, 10), (-1e4, 3e4), (0.25, 0.75), (-1e-3, 2e-3)]


def integrands(seed):
    random.seed(seed)
    for index in range(60):
        width = 10.0 ** -(1 + index % 6)
        shape, antiderivative = list(SHAPES.values())[index % 5]
        a, b = random.choice(RANGES)
        c, w = random.uniform(a, b), width * (b - a)
        text, background = random.choice(BACKGROUNDS)
        if a < -1:  # where a background is large, its rounding hides the peak
            text, background = "", None
        peak = shape.format(t=f"(x-({c!r}))/{w!r}")
        area = mp.mpf(w) * (antiderivative((mp.mpf(b) - c) / mp.mpf(w)) - antiderivative((mp.mpf(a) - c) / mp.mpf(w)))
        if background:
            area += background(mp.mpf(b)) - background(mp.mpf(a))
        yield text + peak, a, b, area


def on_the_line(seed):
    """Peaks on infinite ranges, whose width is a share of their distance from the limit."""
    random.seed(seed)
    for index in range(12):
        c = random.choice((-1, 1)) * 10 ** random.uniform(0, 6)
        w = 10.0 ** -(index % 6 + 1) * abs(c)
        shape = ["exp(-({t})**2)", "1/cosh({t})**2"][index % 2]
        area = mp.mpf(w) * [mp.sqrt(mp.pi), 2][index % 2]
        yield shape.format(t=f"(x-({c!r}))/{w!r}"), "-inf", "inf", area


for expression, a, b, area in [*integrands(int(sys.argv[1])), *on_the_line(int(sys.argv[1]))]:
    print(expression, a, b, mp.nstr(area, 25), sep="|")
