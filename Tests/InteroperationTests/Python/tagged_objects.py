"""Messages with tags of all kinds: a Swift type that takes one has its value, and no other."""

import math
import random
import struct
from datetime import datetime

import cbor2
from peer import done, expect, rank, size, world

REMARKS = [21, 22, 23, 24, 28, 32, 33, 34, 35, 36, 256, 258, 55799]
TAGS = REMARKS + [0, 1, 2, 3, 4, 5, 25, 29, 30, 37, 40, 52, 54, 72, 79, 86, 100, 260, 1004, 1040, 43000, 43001, 2**32]
TYPED = {64: "B", 68: "B", 69: "<H", 71: "<Q", 72: "b", 74: ">i", 78: "<i", 79: "<q", 85: "<f", 86: "<d", 82: ">d"}


def parse(data, at=0):
    """The item at a place and the place behind it, as (kind, value); nothing in it is interpreted."""
    first = data[at]
    major, small = first >> 5, first & 31
    at += 1
    if small >= 24:
        length = 1 << (small - 24)
        argument = int.from_bytes(data[at : at + length], "big")
        at += length
    else:
        argument = small
    if major == 0:
        return ("int", argument), at
    if major == 1:
        return ("int", -1 - argument), at
    if major in (2, 3):
        return (("bytes", "text")[major - 2], data[at : at + argument]), at + argument
    if major == 4:
        items = []
        for _ in range(argument):
            item, at = parse(data, at)
            items.append(item)
        return ("list", items), at
    if major == 5:
        items = []
        for _ in range(argument):
            key, at = parse(data, at)
            value, at = parse(data, at)
            items.append((key, value))
        return ("map", items), at
    if major == 6:
        item, at = parse(data, at)
        return ("tag", argument, item), at
    if small == 25:
        return ("float", struct.unpack(">e", argument.to_bytes(2, "big"))[0]), at
    if small == 26:
        return ("float", struct.unpack(">f", argument.to_bytes(4, "big"))[0]), at
    if small == 27:
        return ("float", struct.unpack(">d", argument.to_bytes(8, "big"))[0]), at
    return ("simple", argument), at


def number(value):
    return ("number", "nan") if isinstance(value, float) and math.isnan(value) else ("number", value)


def nested(shape, items):
    if not shape:
        return ("single", items[0])
    if len(shape) == 1:
        return ("list", items)
    step = len(items) // shape[0] if shape[0] else 0
    return ("list", [nested(shape[1:], items[i * step : (i + 1) * step]) for i in range(shape[0])])


def row_order(shape, items):
    """What stands column by column, row by row."""
    ordered = []
    for place in range(len(items)):
        index = []
        for length in reversed(shape):
            index.insert(0, place % length)
            place //= length
        offset, stride = 0, 1
        for i, length in zip(index, shape):
            offset += i * stride
            stride *= length
        ordered.append(items[offset])
    return ordered


def complex_number(real, imaginary):
    return ("complex", *(float(part) if part != "nan" and float(part) == part else part for part in (real, imaginary)))


def complexes(parts):
    """The complex numbers of which the parts stand in turn; None if they are something else."""
    if parts[0] != "list" or len(parts[1]) % 2 or any(part[0] != "number" for part in parts[1]):
        return None
    values = [value for _, value in parts[1]]
    return [complex_number(values[i], values[i + 1]) for i in range(0, len(values), 2)]


def promoted(thing):
    """The same with complex numbers in place of real ones, but for keys."""
    kind, value = thing[0], thing[1]
    if kind == "number":
        return complex_number(value, 0)
    if kind == "list":
        return ("list", [promoted(one) for one in value])
    if kind == "map":
        return ("map", sorted(((key, promoted(one)) for key, one in value), key=str))
    return ("single", promoted(value)) if kind == "single" else thing


def meaning(item):
    """What an item means, whichever way it is written."""
    kind, value = item[0], item[1]
    if kind in ("int", "float"):
        return number(value)
    if kind == "bytes":
        return ("list", [number(byte) for byte in value])
    if kind == "list":
        return ("list", [meaning(one) for one in value])
    if kind == "map":
        return ("map", sorted(((meaning(k), meaning(v)) for k, v in value), key=str))
    if kind != "tag":
        return item
    tag, inside = item[1], item[2]
    if tag in REMARKS:
        return meaning(inside)
    if tag in (2, 3) and inside[0] == "bytes":
        digits = int.from_bytes(inside[1], "big")
        return number(digits if tag == 2 else -1 - digits)
    if tag in TYPED and inside[0] == "bytes" and len(inside[1]) % struct.calcsize(TYPED[tag]) == 0:
        form = TYPED[tag]
        return ("list", [number(one) for (one,) in struct.iter_unpack(form, inside[1])])
    if tag in (40, 1040) and inside[0] == "list" and len(inside[1]) == 2:
        shape, items = (meaning(one) for one in inside[1])
        if shape[0] == items[0] == "list":
            lengths = [length for _, length in shape[1]]
            are_lengths = all(isinstance(length, int) and length >= 0 for length in lengths)
            if are_lengths and math.prod(lengths) == len(items[1]):
                return nested(lengths, row_order(lengths, items[1]) if tag == 1040 else items[1])
    if tag in (43000, 43001):
        numbers = complexes(meaning(inside)) if inside[0] in ("list", "tag") else None
        if numbers is not None and tag == 43001:
            return ("list", numbers)
        if numbers is not None and len(numbers) == 1:
            return numbers[0]
    return ("tag", tag, meaning(inside))


def agrees(sent, received):
    """Whether what a Swift type made of an item is the item; a few types take other forms for their own."""
    if meaning(sent) == meaning(received) or promoted(meaning(sent)) == meaning(received):
        return True
    while sent[0] == "tag" and sent[1] in REMARKS:
        sent = sent[2]
    if received[0] == "tag" and received[1] in (0, 1) and meaning(sent)[0] == "number":  # a number is a date
        return received[1] == 1 and meaning(received[2]) == meaning(sent)
    if received[0] == "tag" and received[1] == 37 and sent[0] in ("bytes", "text"):
        return sent[0] == "text" or sent[1] == received[2][1]
    if received[0] == "text" and sent[0] == "tag" and sent[1] in (0, 1004):  # the text of a date
        return agrees(sent[2], received)
    if received[0] == "tag" and received[1] == 1 and sent[0] == "tag" and sent[1] == 1:
        return meaning(sent[2]) == meaning(received[2])
    if received[0] == "tag" and received[1] == 1 and sent[0] == "tag" and sent[1] == 0:  # text and seconds
        text = meaning(sent[2])[1].decode().replace("Z", "+00:00")
        return datetime.fromisoformat(text).timestamp() == received[2][1]
    if received[0] == "map" and sent[0] == "list":  # keys and values in turn
        pairs = [(sent[1][i], sent[1][i + 1]) for i in range(0, len(sent[1]), 2)]
        mine = dict(map(repr_pair, received[1]))
        return mine in (dict(map(repr_pair, pairs)), {str(meaning(k)): str(promoted(meaning(v))) for k, v in pairs})
    if received[0] == "list" and sent[0] in ("list", "tag", "bytes"):  # a set has no order, and each element once
        mine = meaning(received)[1]
        return any(
            isinstance(theirs[1], list) and sorted(set(map(str, mine))) == sorted(set(map(str, theirs[1])))
            for theirs in (meaning(sent), promoted(meaning(sent)))
        )
    return False


def repr_pair(pair):
    return str(meaning(pair[0])), str(meaning(pair[1]))


def item(generate, depth=0):
    """A random object, mostly of the kind that its tag is for."""
    tag = generate.random() < 0.5
    simple = [
        lambda: generate.choice(
            [0, 1, -1, 23, 24, 255, 2**32, 2**53 + 1, 2**63 - 1, 2**63, 2**64 - 1, -(2**63), 2**70]
        ),
        lambda: generate.choice([0.0, -0.5, 1.5, 1e300, math.inf, math.nan, 3.0]),
        lambda: generate.choice(["", "a", "2026-11-28", "2026-11-28T10:00:00Z", "π", "7"]),
        lambda: generate.randbytes(generate.choice([0, 1, 3, 8, 16, 24])),
        lambda: generate.choice([None, True, False]),
        lambda: cbor2.CBORTag(43000, generate.choices([0, 1.5, -3, -2.5, math.nan, 2**53 + 1], k=2)),
    ]
    if tag and generate.random() < 0.5:
        number = generate.choice(list(TYPED))
        count = generate.randrange(0, 5)
        numbers = [generate.randrange(0, 100) for _ in range(count)]
        block = cbor2.CBORTag(number, b"".join(struct.pack(TYPED[number], one) for one in numbers))
        if generate.random() < 0.4:
            block = cbor2.CBORTag(generate.choice([43000, 43001, 43001]), generate.choice([block, numbers]))
            count //= 2
        if generate.random() < 0.5:
            return block
        rows = generate.choice([1, 2, 3])
        shape = generate.choice([[count], [rows, count], [count, 1], [1, count, 1], [], [count, 0]])
        content = block if math.prod(shape) == count else numbers * rows
        return cbor2.CBORTag(generate.choice([40, 1040]), [shape, content])
    choice = generate.randrange(4 if depth < 3 else 2)
    if choice < 2:
        value = generate.choice(simple)()
    elif choice == 2:
        value = [item(generate, depth + 1) for _ in range(generate.randrange(4))]
    else:
        keys = [generate.choice(["a", "b", 1, 2, "1"]) for _ in range(generate.randrange(4))]
        value = {key: item(generate, depth + 1) for key in keys}
    return cbor2.CBORTag(generate.choice(TAGS), value) if tag else value


languages = world.allgather("Python")
taken = 0
for seed in range(rank, 1000, size):
    generate = random.Random(seed)
    for _ in range(5):
        data = cbor2.dumps(item(generate))
        sent, end = parse(data)
        expect(end, len(data))
        world.send(data, languages.index("Swift"))
        answers = world.recv(source=languages.index("Swift"))
        expect(answers[0] is not None, True)  # a CBORValue takes everything
        for number_of_type, answer in enumerate(answers):
            if answer is not None:
                taken += 1
                assert agrees(sent, parse(answer)[0]), (seed, number_of_type, data.hex(), answer.hex())
world.send(None, languages.index("Swift"))
assert taken > 1000, taken
done("tagged objects")
