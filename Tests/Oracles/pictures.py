"""The pictures of plotdens show a block of the value 2^-state around (x, y) = (3, -6), in a domain from -10 to 10 along
x: pictures.py FOLDER COMMON STATE... decodes them with ffmpeg and looks at their pixels."""

import os
import subprocess
import sys

import numpy as np

folder, common, states = sys.argv[1], sys.argv[2] == "true", [int(word) for word in sys.argv[3:]]
LOW, HIGH = np.array([0x44, 0x01, 0x54]), np.array([0xFD, 0xE7, 0x25])
VIRIDIS = [0x440154, 0x472C7A, 0x3B518B, 0x2C718E, 0x21908D, 0x27AD81, 0x5CC863, 0xAADC32, 0xFDE725]


def decode(name):
    """All pictures of a file: states, rows, columns, colors."""
    size = subprocess.check_output(
        ["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "stream=width,height"]
        + ["-of", "csv=p=0", name],
        text=True,
    )
    width, height = (int(word) for word in size.strip().strip(",").split(","))
    command = ["ffmpeg", "-v", "error", "-i", name, "-vsync", "0", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    pixels = np.frombuffer(subprocess.check_output(command), np.uint8)
    return pixels.reshape(-1, height, width, 3).astype(int)


def color(value):
    """Where viridis is at a value between 0 and 1."""
    place = 8 * value
    below = min(int(place), 7)
    low, high = (np.array([(VIRIDIS[i] >> shift) & 255 for shift in (16, 8, 0)]) for i in (below, below + 1))
    return low + (place - below) * (high - low)


def check(picture, value, tolerance):
    # The field: the large part that has the lowest color.
    low = abs(picture - LOW).max(axis=-1) <= tolerance
    rows = np.flatnonzero(low.mean(axis=1) > 0.3)
    columns = np.flatnonzero(low.mean(axis=0) > 0.3)
    top, bottom, left, right = rows[0], rows[-1], columns[0], columns[-1]
    field = picture[top : bottom + 1, left : right + 1]
    # Equal scales on both axes.
    scale = (right - left + 1) / 20
    block = abs(field - color(value)).max(axis=-1) <= tolerance + 6
    block &= ~low[top : bottom + 1, left : right + 1]
    y, x = np.nonzero(block)
    assert abs((x.mean() + 0.5) / scale - 10 - 3) < 0.5, f"x {(x.mean() + 0.5) / scale - 10}"
    height = (bottom - top - y.mean() + 0.5) / scale - 10
    assert abs(height + 6) < 0.5, f"y {height}"
    assert abs(block.sum() / scale**2 - 4) < 1, f"area {block.sum() / scale**2}"


for state in states:
    (picture,) = decode(f"{folder}/frame-{state:05}.png")
    assert 598 <= picture.shape[1] <= 602
    check(picture, 2.0**-state if common else 1, 3)
for name, tolerance in ("animation.gif", 24), ("animation.mp4", 40):
    if common and os.path.exists(f"{folder}/{name}"):
        film = decode(f"{folder}/{name}")
        assert len(film) == len(states), (name, film.shape)
        check(film[0], 1, tolerance)
for name in "lines.png", "history.png":
    if not os.path.exists(f"{folder}/{name}"):
        continue
    (picture,) = decode(f"{folder}/{name}")
    colors = {tuple(pixel) for pixel in picture.reshape(-1, 3)}
    assert len(colors) > 10 and (255, 255, 255) in colors, name
print("pictures agree")
