"""Reads the file that the case "a netCDF-4 file" writes, with every reader at hand, and checks each number.

usage: check_netcdf.py FILE     needs: numpy h5py netCDF4 xarray h5netcdf
"""

import sys

import h5py
import netCDF4
import numpy as np
import xarray as xr

path = sys.argv[1]
t, y, x = np.meshgrid(np.arange(2), np.arange(7), np.arange(5), indexing="ij")
density = t * 1e6 + y * 1000.0 + x
coordinates = {"time": (np.arange(2) / 2, "s"), "y": (np.arange(7) / 2, "m"), "x": (np.arange(5) / 2, "m")}


def same(actual, expected, what):
    assert np.array_equal(np.asarray(actual), np.asarray(expected)), f"{what}: {actual}, expected {expected}"


with h5py.File(path) as file:
    same(file["density"], density, "h5py density")
    for axis, (name, (values, units)) in enumerate(coordinates.items()):
        same(file[name], values, f"h5py {name}")
        assert file[name].is_scale
        assert file["density"].dims[axis][0].name == "/" + name
        assert file[name].attrs["units"] == units.encode(), file[name].attrs["units"]

with netCDF4.Dataset(path) as file:
    assert file.data_model == "NETCDF4" and file.Conventions == "CF-1.10"
    variable = file["density"]
    assert variable.dimensions == ("time", "y", "x"), variable.dimensions
    assert variable.units == "m-2" and variable.long_name == "density of particles"
    same(variable[:], density, "netCDF4 density")

for engine in ("netcdf4", "h5netcdf"):
    with xr.open_dataset(path, engine=engine, decode_times=False) as file:
        assert set(file.coords) == {"time", "y", "x"}, (engine, file.coords)
        assert file["density"].dims == ("time", "y", "x"), (engine, file["density"].dims)
        assert file["x"].attrs["units"] == "m", (engine, file["x"].attrs)
        same(file["density"].sel(time=0.5, y=1.5, x=2.0), density[1, 3, 4], f"xarray {engine}")

# netCDF-4 says which files it may write to.
with netCDF4.Dataset(path, "a") as file:
    file["density"].comment = "appended"

print("all readers agree")
