"""The twins in numpy: twin.py philox|course SAMPLES.

`philox` counts the hits among the points that QuarterCircle.swift makes; `course` draws its own points with numpy's
generator, as the course's program does: its points cannot be reproduced, and it is not faster for that."""

import sys
import time

import numpy as np

kind, samples, key = sys.argv[1], int(sys.argv[2]), 2017
block = 1 << 16  # stays in the cache, which is fastest


def philox(first, count):
    """Returns how many of the samples first, …, first + count - 1 are in the circle; first and count are even."""
    one, low, high = np.uint64(1), np.uint64(0xFFFFFFFF), np.uint64(32)
    counter = np.arange(first // 2, (first + count + 1) // 2, dtype=np.uint64)
    c0, c1, c2, c3 = counter & low, counter >> high, np.zeros_like(counter), np.zeros_like(counter)
    k0, k1 = key & 0xFFFFFFFF, key >> 32
    for _ in range(10):
        p0, p1 = c0 * np.uint64(0xD2511F53), c2 * np.uint64(0xCD9E8D57)
        c0, c1 = (p1 >> high) ^ c1 ^ np.uint64(k0), p1 & low
        c2, c3 = (p0 >> high) ^ c3 ^ np.uint64(k1), p0 & low
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    even, odd = [(y | one) ** 2 <= ~((x | one) ** 2) for x, y in ((c0, c1), (c2, c3))]
    return np.count_nonzero(even) + np.count_nonzero(odd[: count // 2])


generator = np.random.default_rng(key)


def course(first, count):
    x, y = generator.random(count), generator.random(count)
    return np.count_nonzero(x * x + y * y < 1)


hits_in = {"philox": philox, "course": course}[kind]
start = time.perf_counter()
hits = sum(hits_in(first, min(block, samples - first)) for first in range(0, samples, block))
seconds = time.perf_counter() - start
print(f"{samples / seconds:.6g} samples/s, hits {hits}")
