"""A Python rank that fails while the others wait for it: raises.py"""

from peer import rank, size, world

if rank == size - 1:
    raise ValueError("the sky fell")
world.recv(source=rank, tag=77)
