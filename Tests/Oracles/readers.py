"""Opens a result of diff2d with the readers people use, none of which knows of it: readers.py FILE"""

import sys

import h5py
import netCDF4
import numpy as np
import xarray

path = sys.argv[1]
with h5py.File(path) as file:
    density = file["density"][:]
    coordinates = {name: file[name][:] for name in ("time", "y", "x")}
    assert [axis[0].name for axis in file["density"].dims] == ["/time", "/y", "/x"]

for engine in ("netcdf4", "h5netcdf"):
    with xarray.open_dataset(path, engine=engine) as data:
        assert data["density"].dims == ("time", "y", "x"), engine
        assert set(data.coords) == {"time", "y", "x"}, (engine, data.coords)
        assert np.array_equal(data["density"], density), engine
        for name, values in coordinates.items():
            assert np.array_equal(data[name], values), (engine, name)
            assert data[name].attrs["units"] == ("s" if name == "time" else "m"), (engine, name)
        for name in ("mass", "minimum", "maximum", "l2"):
            assert data[name].dims == ("time",) and "units" in data[name].attrs, (engine, name)
        assert data.attrs["Conventions"] == "CF-1.10", engine
        # A point is found by its coordinates.
        point = data["density"].sel(y=coordinates["y"][3], x=coordinates["x"][7]).isel(time=-1)
        assert point.item() == density[-1, 3, 7], engine

with netCDF4.Dataset(path, "a") as data:
    data.comment = "opened to append"
    data.createVariable("doubled_mass", "f8", ("time",))[:] = 2 * data["mass"][:]
with netCDF4.Dataset(path) as data:
    assert data.comment == "opened to append"
    assert np.array_equal(data["doubled_mass"][:], 2 * data["mass"][:])
    assert np.array_equal(data["density"][:], density)

print("readable")
