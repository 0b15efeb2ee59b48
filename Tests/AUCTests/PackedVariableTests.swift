import TestSupport
import Testing

/// Packed and missing values of netCDF variables, in files that h5py has written, against the definition and against
/// netCDF4-python's reading of the same file.
@Suite struct PackedVariableTests {
    @Test func valuesAreUnpacked() async throws {
        try await withTemporaryDirectory { directory in
            let lines = try await python(
                """
                import h5py, netCDF4, numpy as np
                n = 300000
                rng = np.random.default_rng(3)
                areas = []
                def trapezoids(y, x): return float(np.sum((x[1:] - x[:-1]) / 2 * (y[1:] + y[:-1])))
                def make(name, data, values, good=..., x='t', **attributes):
                    if name not in f: f[name] = data
                    for key, value in attributes.items(): f[name].attrs[key] = value
                    areas.append((x, name, good is not ..., trapezoids(values[good].astype('f8'), t[good] * 0.25 - 7)))
                t = np.arange(n); p = rng.integers(-30000, 30000, n); b = rng.integers(0, 256, n)
                hole = rng.random(n) < 0.1; hole[[0, n - 1]] = True; hole[260000:262150] = True
                good = ~hole
                def holed(values, fill): return np.where(hole, fill, values)
                with h5py.File('s.h5', 'w') as f:
                    for name, data in ('t', t), ('tx', holed(t, -1)):
                        f[name] = data.astype('i4')
                        f[name].attrs.update({'scale_factor': 0.25, 'add_offset': -7.0})
                    f['tx'].attrs['_FillValue'] = np.int32(-1)
                    make('plain', p.astype('i2'), p)
                    make('packed', p.astype('i2'), p * 0.125 + 1000, scale_factor=np.float32(0.125), add_offset=1000.0)
                    make('big', p.astype('>i2'), p + 5, add_offset=np.int32(5))
                    make('bytes', b.astype('u1').view('i1'), b * 2, _Unsigned='true', scale_factor=2.0)
                    make('fill', holed(p, -32768).astype('i2'), p * 0.5, good,
                         _FillValue=np.int16(-32768), scale_factor=0.5)
                    make('missing', holed(p * 0.1, -99999.0), p * 0.1, good, missing_value=-99999.0)
                    make('single', holed(p * 0.5, 1e20).astype('f4'), p * 0.5, good, _FillValue=np.float32(1e20))
                    make('several', holed(p + 4e4, -1.0 - t % 2), p + 4e4, good, missing_value=[-1.0, -2.0])
                    make('range', holed(p, 31000).astype('i2'), p + 1, good,
                         valid_range=np.int16([-30000, 30000]), add_offset=1.0)
                    make('lowest', holed(p * 1.0, -1e9), p, good, valid_min=-1e6)
                    make('highest', holed(p * 1.0, 1e9), p, good, valid_max=np.float32(1e6))
                    small = (p * 1e-6).astype('f4')
                    make('bounds', holed(small, 0.3).astype('f4'), small, good, valid_range=np.float32([-0.1, 0.1]))
                    make('nan', holed(p * 1.0, np.nan), p, good, _FillValue=np.nan)
                    make('long', holed(p, -2**63 + 1).astype('i8'), p, good, _FillValue=np.int64(-2**63 + 1))
                    make('ubytes', holed(b % 255, 255).astype('u1').view('i1'), b % 255, good,
                         _Unsigned='true', _FillValue=np.int8(-1))
                    make('plain', ..., p, good, x='tx')
                d = netCDF4.Dataset('s.h5')
                for x, y, is_holed, area in areas:
                    xs, ys = d[x][:], d[y][:]
                    masked = np.ma.getmaskarray(xs) | np.ma.getmaskarray(ys)
                    both = ~masked & ~np.isnan(np.ma.getdata(ys).astype('f8'))
                    read = trapezoids(np.ma.getdata(ys)[both].astype('f8'), np.ma.getdata(xs)[both])
                    print(x, y, is_holed, area, read)
                """, in: directory)
            #expect(lines.count == 16)
            for line in lines {
                let fields = line.split(separator: " ").map(String.init)
                let (isHoled, wanted, read) = (fields[2] == "True", Double(fields[3])!, Double(fields[4])!)
                #expect(abs(read - wanted) <= 1e-11 * max(1e6, abs(wanted)), "netCDF4: \(line)")
                let common = ["--data", "s.h5", "--x", fields[0], "--y", fields[1]]
                if isHoled {
                    try await expectRefusal(
                        3, common, in: directory, status: 65, saying: ["row 0", "missing", "--skip-missing"])
                }
                for ranks in isHoled ? [1, 3] : [2] {
                    try await auc(
                        ranks, common + ["--quiet", "--output", "\(ranks).h5"] + (isHoled ? ["--skip-missing"] : []),
                        in: directory)
                    let integral = try number("integral", in: directory + "/\(ranks).h5")
                    #expect(abs(integral - wanted) <= 1e-11 * max(1e6, abs(wanted)), "\(line): \(integral)")
                }
                if isHoled {
                    #expect(
                        try number("integral", in: directory + "/1.h5") == number("integral", in: directory + "/3.h5"))
                }
            }
        }
    }

    /// Files that netCDF4-python has written, as it reads them itself: fill values of its own and others, groups,
    /// compression, an unlimited dimension.
    @Test func filesOfNetCDF() async throws {
        try await withTemporaryDirectory { directory in
            let lines = try await python(
                """
                import netCDF4, numpy as np
                n = 1000; names = []
                rng = np.random.default_rng(1)
                v = rng.normal(size=n); m = np.ma.array(v, mask=rng.random(n) < 0.2)
                def make(name, type, values, fill=None, axes=('t',), **attributes):
                    d = f.createVariable(name, type, axes, fill_value=fill, zlib=True)
                    d.setncatts(attributes); d[:] = values; names.append(name)
                with netCDF4.Dataset('n.nc', 'w') as f:
                    f.createDimension('t', None); f.createDimension('one', 1)
                    f.createVariable('t', 'f8', ('t',))[:] = np.cumsum(rng.uniform(0.5, 1.5, n))
                    make('packed', 'i2', m, np.int16(-999), scale_factor=0.001, add_offset=np.float32(0.5))
                    make('short', 'u2', abs(m) * 100, scale_factor=0.01)
                    make('word', 'u4', abs(m) * 1e5)
                    make('long', 'i8', m * 1e5)
                    make('byte', 'u1', abs(m) * 50, np.uint8(255))
                    make('single', 'f4', m, missing_value=np.float32(-1e30))
                    make('g/double', 'f8', m, -1e300)
                    make('row', 'f4', m[None, :], axes=('one', 't'))
                    make('range', 'i4', np.round(v * 1000), valid_range=np.int32([-1000, 1500]), scale_factor=2.0)
                    make('unsigned', 'i1', np.arange(n) % 200, np.int8(-100), _Unsigned='true')
                with netCDF4.Dataset('n.nc') as f:
                    for name in names:
                        y = np.ma.ravel(f[name][:]); good = ~np.ma.getmaskarray(y)
                        y, t = np.ma.getdata(y)[good].astype('f8'), np.ma.getdata(f['t'][:])[good]
                        print(name, np.sum(np.diff(t) / 2 * (y[1:] + y[:-1])), n - good.sum())
                """, in: directory)
            #expect(lines.count == 10)
            for line in lines {
                let fields = line.split(separator: " ").map(String.init)
                let (name, wanted) = (fields[0], Double(fields[1])!)
                #expect(Int(fields[2])! > 0)
                let common = ["--data", "n.nc", "--x", "t", "--y", name]
                try await expectRefusal(2, common, in: directory, status: 65, saying: ["y is missing"])
                try await auc(2, common + ["--skip-missing", "--quiet"], in: directory)
                let integral = try number("integral", in: directory + "/auc.h5")
                #expect(abs(integral - wanted) <= 1e-11 * max(1, abs(wanted)), "\(line): \(integral)")
            }
        }
    }

    /// What netCDF itself fills in where nothing was written.
    @Test func defaultFillValues() async throws {
        try await withTemporaryDirectory { directory in
            try await python(
                """
                import h5py, numpy as np
                with h5py.File('n.nc', 'w') as f, h5py.File('h.h5', 'w') as g:
                    f.attrs['_NCProperties'] = 'version=2,netcdf=4.9.2,hdf5=1.14.3'
                    for h in (f, g):
                        h['x'] = np.arange(4.0); h['i'] = np.int32([1, 2, -2147483647, 4])
                        h['d'] = [1, 2, 9.969209968386869e36, 4]; h['b'] = np.int8([1, 2, -127, 4])
                """, in: directory)
            for name in ["i", "d"] {
                try await expectRefusal(
                    2, ["--data", "n.nc", "--x", "x", "--y", name], in: directory, status: 65,
                    saying: ["row 2", "missing"])
                try await auc(
                    2, ["--data", "n.nc", "--x", "x", "--y", name, "--skip-missing", "--quiet"], in: directory)
                #expect(try number("integral", in: directory + "/auc.h5") == 7.5)
            }
            // Bytes have all their values, and other HDF5 files no such convention.
            for (file, name, area) in [("n.nc", "b", -122.5), ("h.h5", "i", -2147483642.5)] {
                try await auc(1, ["--data", file, "--x", "x", "--y", name, "--quiet"], in: directory)
                #expect(try number("integral", in: directory + "/auc.h5") == area)
            }
        }
    }

    /// Attributes of doubles mean the nearest single where the variable has those.
    @Test func attributesOfHigherPrecision() async throws {
        try await withTemporaryDirectory { directory in
            try await python(
                """
                import h5py, numpy as np
                with h5py.File('s.h5', 'w') as f:
                    f['x'] = np.arange(4.0)
                    marks = [('a', 'valid_max', 0.1), ('b', 'valid_min', 0.7), ('c', 'missing_value', 0.1)]
                    for name, key, value in marks:
                        f[name] = np.float32([0.7, 0.1, 0.1, 0.7]); f[name].attrs[key] = value
                """, in: directory)
            // Left are the two of 0.1, then those of 0.7.
            for (name, area) in [("a", 0.1 as Float), ("b", 3 * 0.7), ("c", 3 * 0.7)] {
                let samples = ["--data", "s.h5", "--x", "x", "--y", name, "--skip-missing"]
                try await auc(1, samples + ["--quiet"], in: directory)
                #expect(try abs(number("integral", in: directory + "/auc.h5") - Double(area)) <= 1e-6, "\(name)")
            }
        }
    }

    /// Vectors as MATLAB writes them.
    @Test func vectorsWithMoreAxes() async throws {
        try await withTemporaryDirectory { directory in
            try await python(
                """
                import h5py, numpy as np
                x = np.arange(300000.0)
                with h5py.File('s.h5', 'w') as f:
                    f['x'] = x; f['row'] = x[None, :]; f['column'] = x[:, None]; f['deep'] = x[None, :, None]
                """, in: directory)
            for (x, y) in [("x", "row"), ("row", "column"), ("column", "column"), ("deep", "x")] {
                try await auc(2, ["--data", "s.h5", "--x", x, "--y", y, "--quiet"], in: directory)
                #expect(try number("integral", in: directory + "/auc.h5") == 299999.0 * 299999 / 2)
            }
        }
    }

    @Test func badAttributes() async throws {
        try await withTemporaryDirectory { directory in
            try await python(
                """
                import h5py, numpy as np
                with h5py.File('s.h5', 'w') as f:
                    f['x'] = np.arange(3.0)
                    for name, key, value in [
                        ('a', 'scale_factor', 'two'), ('b', 'add_offset', [1.0, 2.0]), ('c', '_FillValue', 'none'),
                        ('d', 'valid_range', [1.0]), ('e', 'scale_factor', np.inf), ('g', 'missing_value', 'NA'),
                    ]:
                        f[name] = np.arange(3.0); f[name].attrs[key] = value
                    f['h'] = np.arange(3.0)[:, None] * [1, 1]
                """, in: directory)
            for (name, texts) in [
                ("a", ["scale_factor", "two", "a number"]), ("b", ["add_offset", "a number"]),
                ("c", ["_FillValue", "none"]), ("d", ["valid_range", "two numbers"]),
                ("e", ["scale_factor", "finite"]), ("g", ["missing_value", "NA"]), ("h", ["[3, 2]", "vector"]),
            ] {
                for axes in [["--x", "x", "--y", name], ["--x", name, "--y", "x"]] {
                    try await expectRefusal(
                        2, ["--data", "s.h5"] + axes, in: directory, status: 65, saying: ["s.h5"] + texts)
                }
            }
            for arguments in [["--columns", "1,2"], ["--skip", "1"]] {
                try await expectRefusal(
                    2, ["--data", "s.h5", "--x", "x", "--y", "x"] + arguments, in: directory, status: 64,
                    saying: ["HDF5", arguments[0]])
            }
        }
    }
}
