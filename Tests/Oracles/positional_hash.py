"""The hash of a sequence of doubles, each in its place.

positional_hash.py words POSITION HEX…    of doubles given by their bits, the first of which is at POSITION
positional_hash.py field FILE             of the last state in a result of diff2d; needs h5py and numpy
"""

import sys

MODULUS = 2**61 - 1
BASE = 0x1E3779B97F4A7C15


def positional_hash(words, position=0):
    """The sum of w[i] * BASE**i modulo 2**61 - 1, where w are the 32-bit halves of the elements, the low one first."""
    total = 0
    factor = pow(BASE, 2 * position, MODULUS)
    for word in words:
        for half in (word & 0xFFFFFFFF, word >> 32):
            total = (total + half * factor) % MODULUS
            factor = factor * BASE % MODULUS
    return f"{total:016x}"


if sys.argv[1] == "words":
    print(positional_hash([int(word, 16) for word in sys.argv[3:]], int(sys.argv[2])))
else:
    import h5py

    with h5py.File(sys.argv[2]) as file:
        print(positional_hash(file["density"][-1].ravel().view("u8").tolist()))
