"""Compares a result of diff2d with the exact solution of its difference equations.

sine_transform.py FILE D X1 X2 RUNTIME DX OUTTIME

The sines sin(pi m i/(n+1)) are the eigenvectors of the second difference with zeros at the rim. A step of the scheme
multiplies the mode (l, m) by 1 + 2 k (cos(pi l/(n+1)) - 1) + 2 k (cos(pi m/(n+1)) - 1), k = D dt/dx^2. So the initial
state, transformed, multiplied and transformed back, is the state after any number of steps, without any stepping.
"""

import sys

import h5py
import numpy as np

path = sys.argv[1]
diffusion, x1, x2, runtime, wanted_dx, outtime = map(float, sys.argv[2:])

nrows = int((x2 - x1) / wanted_dx)
dx = (x2 - x1) / nrows
dt = 0.25 * dx**2 / diffusion
steps = int(runtime / dt)
steps_per_output = int(outtime / dt)
outputs = np.arange(0, steps + 1, steps_per_output)

index = np.arange(1, nrows + 1)
x = x1 - dx + index * (x2 - x1 + 2 * dx) / (nrows + 1)
profile = 1 - abs(1 - 4 * abs((x - (x1 + x2) / 2) / (x2 - x1)))
initial = np.outer(profile, profile)

sines = np.sin(np.pi * np.outer(index, index) / (nrows + 1))
second_difference = 2 * (np.cos(np.pi * index / (nrows + 1)) - 1)
k = diffusion / dx**2 * dt
factor = 1 + k * (second_difference[:, None] + second_difference[None, :])
modes = sines @ initial @ sines * (2 / (nrows + 1)) ** 2


def state(step):
    return initial if step == 0 else sines @ (modes * factor ** int(step)) @ sines


def agree(name, computed, expected, **tolerance):
    np.testing.assert_allclose(computed, expected, err_msg=name, equal_nan=False, **tolerance)


with h5py.File(path) as file:
    assert file["density"].shape == (len(outputs), nrows, nrows), file["density"].shape
    agree("x", file["x"][:], x, rtol=1e-14, atol=1e-14)
    agree("y", file["y"][:], x, rtol=1e-14, atol=1e-14)
    agree("time", file["time"][:], outputs * dt, rtol=1e-14)
    for frame, step in enumerate(outputs):
        p = state(step)
        agree(f"density after {step} steps", file["density"][frame], p, rtol=0, atol=1e-11)
        for name, expected in {
            "mass": p.sum() * dx**2,
            "minimum": p.min(),
            "maximum": p.max(),
            "l2": np.sqrt((p**2).sum() * dx**2),
        }.items():
            agree(f"{name} after {step} steps", file[name][frame], expected, rtol=1e-11, atol=1e-14)

print(f"{len(outputs)} states of {nrows} x {nrows} points agree")
