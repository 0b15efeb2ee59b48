"""What lies beside a result shows the result's own numbers: sidecars.py STEM, for STEM.h5, .xmf and .openpmd.h5"""

import os
import sys
import xml.etree.ElementTree

import h5py
import numpy as np

stem = sys.argv[1]
with h5py.File(stem + ".h5") as file:
    density, time, y, x = (file[name][:] for name in ("density", "time", "y", "x"))
    step = round(float(file.attrs["steps"]))
    dt = float(file.attrs["dt"])

# XDMF: every state is a grid with the right place, time and part of the dataset.
grids = xml.etree.ElementTree.parse(stem + ".xmf").findall("./Domain/Grid/Grid")
assert len(grids) == len(time)
for state, grid in enumerate(grids):
    assert float(grid.find("Time").get("Value")) == time[state]
    assert grid.find("Topology").get("Dimensions").split() == ["1", str(len(y)), str(len(x))]
    origin, spacing = ([float(word) for word in item.text.split()] for item in grid.findall("Geometry/DataItem"))
    assert origin == [0, y[0], x[0]]
    assert np.allclose(origin[1] + np.arange(len(y)) * spacing[1], y) and np.allclose(x, y)
    slab = grid.find("Attribute/DataItem")
    selection, source = slab.findall("DataItem")
    start, stride, count = np.array(selection.text.split(), int).reshape(3, 3)
    name, dataset = source.text.split(":")
    assert os.path.basename(stem) + ".h5" == name
    with h5py.File(os.path.join(os.path.dirname(stem), name)) as file:
        assert [int(word) for word in source.get("Dimensions").split()] == list(file[dataset].shape)
        assert (file[dataset].dtype, source.get("Precision")) == (np.float64, "8")
        part = file[dataset][tuple(slice(a, a + s * c, s) for a, s, c in zip(start, stride, count))]
    assert list(part.shape) == [int(word) for word in slab.get("Dimensions").split()]
    assert np.array_equal(part[0], density[state])

# openPMD: the same states as iterations, numbered by their steps.
with h5py.File(stem + ".openpmd.h5") as file:
    iterations = sorted(file["data"], key=int)
    assert len(iterations) == len(time) and int(iterations[-1]) <= step
    for state, iteration in enumerate(iterations):
        group = file["data"][iteration]
        assert group.attrs["time"] == time[state] and group.attrs["dt"] == dt
        assert np.isclose(int(iteration) * dt, time[state])
        mesh = group["meshes/density"]
        assert mesh.is_virtual and np.array_equal(mesh[:], density[state])
        assert list(mesh.attrs["axisLabels"]) == [b"y", b"x"]
        assert list(mesh.attrs["gridGlobalOffset"]) == [y[0], x[0]]
        assert np.allclose(y[0] + np.arange(len(y)) * mesh.attrs["gridSpacing"][0], y)

print("sidecars agree")
