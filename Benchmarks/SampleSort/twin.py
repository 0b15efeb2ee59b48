"""Sample sort with numpy and mpi4py, as in Examples/SampleSort.swift: prints the numbers per second."""

import sys

import numpy as np
from mpi4py import MPI

world = MPI.COMM_WORLD
rank, size = world.rank, world.size
total = int(sys.argv[1])
count = total // size + (rank < total % size)
numbers = np.random.default_rng().uniform(-1, 1, count)
world.Barrier()
start = MPI.Wtime()

samples = np.sort(np.concatenate(world.allgather(numbers[:: max(1, count // 1000)])))
limits = [samples[r * len(samples) // size] for r in range(1, size)]
bounds = [-np.inf, *limits, np.inf]
if size == 1:
    parts = [numbers]
else:
    parts = [numbers[(numbers >= low) & (numbers < high)] for low, high in zip(bounds, bounds[1:])]
counts = np.array([len(part) for part in parts])
received = np.empty_like(counts)
world.Alltoall(counts, received)
mine = np.empty(received.sum())
world.Alltoallv([np.concatenate(parts), counts], [mine, received])
mine.sort()

seconds = world.allreduce(MPI.Wtime() - start, MPI.MAX)
assert world.allreduce(len(mine)) == total and (mine[1:] >= mine[:-1]).all()
if rank == 0:
    print(total / seconds)
