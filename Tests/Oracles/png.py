"""Fails unless a PNG file is well-formed and its text `Software` is the given program: FILE PROGRAM."""

import sys
import zlib

data = open(sys.argv[1], "rb").read()
assert data[:8] == b"\x89PNG\r\n\x1a\n"
place, chunks = 8, []
while place < len(data):
    length = int.from_bytes(data[place : place + 4], "big")
    content = data[place + 4 : place + 8 + length]
    assert zlib.crc32(content) == int.from_bytes(data[place + 8 + length : place + 12 + length], "big")
    chunks.append(content)
    place += 12 + length
assert place == len(data) and chunks[-1] == b"IEND"
assert chunks.count(b"tEXtSoftware\0" + sys.argv[2].encode()) == 1
