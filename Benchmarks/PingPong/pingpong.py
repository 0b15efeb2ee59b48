"""The twin of main.swift in Python: mpi4py with numpy buffers and pickle. Prints lines of "name|microseconds"."""

import mpi4py

mpi4py.rc.threads = False
from mpi4py import MPI
import numpy

world = MPI.COMM_WORLD
peer = 1 - world.rank


def half_round_trip(send, recv, rounds):
    world.Barrier()
    start = MPI.Wtime()
    for _ in range(rounds):
        if world.rank == 0:
            send()
            recv()
        else:
            recv()
            send()
    return (MPI.Wtime() - start) / (2 * rounds)


def report(name, send, recv, rounds, blocks=15):
    best = min(half_round_trip(send, recv, rounds) for _ in range(blocks))
    if world.rank == 0:
        print(f"{name}|{1e6 * best:.4f}")


for name, count, rounds in [("Send/Recv 8 B", 8, 5000), ("Send/Recv 1 MiB", 1 << 20, 200)]:
    buffer = numpy.ones(count, dtype="u1")
    report(name, lambda: world.Send(buffer, dest=peer), lambda: world.Recv(buffer, source=peer), rounds)
for name, thing, rounds in [
    ("send/recv a struct of two fields", {"a": 7, "b": 3.14}, 5000),
    ("send/recv 1000 doubles", [i / 7 for i in range(1000)], 1000),
    ("send/recv 1 MiB of Data", bytes(1 << 20), 100),
]:
    report(name, lambda: world.send(thing, dest=peer), lambda: world.recv(source=peer), rounds)
