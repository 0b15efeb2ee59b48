"""Dates, keys that are text or integers, and failures of Swift ranks: special_objects.py"""

from datetime import datetime, timedelta, timezone

import cbor2

from peer import done, expect, rank, size, world

languages = world.allgather("Python")
root, python_root = languages.index("Swift"), languages.index("Python")

# Up to the microsecond, of which text is truncated and a float rounded.
seconds = [0.3, -0.3, 2**-30, -(2**-30), 721_692_800.1234567, 5e8 / 3, -3e9 / 7, 5e10 / 3, 800_000_000.5]
reference = datetime(2001, 1, 1, tzinfo=timezone.utc)


def expect_dates(dates):
    expect(len(dates), len(seconds))
    for date, second in zip(dates, seconds):
        assert isinstance(date, datetime), date
        difference = (date - reference) - timedelta(seconds=second)
        assert abs(difference) <= timedelta(microseconds=1), (date, second)


expect_dates(world.bcast(None, root))
table = world.bcast(None, root)
if len(table) == len(seconds):  # dates of one microsecond are one key
    expect_dates(sorted(table, key=table.get))
start = datetime(2023, 11, 14, 22, 13, 20, tzinfo=timezone.utc)
world.bcast([start + timedelta(microseconds=m) for m in (0, 100_000, 123_456, 999_999)], python_root)

keys = ["01234", 1234, "007", 7, "+5", 5, "-0", 0, -7, "a"]
entries = world.bcast(None, root)
expect(entries, {key: index for index, key in enumerate(keys)})
world.bcast(entries, python_root)


def expect_failure(received, text):
    expect(received.tag, 0x53574D50)
    expect(list(received.value), ["SwiftMPI failure", f"rank {root}: {text}", 1])


expect_failure(world.bcast(None, root), "broken")
expect_failure(world.scatter(None, root), f"MPI_Scatter: the root gives no list, needs one of {size} objects")
for r, received in enumerate(world.allgather("whole")):
    if r == root:
        expect_failure(received, "broken")
    else:
        expect(received, "whole")
done("special")
