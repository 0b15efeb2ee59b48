"""A matrix times a vector with numpy and mpi4py, as in Examples/MatrixVector.swift: prints operations per second."""

import sys

import numpy as np
from mpi4py import MPI

world = MPI.COMM_WORLD
rank, size = world.rank, world.size
n = int(sys.argv[1])
counts = [n // size + (r < n % size) for r in range(size)]
first = sum(counts[:rank])
rows = (np.arange(first, first + counts[rank])[:, None] - np.arange(n)[None, :]).astype(float)
vector = np.ones(n)
world.Barrier()
start = MPI.Wtime()
for _ in range(10):
    product = np.empty(n)
    world.Allgatherv(rows @ vector, [product, counts])
    vector = np.where(product < 0, -1.0, 1.0)
seconds = world.allreduce(MPI.Wtime() - start, MPI.MAX)
if rank == 0:
    print(2 * n * n * 10 / seconds)
