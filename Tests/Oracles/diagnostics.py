"""Checks that the diagnostics in a result of diff2d are those of its density, to the bit: diagnostics.py FILE"""

import math
import sys

import h5py

with h5py.File(sys.argv[1]) as file:
    area = file.attrs["dx"] * file.attrs["dx"]
    for frame, p in enumerate(file["density"]):
        for name, expected in {
            "mass": math.fsum(p.ravel()) * area,
            "minimum": p.min(),
            "maximum": p.max(),
            "l2": math.sqrt(math.fsum((p * p).ravel()) * area),
        }.items():
            assert file[name][frame] == expected, (name, frame, file[name][frame], expected)
    print(f"{len(file['density'])} states checked")
