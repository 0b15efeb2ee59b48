"""Types beyond plain numbers, with numpy: complex, structures, columns, pairs, packed messages."""

import numpy as np
from mpi4py import MPI

from peer import done, expect, rank, size, world

left, right = (rank - 1) % size, (rank + 1) % size
everyone = range(size)


def equal(actual, expected):
    assert np.array_equal(actual, expected), f"{actual}, expected {expected}"


# Complex numbers: sums, products, messages.
for dtype in ("c8", "c16"):
    def numbers(r):
        return np.array([complex(r + 1, -1), complex(0, r)], dtype)

    theirs = np.zeros(2, dtype)
    world.Sendrecv(numbers(rank), right, 0, theirs, left, 0)
    equal(theirs, numbers(left))
    world.Allreduce(numbers(rank), theirs, MPI.SUM)
    equal(theirs, sum(numbers(r) for r in everyone))
    world.Allreduce(np.array([1j, 2], dtype), theirs, MPI.PROD)
    equal(theirs, np.array([1j**size, 2**size], dtype))

# A structure with padding, which C lays out like Swift.
particle = np.dtype([("flag", "?"), ("x", "f8"), ("id", "i2")], align=True)
structure = MPI.Datatype.Create_struct(
    [1, 1, 1], [particle.fields[name][1] for name in ("flag", "x", "id")], [MPI.C_BOOL, MPI.DOUBLE, MPI.INT16_T]
).Create_resized(0, particle.itemsize)
structure.Commit()


def particles(r, count=3):
    return np.array([(n % 2 == 0, (n + r) / 3, n - r) for n in range(count)], particle)


theirs = np.zeros(3, particle)
world.Sendrecv([particles(rank), 3, structure], right, 1, [theirs, 3, structure], left, 1)
equal(theirs, particles(left))
whole = np.zeros(3 * size, particle)
world.Allgather([particles(rank), 3, structure], [whole, 3, structure])
equal(whole, np.concatenate([particles(r) for r in everyone]))
structure.Free()

# Columns of matrices: one of mine becomes a row there.
matrix = np.arange(12, dtype="i4").reshape(3, 4) + 100 * rank
column = MPI.INT32_T.Create_vector(3, 1, 4).Commit()
theirs = np.zeros(3, "i4")
world.Sendrecv([matrix.ravel()[1:], 1, column], right, 2, theirs, left, 2)
equal(theirs, np.array([1, 5, 9]) + 100 * left)
world.Sendrecv(theirs, right, 3, [matrix.ravel()[2:], 1, column], left, 3)
equal(matrix[:, 2], np.array([1, 5, 9]) + 100 * ((left - 1) % size))
column.Free()
block = MPI.DOUBLE.Create_subarray([4, 5], [2, 3], [1, 2]).Commit()
field = np.arange(20, dtype="f8").reshape(4, 5) + 100 * rank
world.Bcast([field, 1, block], size - 1)
expected = np.arange(20, dtype="f8").reshape(4, 5) + 100 * rank
expected[1:3, 2:5] += 100 * (size - 1 - rank)
equal(field, expected)
block.Free()

# Every rank gets one of my columns and has it in a row.
square = np.arange(size * size, dtype="i8").reshape(size, size) + 1000 * rank
column = MPI.INT64_T.Create_vector(size, 1, size).Commit()
received = np.zeros((size, size), "i8")
world.Alltoallw(
    (square, [1] * size, [8 * r for r in everyone], [column] * size),
    (received, [size] * size, [8 * size * r for r in everyone], [MPI.INT64_T] * size))
equal(received, np.array([[1000 * r + size * i + rank for i in everyone] for r in everyone]))
column.Free()

# Values with their places.
pairs = np.zeros(2, np.dtype([("value", "f8"), ("index", "i4")], align=True))
mine = np.array([((rank * 7) % 5, rank), (-rank, rank)], pairs.dtype)
world.Allreduce([mine, 2, MPI.DOUBLE_INT], [pairs, 2, MPI.DOUBLE_INT], MPI.MAXLOC)
best = max((((r * 7) % 5, -r) for r in everyone))
expect(pairs.tolist(), [(best[0], -best[1]), (0, 0)])

# Reductions in parts of unequal size, and in place.
counts = [r + 1 for r in everyone]
part = np.zeros(rank + 1, "i4")
world.Reduce_scatter(np.arange(sum(counts), dtype="i4") + rank, part, counts, MPI.SUM)
start = sum(counts[:rank])
equal(part, size * np.arange(start, start + rank + 1) + sum(everyone))
total = np.array([rank], "i4")
world.Reduce(MPI.IN_PLACE if rank == 0 else total, total if rank == 0 else None, MPI.SUM, 0)
if rank == 0:
    equal(total, [sum(everyone)])
whole = np.zeros(size, "i4")
whole[rank] = rank + 1
world.Allgather(MPI.IN_PLACE, whole)
equal(whole, np.arange(size) + 1)

# A message packed of several types, in the external form of every MPI.
size_needed = MPI.INT32_T.Pack_external_size("external32", 1) + MPI.DOUBLE.Pack_external_size("external32", 2)
packed = np.zeros(size_needed, "u1")
position = MPI.INT32_T.Pack_external("external32", np.array([rank], "i4"), packed, 0)
position = MPI.DOUBLE.Pack_external("external32", np.array([rank / 7, -1.5]), packed, position)
theirs = np.zeros_like(packed)
world.Sendrecv(packed, right, 4, theirs, left, 4)
number, doubles = np.zeros(1, "i4"), np.zeros(2)
position = MPI.INT32_T.Unpack_external("external32", theirs, 0, number)
MPI.DOUBLE.Unpack_external("external32", theirs, position, doubles)
equal(number, [left])
equal(doubles, [left / 7, -1.5])
done("datatypes")
