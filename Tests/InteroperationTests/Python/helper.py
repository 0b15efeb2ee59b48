"""The helper for Python ranks, without MPI: `helper.py VERSION` for the version of cbor2 that is expected.

The bytes it writes are compared with ones put together here from the standards, digit by digit.
"""

import math
import struct
import sys
from importlib.metadata import version
from pathlib import Path

import cbor2
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[3] / "Documentation/python"))
from swiftmpi import dumps, install, loads  # noqa: E402

found = version("cbor2")
assert found.split(".")[0] == sys.argv[1], f"this is cbor2 {found} and not {sys.argv[1]}; scripts/setup installs both"

checked = 0


def expect_same(actual, expected):
    """The same type, dtype, shape and bits."""
    global checked
    checked += 1
    assert type(actual) is type(expected), (actual, expected)
    if isinstance(expected, np.ndarray):
        assert actual.dtype == expected.dtype and actual.shape == expected.shape, (actual, expected)
        assert actual.tobytes() == expected.tobytes(), (actual, expected)
        assert actual.flags.writeable
    else:
        assert repr(actual) == repr(expected), (actual, expected)


def expect_error(kind, text, body, argument):
    global checked
    checked += 1
    try:
        result = body(argument)
    except Exception as error:
        assert kind is None or isinstance(error, kind), repr(error)
        assert text in f"{error} {error.__cause__}", repr(error)
    else:
        raise AssertionError(f"{argument!r} became {result!r}")


def head(major, argument):
    if argument < 24:
        return bytes([major << 5 | argument])
    size = next(size for size in (1, 2, 4, 8) if argument < 1 << 8 * size)
    return bytes([major << 5 | 23 + size.bit_length()]) + argument.to_bytes(size, "big")


def tag_number(dtype):
    """RFC 8746, section 2.1: 0b010, float, signed, little-endian, logarithm of the size."""
    little = dtype.itemsize > 1 and not dtype.str.startswith(">")
    logarithm = dtype.itemsize.bit_length() - (2 if dtype.kind == "f" else 1)
    return 64 | (dtype.kind == "f") << 4 | (dtype.kind == "i") << 3 | little << 2 | logarithm


def written(array):
    """What an array is to be written as: row by row, from `struct` alone."""
    dtype = array.dtype
    part = np.dtype(dtype.str.replace("c8", "f4").replace("c16", "f8"))
    order = ">" if dtype.str.startswith(">") else "<"
    form = {"i1": "b", "i2": "h", "i4": "i", "i8": "q", "f2": "e", "f4": "f", "f8": "d"}[part.str[1:].replace("u", "i")]
    form = form.upper() if part.kind == "u" else form
    numbers = [number for index in np.ndindex(array.shape) for number in parts(array[index].item())]
    block = struct.pack(f"{order}{len(numbers)}{form}", *numbers)
    data = head(6, tag_number(part)) + head(2, len(block)) + block
    if dtype.kind == "c":
        data = head(6, 43001) + data
    if array.ndim != 1:
        shape = b"".join(head(0, length) for length in array.shape)
        data = head(6, 40) + head(4, 2) + head(4, array.ndim) + shape + data
    return data


def parts(number):
    return (number.real, number.imag) if isinstance(number, complex) else (number,)


integers = [f"{order}{kind}{size}" for kind in "iu" for size in (1, 2, 4, 8) for order in "<>"]
floats = [f"{order}{name}" for name in ("f2", "f4", "f8", "c8", "c16") for order in "<>"]
shapes = [(), (0,), (1,), (7,), (300,), (2, 3), (0, 3), (3, 0), (1, 1), (2, 3, 4), (2, 0, 4), (1, 2, 1, 3, 2)]
for name in integers + floats:
    dtype = np.dtype(name)
    generate = np.random.default_rng(7)
    for shape in shapes:
        whole = np.frombuffer(generate.bytes(math.prod(shape) * 2 * dtype.itemsize), dtype).reshape(shape + (2,))
        if dtype.kind in "fc":  # the bits of NaN are kept in the block, but `struct` may write others
            whole = np.nan_to_num(whole, posinf=np.inf, neginf=-np.inf).astype(dtype)
        array = np.ascontiguousarray(whole[..., 0]).reshape(shape)
        for form in (array, whole[..., 0], array.copy("F")):
            assert dumps(form) == written(array), (dumps(form).hex(), written(array).hex())
            expect_same(loads(dumps(form)), array)
        expect_same(loads(dumps({"x": [array, None], "y": (array,)}))["x"][0], array)
        expect_same(loads(dumps([[array]]))[0][0], array)
    if dtype.kind in "fc":
        special = np.array([np.nan, -np.nan, np.inf, -np.inf, -0.0, 2**-24, 6e4]).astype(dtype)
        expect_same(loads(dumps(special)), special)
    else:
        limits = np.iinfo(dtype)
        expect_same(loads(dumps(np.array([limits.min, limits.max], dtype))), np.array([limits.min, limits.max], dtype))


# Other ways to write an array: column by column, big-endian parts, a list, bytes.
tag = cbor2.CBORTag
matrix = np.arange(24.0).reshape(2, 3, 4)
columns = tag(86, matrix.tobytes("F"))
for value, expected in [
    (tag(1040, [[2, 3, 4], columns]), matrix),
    (tag(40, [tag(64, b"\2\3\4"), tag(86, matrix.tobytes())]), matrix),
    (tag(40, [[2, 3, 4], matrix.ravel().tolist()]), matrix),
    (tag(1040, [[2, 2], [1, 2, 3, 4]]), np.array([[1, 3], [2, 4]])),
    (tag(40, [[2, 1], [2**64 - 1, 0]]), np.array([[2**64 - 1], [0]], "u8")),
    (tag(40, [[2], [2**63, -1]]), np.array([2**63, -1], object)),
    (tag(40, [[2], [1, 1.5]]), np.array([1, 1.5], object)),
    (tag(40, [[2, 1], ["a", "b\0"]]), np.array([["a"], ["b\0"]], object)),
    (tag(40, [[2], [True, False]]), np.array([True, False])),
    (tag(40, [[2, 2], b"\1\2\3\4"]), np.array([[1, 2], [3, 4]], "u1")),
    (tag(40, [[2], [1 + 2j, 3j]]), np.array([1 + 2j, 3j])),
    (tag(40, [[], [7]]), np.array(7)),
    (tag(68, b"\1\2"), np.array([1, 2], "u1")),
    (tag(43001, [1, 2.5, 3, 4]), np.array([1 + 2.5j, 3 + 4j])),
    (tag(43001, tag(84, np.array([1, 2], "<f2").tobytes())), np.array([1 + 2j], "c8")),
    (tag(43001, tag(73, np.array([1, -2], ">i2").tobytes())), np.array([1 - 2j])),
    (tag(1040, [[1, 1], tag(43001, tag(81, np.array([1, 2], ">f4").tobytes()))]), np.array([[1 + 2j]], ">c8")),
]:
    actual = loads(dumps(value))
    if expected.dtype == object:
        assert actual.dtype == object and actual.shape == expected.shape, actual
        assert actual.tolist() == expected.tolist(), actual
    else:
        expect_same(actual, expected)

# Booleans, element by element.
for array in (np.array([True, False, True]), np.array([[True], [False]]), np.array(True), np.ones((2, 3, 4), bool)):
    expect_same(loads(dumps(array)), array)

for array in (np.array([["a", None], [1, 2.5]], object), np.empty((0, 2), object), np.array(["é"] * 3, object)):
    actual = loads(dumps(array))
    assert actual.dtype == object and actual.shape == array.shape and actual.tolist() == array.tolist(), actual
expect_same(loads(dumps(np.array([1, 2], object))), np.array([1, 2]))

# Scalars.
for scalar, expected in [
    (np.bool_(True), True), (np.int8(-3), -3), (np.uint64(2**64 - 1), 2**64 - 1), (np.int64(-(2**63)), -(2**63)),
    (np.float16(0.1), float(np.float16(0.1))), (np.float32(0.1), float(np.float32(0.1))), (np.float64(0.1), 0.1),
    (np.float32("nan"), math.nan), (np.complex64(1 - 2.5j), 1 - 2.5j), (np.complex128(0.1j), 0.1j),
    (complex(-0.0, math.inf), complex(-0.0, math.inf)), (np.str_("é"), "é"), (np.bytes_(b"\0a"), b"\0a"),
]:
    expect_same(loads(dumps(scalar)), expected)
    expect_same(loads(dumps({"k": [scalar]}))["k"][0], expected)
assert dumps(1 + 2j).hex() == "d9a7f882fb3ff0000000000000fb4000000000000000"
assert dumps(np.complex64(1 + 2j)) == dumps(1 + 2j)
expect_same(loads(dumps({np.int64(3): 1, 2j: 2})), {3: 1, 2j: 2})

# What cbor2 knows stays as it is; arrays in keys, too.
for value in (None, 5, -1.5, "π", b"\0", [1, [2]], {"a": {1: 2}}, 2**70, tag(4711, "x")):
    assert dumps(value) == cbor2.dumps(value) and loads(dumps(value)) == value
assert list(loads(cbor2.dumps({tag(79, bytes(8)): 1}))) == [tag(79, bytes(8))]
assert loads(bytearray(dumps(5))) == loads(memoryview(dumps(5))) == 5



class Quantity(np.ndarray):
    """Something that is more than its elements."""


# What would become something else.
for value in (
    np.array(["a"]), np.array([b"a"]), np.array([0], "M8[D]"), np.array([1], "m8[s]"),
    np.zeros(2, "i4,f8"), np.zeros(2, "V3"), np.zeros(2).view(Quantity), np.ma.array([1, 2], mask=[0, 1]),
    np.datetime64("NaT"), np.rec.array([(1, 2)]), np.timedelta64(5, "s"), np.zeros(1, "i4,f8")[0], object(),
    [1, {"x": object()}], np.array([object()]),
):
    expect_error(TypeError, "cannot be sent as CBOR", dumps, value)
for kind in (np.longdouble, np.clongdouble):
    if np.dtype(kind).itemsize > 16 or kind is np.longdouble and np.dtype(kind).itemsize > 8:
        expect_error(TypeError, "cannot be sent as CBOR", dumps, np.ones(2, kind))
        expect_error(TypeError, "cannot be sent as CBOR", dumps, kind(1))

# Messages that are wrong.
block = tag(86, bytes(16))
for value in (
    tag(86, bytes(7)), tag(86, [1.0]), tag(43001, tag(86, bytes(24))), tag(43001, block.value), tag(43001, ["a", 1]),
    tag(43001, [2**53 + 1, 0]), tag(43001, 5), tag(40, [[3], block]), tag(40, [[-1], block]), tag(40, [[2]]),
    tag(40, 5), tag(40, [[2.0], block]), tag(40, [[True, 2], block]), tag(40, [2, block]), tag(40, [[2], 5]),
    tag(1040, [[1], block]), tag(40, [[1] * 70 + [2], block]), tag(43000, [1.0]), tag(43000, [1.0, "a"]), tag(43000, 5),
):
    expect_error(None, "", loads, cbor2.dumps(value))
whole = dumps({"a": np.ones((2, 3)), "z": [1j, np.ones(2, "c8")]})
for count in range(len(whole)):
    expect_error(None, "", loads, whole[:count])


class Pickle:
    def __init__(self, dumps, loads):
        self.dumps, self.loads = dumps, loads


class MPI:
    pickle = Pickle(None, None)


kept = MPI.pickle
install(MPI)
assert MPI.pickle is kept and kept.dumps is dumps and kept.loads is loads
print(f"helper: {checked} checks with cbor2 {found}")
