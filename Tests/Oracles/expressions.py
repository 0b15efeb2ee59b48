"""Expressions in x as Python and numpy understand them: prints the values at some x of each expression given."""

import sys

import numpy as np

names = {name: getattr(np, name) for name in dir(np)}
names |= {"min": np.minimum, "max": np.maximum, "abs": np.abs, "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan,
          "atan2": np.arctan2, "round": np.round, "fabs": np.fabs}
x = np.array([float(value) for value in sys.argv[1].split(",")])
for expression in sys.argv[2:]:
    with np.errstate(all="ignore"):
        values = np.broadcast_to(eval(expression, names | {"x": x}), x.shape)
    print(",".join(repr(float(value)) for value in values))
