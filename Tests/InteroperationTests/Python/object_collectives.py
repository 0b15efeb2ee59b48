"""Every lowercase collective, on every root, on the world and on communicators made from it: object_collectives.py"""

from peer import done, expect, objects, rank, size, world


def collectives(comm):
    ranks = range(comm.size)
    everything = [objects(r) for r in ranks]
    mine = objects(comm.rank)
    for root in ranks:
        comm.barrier()
        for index, item in enumerate(mine):
            column = [everything[r][index] for r in ranks]
            expect(comm.bcast(item if comm.rank == root else None, root), column[root])
            expect(comm.gather(item, root), column if comm.rank == root else None)
            expect(comm.scatter(column if comm.rank == root else None, root), item)
    for index, item in enumerate(mine):
        column = [everything[r][index] for r in ranks]
        expect(comm.allgather(item), column)
        expect(comm.alltoall([[comm.rank, r, item] for r in ranks]), [[r, comm.rank, column[r]] for r in ranks])


def reductions(comm):
    """With operations that are not commutative, so that the order is seen."""
    def concatenate(a, b):
        return a + b

    def first(a, b):
        return b if a is None else a

    for _ in range(3):
        for make, op in [
            (lambda r: f"({r})", concatenate),
            (lambda r: [r] * 1000 * r, concatenate),
            (lambda r: None if r == 0 else {"rank": r}, first),
        ]:
            def combined(ranks):
                result = make(ranks[0])
                for r in ranks[1:]:
                    result = op(result, make(r))
                return result

            ranks, mine = range(comm.size), make(comm.rank)
            for root in ranks:
                expect(comm.reduce(mine, op, root), combined(ranks) if comm.rank == root else None)
            expect(comm.allreduce(mine, op), combined(ranks))
            expect(comm.scan(mine, op), combined(ranks[: comm.rank + 1]))
            expect(comm.exscan(mine, op), combined(ranks[: comm.rank]) if comm.rank else None)


collectives(world)
reductions(world)
twin = world.Dup()
reductions(twin)
half = world.Split(rank % 2, -rank)
collectives(half)
reductions(half)
for comm in (half, twin):
    comm.Free()
done("collectives")
