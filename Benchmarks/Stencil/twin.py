"""The twins in Python: twin.py numpy|numexpr|numba N STEPS prints the updates per second, as twin.cpp does."""

import os
import sys
import time

os.environ.setdefault("NUMEXPR_MAX_THREADS", "1")
os.environ.setdefault("NUMBA_NUM_THREADS", "1")
import numpy as np

kind, n, steps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
k = 0.25
i = np.arange(1, n + 1)
p, q = np.zeros((n + 2, n + 2)), np.zeros((n + 2, n + 2))
p[1:-1, 1:-1] = np.outer(np.sin(0.1 * i), np.cos(0.2 * i))

if kind == "numpy":
    def step(p, q):
        c = p[1:-1, 1:-1]
        q[1:-1, 1:-1] = c + k * (p[:-2, 1:-1] + p[2:, 1:-1] + p[1:-1, :-2] + p[1:-1, 2:] - 4 * c)
elif kind == "numexpr":
    import numexpr

    numexpr.set_num_threads(1)

    def step(p, q):
        c, north, south, west, east = p[1:-1, 1:-1], p[:-2, 1:-1], p[2:, 1:-1], p[1:-1, :-2], p[1:-1, 2:]
        numexpr.evaluate("c + k * (north + south + west + east - 4 * c)", out=q[1:-1, 1:-1])
else:
    import numba

    @numba.njit(fastmath=True)
    def step(p, q):
        for i in range(1, p.shape[0] - 1):
            for j in range(1, p.shape[1] - 1):
                q[i, j] = p[i, j] + k * (p[i - 1, j] + p[i + 1, j] + p[i, j - 1] + p[i, j + 1] - 4 * p[i, j])

    step(p.copy(), q.copy())  # compiles

start = time.perf_counter()
for _ in range(steps):
    step(p, q)
    p, q = q, p
seconds = time.perf_counter() - start
print(f"{n * n * steps / seconds:.6g} updates/s, sum {p.sum():.12g}")
