"""Counts the hits of pimc with Philox4x32-10 as the paper (Salmon et al., SC11) writes it: philox.py SAMPLES SEED."""

import sys

import numpy as np


def philox(index, seed):
    """The first two random words of each counter (index, 0)."""
    mask = np.uint64(0xFFFFFFFF)
    c = [index & mask, index >> np.uint64(32), np.zeros_like(index), np.zeros_like(index)]
    k = [seed & 0xFFFFFFFF, seed >> 32]
    for _ in range(10):
        p0 = c[0] * np.uint64(0xD2511F53)
        p1 = c[2] * np.uint64(0xCD9E8D57)
        c = [
            (p1 >> np.uint64(32)) ^ c[1] ^ np.uint64(k[0]), p1 & mask,
            (p0 >> np.uint64(32)) ^ c[3] ^ np.uint64(k[1]), p0 & mask,
        ]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return c


# Known answer of the reference implementation (Random123, kat_vectors).
assert [int(w[0]) for w in philox(np.zeros(1, np.uint64), 0)] == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]

samples, seed = int(sys.argv[1]), int(sys.argv[2])
x, y, _, _ = philox(np.arange(samples, dtype=np.uint64), seed)
# Whole numbers of unlimited size would be exact; so is comparing y² with what x² leaves of 2⁶⁴.
print(int(np.count_nonzero(y * y <= ~(x * x))))
