"""Every uppercase call on numpy arrays of every common type: buffers.py"""

import numpy as np
from mpi4py import MPI

from peer import done, rank, size, world

left, right = (rank - 1) % size, (rank + 1) % size
COUNT = 1000


def row(r, dtype, count=COUNT):
    """Small numbers that fit each type; Buffers.swift has the same."""
    numbers = (np.arange(count) * 7 + 3 * r) % 20
    return (numbers % 2 == 1) if dtype == np.bool_ else numbers.astype(dtype)


def equal(actual, expected):
    assert actual.dtype == expected.dtype and np.array_equal(actual, expected), f"{actual}, expected {expected}"


def messages(dtype):
    mine, theirs = row(rank, dtype), np.zeros(COUNT, dtype)
    world.Sendrecv(mine, right, 1, theirs, left, 1)
    equal(theirs, row(left, dtype))
    # Nonblocking here, blocking there.
    for count in (0, 1, 100_000):
        theirs = np.zeros(count, dtype)
        requests = [world.Irecv(theirs, left, 2), world.Isend(row(rank, dtype, count), right, 2)]
        MPI.Request.Waitall(requests)
        equal(theirs, row(left, dtype, count))
    # Blocking here, nonblocking there.
    theirs = np.zeros(COUNT, dtype)
    world.Sendrecv(mine, right, 4, theirs, left, 4)
    equal(theirs, row(left, dtype))
    for source in range(size):
        for dest in range(size):
            if source != dest and rank == source:
                world.Send(mine, dest, 3)
            if source != dest and rank == dest:
                theirs, status = np.zeros(COUNT, dtype), MPI.Status()
                world.Recv(theirs, source, MPI.ANY_TAG, status)
                equal(theirs, row(source, dtype))
                assert status.source == source and status.tag == 3


def collectives(dtype):
    whole = np.concatenate([row(r, dtype) for r in range(size)])
    counts = [r + 1 for r in range(size)]
    parts = np.concatenate([row(r, dtype, r + 1) for r in range(size)])
    for root in range(size):
        buffer = row(rank, dtype)
        world.Bcast(buffer, root)
        equal(buffer, row(root, dtype))

        gathered = np.zeros(size * COUNT, dtype) if rank == root else None
        world.Gather(row(rank, dtype), gathered, root)
        part = np.zeros(COUNT, dtype)
        world.Scatter(gathered, part, root)
        equal(part, row(rank, dtype))

        gathered_parts = np.zeros(sum(counts), dtype) if rank == root else None
        world.Gatherv(row(rank, dtype, rank + 1), (gathered_parts, counts) if rank == root else None, root)
        part = np.zeros(rank + 1, dtype)
        world.Scatterv((gathered_parts, counts) if rank == root else None, part, root)
        equal(part, row(rank, dtype, rank + 1))
        if rank == root:
            equal(gathered, whole)
            equal(gathered_parts, parts)
    everywhere = np.zeros(size * COUNT, dtype)
    world.Allgather(row(rank, dtype), everywhere)
    equal(everywhere, whole)
    everywhere = np.zeros(sum(counts), dtype)
    world.Allgatherv(row(rank, dtype, rank + 1), (everywhere, counts))
    equal(everywhere, parts)

    everywhere = np.zeros(size * COUNT, dtype)
    world.Alltoall(np.concatenate([row(rank + r, dtype) for r in range(size)]), everywhere)
    equal(everywhere, np.concatenate([row(r + rank, dtype) for r in range(size)]))
    received = np.zeros(size * (rank + 1), dtype)
    world.Alltoallv(
        (np.concatenate([row(rank, dtype, r + 1) for r in range(size)]), counts), (received, [rank + 1] * size))
    equal(received, np.concatenate([row(r, dtype, rank + 1) for r in range(size)]))


def reductions(dtype):
    if dtype == np.bool_:
        operations = [(MPI.LAND, np.logical_and), (MPI.LOR, np.logical_or), (MPI.LXOR, np.logical_xor)]
    else:
        operations = [(MPI.SUM, np.add), (MPI.MIN, np.minimum), (MPI.MAX, np.maximum)]
    if np.issubdtype(dtype, np.integer):
        operations += [(MPI.BAND, np.bitwise_and), (MPI.BOR, np.bitwise_or), (MPI.BXOR, np.bitwise_xor)]
    rows = [row(r, dtype) for r in range(size)]
    for operation, ufunc in operations:
        def combined(some):
            result = some[0]
            for other in some[1:]:
                result = ufunc(result, other).astype(dtype)
            return result

        expected = combined(rows)
        for root in range(size):
            result = np.zeros(COUNT, dtype)
            world.Reduce(rows[rank], result if rank == root else None, operation, root)
            if rank == root:
                equal(result, expected)
        result = np.zeros(COUNT, dtype)
        world.Allreduce(rows[rank], result, operation)
        equal(result, expected)
        result = rows[rank].copy()
        world.Allreduce(MPI.IN_PLACE, result, operation)
        equal(result, expected)
        world.Reduce_scatter_block(np.concatenate([rows[rank]] * size), result, operation)
        equal(result, expected)

        world.Scan(rows[rank], result, operation)
        equal(result, combined(rows[: rank + 1]))
        world.Exscan(rows[rank], result, operation)
        if rank > 0:
            equal(result, combined(rows[:rank]))


for dtype in map(
    np.dtype,
    ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f4", "f8", "?"],
):
    world.Barrier()
    messages(dtype)
    collectives(dtype)
    reductions(dtype)
done("buffers")
