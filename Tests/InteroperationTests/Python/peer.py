"""What the Python ranks of every topic share: the communicator, CBOR, and the objects that travel."""

import sys

import cbor2
from mpi4py import MPI

MPI.pickle.__init__(cbor2.dumps, cbor2.loads)

world = MPI.COMM_WORLD
rank, size = world.rank, world.size


def objects(r):
    """Objects that differ between ranks; Objects.swift has the same ones."""
    return [
        None,
        True,
        r,
        -(2**40) - r,
        r + 0.5,
        float("inf"),
        "",
        "π" * r,
        b"\x00\xff" * r,
        [],
        [1, [2, [r, None, []]], "three"],
        {},
        {"rank": r, "inner": {"list": [1, 2.5, None, "é"], "empty": {}, "deep": [{"a": [{"b": r}]}]}},
        list(range(r, r + 300)),
        {str(i): i * r for i in range(100)},
        "x" * (3 << 20) + str(r),
    ]


def expect(actual, expected):
    assert actual == expected, f"{str(actual)[:200]}, expected {str(expected)[:200]}"


def done(topic):
    """Ends a topic: every rank says that it came to the end, and rank 0, whatever its language, prints it."""
    ended = world.gather(topic)
    if rank == 0:
        expect(ended, [topic] * size)
        print(f"{topic}: {size} ranks agree", flush=True)
    sys.exit(0)
