"""Python ranks that send what the Swift ranks do not expect: rubbish.py"""

from mpi4py import MPI

from peer import rank, size, world

for dest in range(size):
    if dest != rank:
        world.Send([b"\xff\x00", MPI.BYTE], dest, 1)
        world.send({"a": "text"}, dest, 2)
world.recv(source=rank, tag=77)
