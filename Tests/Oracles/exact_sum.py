"""Random sequences of doubles and their sums, rounded once: exact_sum.py KIND COUNT

Prints a line for each: the sum, then the terms, as the bits of doubles in hexadecimal. Sums are exact integers in
units of 2**-1074; Python's true division of integers is correctly rounded, to nearest and ties to even.
"""

import math
import random
import struct
import sys

UNIT = 1 << 1074


def bits(value):
    return struct.pack(">d", value).hex()


def exact(terms):
    return sum(int(n) * (UNIT // d) for n, d in (t.as_integer_ratio() for t in terms))


def rounded(total, terms):
    if total == 0:
        return -0.0 if terms and all(math.copysign(1, t) < 0 and t == 0 for t in terms) else 0.0
    try:
        return total / UNIT
    except OverflowError:
        return math.inf if total > 0 else -math.inf


def wild():
    while True:
        value = struct.unpack(">d", random.randbytes(8))[0]
        if math.isfinite(value):
            return value


def sequence(kind):
    count = random.randrange(1, 40)
    if kind == "wild":
        return [wild() for _ in range(count)]
    if kind == "cancelling":
        terms = [random.uniform(-1, 1) * 2.0 ** random.randrange(-80, 80) for _ in range(count)]
        # Subtract the sum of the doubles so far, again and again: what is left needs ever lower bits.
        for _ in range(random.randrange(4)):
            terms.append(-rounded(exact(terms), terms))
        return terms
    if kind == "ties":
        # A double, half of its last bit, and perhaps something tiny that decides.
        value = random.choice([-1, 1]) * random.randrange(2**52, 2**53) * 2.0 ** random.randrange(-1000, 900)
        tiny = random.choice([0.0, 5e-324, -5e-324, math.ulp(value) * 2.0**-60, -math.ulp(value) * 2.0**-60])
        return [value, random.choice([-1, 1]) * math.ulp(value) / 2, tiny]
    if kind == "subnormal":
        return [random.choice([-1, 1]) * random.randrange(2**random.randrange(1, 54)) * 5e-324 for _ in range(count)]
    if kind == "overflow":
        largest = sys.float_info.max
        ulp = math.ulp(largest)
        near = [largest, -largest, ulp / 2, -ulp / 2, ulp / 4, 5e-324, -5e-324]
        return [random.choice(near) for _ in range(random.randrange(1, 6))]
    sys.exit(f"no such kind: {kind}")


kind, count = sys.argv[1], int(sys.argv[2])
random.seed(kind)
for _ in range(count):
    terms = sequence(kind)
    random.shuffle(terms)
    print(*map(bits, [rounded(exact(terms), terms)] + terms))
