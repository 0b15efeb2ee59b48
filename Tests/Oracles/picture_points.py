"""Colors in a picture of plotdens: picture_points.py FILE X,Y... prints those of points of the field, most of which has
the lowest color and whose domain goes from -10 to 10; picture_points.py FILE COLOR how many pixels have a color."""

import subprocess
import sys

import numpy as np

size = subprocess.check_output(
    ["ffprobe", "-v", "error", "-show_entries", "stream=width,height", "-of", "csv=p=0", sys.argv[1]], text=True
)
width, height = (int(word) for word in size.strip().strip(",").split(","))
command = ["ffmpeg", "-v", "error", "-i", sys.argv[1], "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
picture = np.frombuffer(subprocess.check_output(command), np.uint8).reshape(height, width, 3).astype(int)


def near(color):
    return abs(picture - [int(color[i : i + 2], 16) for i in (0, 2, 4)]).max(axis=-1) <= 3


if "," not in sys.argv[2]:
    print(near(sys.argv[2]).sum())
    sys.exit()
low = near("440154")
rows, columns = np.flatnonzero(low.mean(axis=1) > 0.3), np.flatnonzero(low.mean(axis=0) > 0.3)
for word in sys.argv[2:]:
    x, y = ((float(number) + 10) / 20 for number in word.split(","))
    row, column = rows[-1] - y * (rows[-1] - rows[0]), columns[0] + x * (columns[-1] - columns[0])
    print("".join(f"{value:02x}" for value in picture[round(row), round(column)]))
