"""Functions at many points, exactly enough: prints lines "name x high low" of doubles in hexadecimal, with
f(x) = high + low."""

import random
import sys

import mpmath as mp

mp.mp.dps = 60
random.seed(int(sys.argv[1]))
COUNT = int(sys.argv[2])


def everywhere(smallest, largest):
    """Numbers of all magnitudes, of both signs."""
    return [random.choice((-1, 1)) * 10 ** random.uniform(smallest, largest) for _ in range(COUNT)]


def between(a, b):
    return [random.uniform(a, b) for _ in range(COUNT)]


near_pi = [float(mp.pi / 2 * n) for n in (*range(-9, 10), 1000, 355, 710, 5 * 10**8, 683565275)]
POINTS = {
    "exp": between(-745, 709) + between(-1, 1) + everywhere(-20, 0),
    "log": [abs(x) for x in everywhere(-320, 308)] + between(0.5, 2) + [1 + x for x in everywhere(-16, -3)],
    "sin": everywhere(-300, 9) + between(-10, 10) + everywhere(9, 300)[:20] + near_pi,
    "cos": everywhere(-300, 9) + between(-10, 10) + everywhere(9, 300)[:20] + near_pi,
    "tan": everywhere(-300, 9) + between(-10, 10) + everywhere(9, 300)[:20] + near_pi,
    "expm1": between(-2, 2), "log10": between(0, 10), "log1p": between(-0.9, 10), "asin": between(-1, 1),
    "acos": between(-1, 1), "atan": between(-10, 10), "sinh": between(-10, 10), "cosh": between(-10, 10),
    "tanh": between(-3, 3), "erf": between(-3, 3), "sqrt": between(0, 10),
    "asinh": between(-10, 10), "acosh": between(1.5, 10), "atanh": between(-0.9, 0.9), "erfc": between(-2, 2),
    "gamma": between(0.5, 20),
}
for name, points in POINTS.items():
    f = getattr(mp, name)
    for x in points if name in ("exp", "log", "sin", "cos", "tan") else points[:40]:
        value = f(mp.mpf(x))
        high = float(value)
        print(name, x.hex(), high.hex(), float(value - mp.mpf(high)).hex())
