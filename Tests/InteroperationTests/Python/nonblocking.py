"""Every other way to move buffers, with numpy: nonblocking, persistent, in other modes, between neighbors."""

import numpy as np
from mpi4py import MPI

from peer import done, rank, size, world

left, right = (rank - 1) % size, (rank + 1) % size
COUNT = 100


def row(r, count=COUNT):
    """Numbers that differ between ranks; Nonblocking.swift has the same."""
    return np.arange(count, dtype="f8") + 1000 * r


def rows(ranks, count=COUNT):
    return np.concatenate([row(r, count) for r in ranks])


def equal(actual, expected):
    assert np.array_equal(actual, expected), f"{actual}, expected {expected}"


def zeros(count):
    return np.zeros(count)


def complete(start, received, expected):
    """Waits for what was started; what it received is what is expected."""
    start.Wait()
    if expected is not None:
        equal(received, expected)


counts = [r + 1 for r in range(size)]
parts = np.concatenate([row(r, r + 1) for r in range(size)])
everyone = range(size)
world.Ibarrier().Wait()
for root in everyone:
    is_root = rank == root
    buffer = row(rank)
    complete(world.Ibcast(buffer, root), buffer, row(root))
    whole = zeros(size * COUNT) if is_root else None
    complete(world.Igather(row(rank), whole, root), whole, rows(everyone) if is_root else None)
    part = zeros(COUNT)
    complete(world.Iscatter(whole, part, root), part, row(rank))
    whole = zeros(sum(counts)) if is_root else None
    spec = (whole, counts) if is_root else None
    complete(world.Igatherv(row(rank, rank + 1), spec, root), whole, parts if is_root else None)
    part = zeros(rank + 1)
    complete(world.Iscatterv(spec, part, root), part, row(rank, rank + 1))
    result = zeros(COUNT) if is_root else None
    total = sum(row(r) for r in everyone)
    complete(world.Ireduce(row(rank), result, MPI.SUM, root), result, total if is_root else None)
    result = row(rank)
    complete(
        world.Ireduce(MPI.IN_PLACE if is_root else result, result if is_root else None, MPI.SUM, root),
        result, total if is_root else None)
whole = zeros(size * COUNT)
complete(world.Iallgather(row(rank), whole), whole, rows(everyone))
whole = zeros(size * COUNT)
whole[rank * COUNT : (rank + 1) * COUNT] = row(rank)
complete(world.Iallgather(MPI.IN_PLACE, whole), whole, rows(everyone))
whole = zeros(sum(counts))
complete(world.Iallgatherv(row(rank, rank + 1), (whole, counts)), whole, parts)
whole = zeros(size * COUNT)
complete(
    world.Ialltoall(rows([rank + r for r in everyone]), whole), whole, rows([rank + r for r in everyone]))
whole = zeros(size * (rank + 1))
complete(
    world.Ialltoallv(
        (np.concatenate([row(rank, r + 1) for r in everyone]), counts), (whole, [rank + 1] * size)),
    whole, rows(everyone, rank + 1))
result = zeros(COUNT)
complete(world.Iallreduce(row(rank), result, MPI.MAX), result, row(size - 1))
mine = np.tile(row(rank), size)  # mpi4py does not keep it
complete(world.Ireduce_scatter_block(mine, result, MPI.SUM), result, total)
result = zeros(rank + 1)
mine = row(rank, sum(counts))
complete(
    world.Ireduce_scatter(mine, result, counts, MPI.MAX), result,
    row(size - 1, sum(counts))[sum(counts[:rank]) : sum(counts[: rank + 1])])
result = zeros(COUNT)
complete(world.Iscan(row(rank), result, MPI.SUM), result, sum(row(r) for r in range(rank + 1)))
complete(
    world.Iexscan(row(rank), result, MPI.SUM), result, sum(row(r) for r in range(rank)) if rank > 0 else None)

# Modes, probes and matched messages.
MPI.Attach_buffer(bytearray(8 * COUNT + 1024))
for send in (world.Issend, world.Ibsend):
    request = send(row(rank), right, 1)
    status = MPI.Status()
    message = world.Mprobe(left, 1, status)
    assert status.Get_count(MPI.DOUBLE) == COUNT
    part = zeros(COUNT)
    message.Recv(part)
    equal(part, row(left))
    request.Wait()
world.Barrier()
MPI.Detach_buffer()
buffer = row(rank)
world.Sendrecv_replace(buffer, right, 2, left, 2)
equal(buffer, row(left))
part, mine = zeros(COUNT), zeros(COUNT)
exchange = [world.Recv_init(part, left, 3), world.Send_init(mine, right, 3)]
for n in range(3):
    mine[:] = row(rank) + n
    MPI.Prequest.Startall(exchange)
    MPI.Request.Waitall(exchange)
    equal(part, row(left) + n)
for request in exchange:
    request.Free()

# Neighbors on a ring: first the one before, then the one behind. One of two ranks cannot be shared with Swift.
if size > 2:
    ring = world.Create_cart([size], [True])
    before, behind = row(left), row(right)
    whole = zeros(2 * COUNT)
    ring.Neighbor_allgather(row(rank), whole)
    equal(whole, np.concatenate([before, behind]))
    complete(ring.Ineighbor_allgather(row(rank), whole), whole, np.concatenate([before, behind]))
    sizes = [left + 1, right + 1]
    whole = zeros(sum(sizes))
    ring.Neighbor_allgatherv(row(rank, rank + 1), (whole, sizes))
    equal(whole, np.concatenate([row(left, left + 1), row(right, right + 1)]))
    whole = zeros(2 * COUNT)
    ring.Neighbor_alltoall(np.concatenate([row(rank), row(rank) + 0.5]), whole)
    equal(whole, np.concatenate([row(left) + 0.5, row(right)]))
done("nonblocking")
