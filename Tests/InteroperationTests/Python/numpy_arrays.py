"""Arrays of numpy in both directions, through the helper that users copy: numpy_arrays.py"""

import sys
from pathlib import Path

import numpy as np
from mpi4py import MPI

from peer import done, expect, world

sys.path.insert(0, str(Path(__file__).parents[3] / "Documentation/python"))
import swiftmpi  # noqa: E402

swiftmpi.install(MPI)

shapes = [(), (0,), (1,), (7,), (2, 3), (0, 3), (3, 0), (2, 3, 4), (2, 0, 2)]


def integers(dtype, offset, shift=0):
    return lambda count: ((37 * np.arange(count) + offset) << shift).astype(dtype)


def floats(dtype, divisor):
    return lambda count: (37 * np.arange(count) - 5).astype(dtype) / np.dtype(dtype).type(divisor)


def complexes(dtype, part):
    def numbers(count):
        array = np.empty(count, dtype)
        array.real, array.imag = floats(part, 7)(count), -np.arange(count, dtype=part)
        return array

    return numbers


kinds = [
    integers("i1", -5), integers("i2", -5), integers("i4", -5), integers("i8", -5, 40),
    integers("u1", 5), integers("u2", 5), integers("u4", 5), integers("u8", 5, 50),
    floats("f2", 8), floats("f4", 7), floats("f8", 7), complexes("c8", "f4"), complexes("c16", "f8"),
    lambda count: np.arange(count) % 3 == 0,
]


def expect_array(actual, expected):
    """The same type, shape and bits, in memory of its own."""
    assert type(actual) is np.ndarray, actual
    expect(actual.shape, expected.shape)
    if expected.size == 0 and expected.dtype == bool:
        return expect(actual.dtype, object)
    expect(actual.dtype, expected.dtype)
    expect(actual.tobytes(), expected.tobytes())
    assert actual.flags.writeable


def expect_list(actual, expected):
    """What Swift writes of a list: bytes and Booleans as such, other numbers as an array."""
    if expected.dtype == "u1":
        expect(actual, expected.tobytes())
    elif expected.dtype == bool:
        expect(actual, expected.tolist())
    else:
        expect_array(actual, expected)


def exchange(numbers, shape, swift):
    array = numbers(np.prod(shape, dtype=int)).reshape(shape)
    one, several = numbers(2)[1], numbers(5)
    # From there here and back.
    received = world.recv(source=swift)
    expect(list(received), ["array", "one", "list"])
    expect_array(received["array"], array)
    expect(type(received["one"]), type(one.item()))
    expect(received["one"], one.item())
    expect_list(received["list"], several)
    world.send(received, swift)
    # From here there and back: as it lies in memory, in the other order of bytes with gaps, and column by column.
    spread = np.zeros(shape + (2,), array.dtype.newbyteorder())
    spread[..., 0] = array
    for form in (array, spread[..., 0], array.copy("F")):
        world.send({"one": one, "array": form, "list": several}, swift)
        received = world.recv(source=swift)
        expect_array(received["array"], array.astype(form.dtype))
        expect(received["one"], one.item())
        expect_array(received["list"], several)


languages = world.allgather("Python")
for swift, language in enumerate(languages):
    if language == "Swift":
        for numbers in kinds:
            for shape in shapes:
                exchange(numbers, shape, swift)
done("numpy arrays")
