"""Lets Python ranks exchange objects with Swift ranks of SwiftMPI: mpi4py's lowercase calls, with CBOR for pickle.

    from mpi4py import MPI
    import swiftmpi

    swiftmpi.install(MPI)
    MPI.COMM_WORLD.bcast({"field": numpy.zeros((3, 4)), "gain": 1 + 2j})

What travels, beside what `cbor2` knows:

- An array of integers, floats or complex numbers is one block of memory (RFC 8746), with its shape unless it has one
  dimension; so is what a Swift rank sends of `[Double]`, `[Complex<Float>]`, `NDArray<Int32>` and so on. It keeps its
  dtype and order of bytes, and arrives in memory of its own.
- An array of Booleans or of objects travels element by element, with its shape; so does a Swift rank's
  `NDArray<String>`. It arrives with the dtype of its elements if all are Booleans or all numbers of one type, otherwise
  as `object`; lists in it may be tuples then.
- A scalar of numpy is the number it stands for, and arrives as Python's own.
- In keys of dictionaries and elements of sets, which must not change, arrays stay what `cbor2` makes of them.

What cannot travel without becoming another value is a `TypeError`: text and dates of numpy, structures, `longdouble`,
subclasses such as masked arrays. Needs numpy and cbor2 5.4 or later.
"""

import math

import cbor2
import numpy as np

__all__ = ["dumps", "install", "loads"]

SHAPED, COLUMN_MAJOR, COMPLEX, COMPLEX_ARRAY = 40, 1040, 43000, 43001
# RFC 8746, section 2.1.
TAGS = {
    "|u1": 64, ">u2": 65, ">u4": 66, ">u8": 67, "<u2": 69, "<u4": 70, "<u8": 71,
    "|i1": 72, ">i2": 73, ">i4": 74, ">i8": 75, "<i2": 77, "<i4": 78, "<i8": 79,
    ">f2": 80, ">f4": 81, ">f8": 82, "<f2": 84, "<f4": 85, "<f8": 86,
}
DTYPES = {tag: np.dtype(name) for name, tag in TAGS.items()} | {68: np.dtype("u1")}


def install(MPI):
    """Makes mpi4py's lowercase calls speak CBOR; on every Python rank, before the first of them."""
    MPI.pickle.__init__(dumps, loads)


def dumps(value):
    """An object as CBOR."""
    return cbor2.dumps(value, default=_encode)


def loads(data):
    """The object in a message."""
    return cbor2.loads(data, tag_hook=_decode)


def _encode(encoder, value):
    """Writes what cbor2 does not know."""
    kind = (value.dtype.kind, value.dtype.itemsize) if isinstance(value, np.generic) else None
    if isinstance(value, np.ndarray):
        encoder.encode(_tag_of_array(value))
    elif isinstance(value, complex) or kind == ("c", 8):
        encoder.encode(cbor2.CBORTag(COMPLEX, [float(value.real), float(value.imag)]))
    elif kind and kind[0] in "biu":
        encoder.encode(value.item())
    elif kind in (("f", 2), ("f", 4), ("f", 8)):
        encoder.encode(float(value))
    else:
        raise TypeError(f"{_name(value)} cannot be sent as CBOR: {value!r}"[:200])


def _name(value):
    kind = type(value)
    return f"{kind.__module__}.{kind.__qualname__}"


def _tag_of_array(array):
    if type(array) not in (np.ndarray, np.memmap):
        raise TypeError(f"{_name(array)} cannot be sent as CBOR, and may be more than its elements")
    dtype = array.dtype
    if dtype.kind in "bO":
        return cbor2.CBORTag(SHAPED, [list(array.shape), array.ravel().tolist()])
    part = np.dtype(f"{dtype.byteorder}f{dtype.itemsize // 2}") if dtype.kind == "c" else dtype
    if part.str not in TAGS:
        raise TypeError(f"an array of {dtype} cannot be sent as CBOR")
    block = cbor2.CBORTag(TAGS[part.str], array.tobytes())
    if dtype.kind == "c":
        block = cbor2.CBORTag(COMPLEX_ARRAY, block)
    return block if array.ndim == 1 else cbor2.CBORTag(SHAPED, [list(array.shape), block])


def _decode(*arguments):
    """What a tag that cbor2 does not know stands for."""
    if isinstance(arguments[0], cbor2.CBORTag):  # cbor2 6
        tag, immutable = arguments
    else:
        tag, immutable = arguments[1], arguments[0].immutable
    if tag.tag == COMPLEX:
        return _complex(tag.value)
    return tag if immutable else _resolved(tag)


def _resolved(item):
    """The array that an item is, if it is one. Inside of tags cbor2 6 leaves the tags of arrays to us."""
    if not isinstance(item, cbor2.CBORTag):
        return item
    if item.tag in DTYPES:
        return _block(item.value, DTYPES[item.tag])
    if item.tag == COMPLEX_ARRAY:
        return _complex_array(_elements(item.value))
    if item.tag in (SHAPED, COLUMN_MAJOR):
        return _shaped(item)
    return item


def _block(data, dtype):
    if not isinstance(data, bytes) or len(data) % dtype.itemsize:
        raise cbor2.CBORDecodeError(f"a typed array is no block of {dtype}")
    return np.frombuffer(data, dtype).copy()


def _complex(parts):
    if not isinstance(parts, (list, tuple)) or len(parts) != 2:
        raise cbor2.CBORDecodeError("a complex number does not have two parts")
    return complex(*map(_part, parts))


def _part(number):
    if type(number) not in (int, float) or type(number) is int and abs(number) > 2**53:
        raise cbor2.CBORDecodeError(f"{number!r} is no part of a complex number")
    return float(number)


def _complex_array(parts):
    if parts.ndim != 1 or len(parts) % 2:
        raise cbor2.CBORDecodeError("an array of complex numbers does not have real and imaginary parts in turn")
    if parts.dtype.kind != "f":
        parts = np.array([_part(part) for part in parts.tolist()])
    elif parts.dtype.itemsize == 2:
        parts = parts.astype("f4")
    return parts.view(f"{parts.dtype.byteorder}c{2 * parts.dtype.itemsize}")


def _shaped(tag):
    if not isinstance(tag.value, (list, tuple)) or len(tag.value) != 2:
        raise cbor2.CBORDecodeError("an array with a shape does not have both")
    shape, elements = tag.value
    shape = _elements(shape).tolist()
    elements = _block(elements, np.dtype("u1")) if isinstance(elements, bytes) else _elements(elements)
    if not all(type(length) is int and length >= 0 for length in shape):
        raise cbor2.CBORDecodeError(f"{shape} is no shape")
    if elements.ndim != 1 or math.prod(shape) != len(elements):
        raise cbor2.CBORDecodeError(f"the shape {shape} is not that of {elements.size} elements")
    return elements.reshape(shape, order="F" if tag.tag == COLUMN_MAJOR else "C")


def _elements(item):
    """The elements of an array in one dimension, written as a block or one by one."""
    item = _resolved(item)
    if isinstance(item, np.ndarray):
        return item
    if not isinstance(item, (list, tuple)):
        raise cbor2.CBORDecodeError(f"{type(item).__name__} is no array")
    return _array(item)


def _array(elements):
    """An array of the type that all elements have, which numpy by itself would convert."""
    types = set(map(type, elements))
    if types in ({bool}, {float}, {complex}):
        return np.array(elements)
    if types == {int}:
        for limits in map(np.iinfo, (np.int64, np.uint64)):
            if limits.min <= min(elements) and max(elements) <= limits.max:
                return np.array(elements, limits.dtype)
    array = np.empty(len(elements), object)
    for index, element in enumerate(elements):
        array[index] = _resolved(element)
    return array
