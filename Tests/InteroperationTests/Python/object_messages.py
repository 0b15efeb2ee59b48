"""Every lowercase point-to-point call, between all pairs of ranks: object_messages.py"""

from itertools import permutations

import cbor2
import numpy as np
from mpi4py import MPI

from peer import done, expect, objects, rank, size, world

ROOM = 1 << 23  # mpi4py's irecv needs to know


def receive_probed(source, tag):
    return world.mprobe(source, tag).recv()


def receive_probed_later(source, tag):
    while (message := world.improbe(source, tag)) is None:
        pass
    return message.irecv().wait()


def receive_tested(source, tag):
    request = world.irecv(ROOM, source, tag)
    while not (answer := request.test())[0]:
        pass
    return answer[1]


calls = [
    (world.send, lambda source, tag: world.recv(source=source, tag=tag)),
    (world.ssend, lambda source, tag: world.irecv(ROOM, source, tag).wait()),
    (lambda *message: world.isend(*message).wait(), receive_tested),
    (lambda *message: world.issend(*message).wait(), receive_probed),
    (world.bsend, receive_probed_later),
    (lambda *message: world.ibsend(*message).wait(), lambda source, tag: world.recv(source=source, tag=tag)),
]

MPI.Attach_buffer(bytearray(1 << 24))

# Each object there and back.
everything = [objects(r) for r in range(size)]
for a, b in permutations(range(size), 2):
    for send, receive in calls:
        for tag, item in enumerate(everything[a]):
            if rank == a:
                send(item, b, tag)
                expect(receive(b, tag), item)
            if rank == b:
                received = receive(a, tag)
                expect(received, item)
                send(received, a, tag)

# Around a ring.
left, right = (rank - 1) % size, (rank + 1) % size
for mine, theirs in zip(everything[rank], everything[left]):
    expect(world.sendrecv(mine, dest=right, sendtag=1, source=left, recvtag=1), theirs)

# All to all at once.
receives = [world.irecv(ROOM, source, 7) for source in range(size)]
sends = [world.isend([rank, dest] * 1000, dest, 7) for dest in range(size)]
expect(MPI.Request.waitall(receives), [[source, rank] * 1000 for source in range(size)])
MPI.Request.waitall(sends)

# Receives that are posted while all ranks send, come together, and only then wait.
long = [7] * 300_000
first, second = (world.irecv(ROOM, left, tag) for tag in (8, 9))
world.send(long, right, 8)
last = world.isend(long, right, 9)
world.barrier()
expect(second.wait(), long)
expect(first.wait(), long)
last.wait()

# Arrays of numbers, as lists and as blocks (RFC 8746): tag 86 is a little-endian array of doubles, 78 one of int32.
expect(world.sendrecv([0.5 * i for i in range(1000)], right, 1, source=left, recvtag=1), [0.5 * i for i in range(1000)])
for number, dtype in [(86, "<f8"), (78, "<i4")]:
    mine = np.arange(250_000, dtype=dtype) + rank
    theirs = world.sendrecv(cbor2.CBORTag(number, mine.tobytes()), right, 1, source=left, recvtag=1)
    expect(theirs.tag, number)
    assert np.array_equal(np.frombuffer(theirs.value, dtype), np.arange(250_000, dtype=dtype) + left)

MPI.Detach_buffer()
done("messages")
