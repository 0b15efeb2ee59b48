"""The Python ranks of the example SwiftPython.swift, which make the same calls.

    mpiexec -n 2 swift-python : -n 2 python3 -m mpi4py swift_python.py
"""

import math
import operator

import cbor2
from mpi4py import MPI

# CBOR replaces pickle, which only Python can read.
MPI.pickle.__init__(cbor2.dumps, cbor2.loads)
world = MPI.COMM_WORLD

problem = world.bcast({"title": "pi", "points": 100_000} if world.rank == 0 else None)

width = 1 / problem["points"]
part = sum(4 / (1 + ((i + 0.5) * width) ** 2) * width for i in range(world.rank, problem["points"], world.size))

total = world.allreduce(part, operator.add)
assert abs(total - math.pi) < 1e-9
results = world.gather({"language": "Python", "sum": part})
if results is not None:
    languages = ", ".join(result["language"] for result in results)
    print(f"{problem['title']} is about {total}; {languages} took part")
