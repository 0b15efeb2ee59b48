"""The twins in Python: twin.py numpy|numexpr|numba cubic|gaussian N prints the points per second, as twin.cpp does."""

import os
import sys
import time

os.environ.setdefault("NUMEXPR_MAX_THREADS", "1")
os.environ.setdefault("NUMBA_NUM_THREADS", "1")
import numpy as np

kind, curve, n = sys.argv[1], sys.argv[2], int(sys.argv[3])
dx = 3 / n
block = 1 << 16

if kind == "numba":
    import math

    import numba

    if curve == "cubic":
        f = numba.njit(fastmath=True)(lambda x: 0.7 * x**3 - 2 * x**2 + 4)
    else:
        f = numba.njit(fastmath=True)(lambda x: math.sin(x) * math.exp(-(x**2)))

    @numba.njit(fastmath=True)
    def area(n, dx):
        total = 0.0
        for i in range(n):
            total += f(i * dx)
        return total * dx

    area(10, 0.1)  # compiles
else:
    # Blocks that stay in the cache: an advantage that straightforward code would not have.
    if kind == "numexpr":
        import numexpr

        numexpr.set_num_threads(1)
        expression = "0.7*x**3 - 2*x**2 + 4" if curve == "cubic" else "sin(x)*exp(-x**2)"
        f = lambda x: numexpr.evaluate(expression)
    elif curve == "cubic":
        f = lambda x: 0.7 * x**3 - 2 * x**2 + 4
    else:
        f = lambda x: np.sin(x) * np.exp(-(x**2))

    def area(n, dx):
        index = np.arange(block, dtype=float)
        return sum(f((index[: n - start] + start) * dx).sum() for start in range(0, n, block)) * dx

start = time.perf_counter()
result = area(n, dx)
seconds = time.perf_counter() - start
print(f"{n / seconds:.6g} points/s, area {result:.15g}")
