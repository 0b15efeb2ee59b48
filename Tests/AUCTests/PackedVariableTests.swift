import TestSupport
import Testing

/// Packed and missing values of netCDF variables, against netCDF4-python's own reading or the definition.
@Suite struct PackedVariableTests {
    @Test func valuesAreUnpacked() async throws {
        try await withTemporaryDirectory { directory in
            let lines = try await python(
                """
                import h5py, numpy as np
                n = 300000
                rng = np.random.default_rng(3)
                def make(name, data, **attributes):
                    d = f.create_dataset(name, data=data)
                    for key, value in attributes.items(): d.attrs[key] = value
                def area(y, x): print(repr(float(np.sum((x[1:] - x[:-1]) / 2 * (y[1:] + y[:-1])))))
                t = np.arange(n); p = rng.integers(-30000, 30000, n)
                hole = rng.random(n) < 0.1; hole[[0, n - 1]] = True; hole[260000:262150] = True
                good = ~hole
                with h5py.File('s.h5', 'w') as f:
                    make('t', t.astype('i4'), scale_factor=0.25, add_offset=-7.0)
                    x = t * 0.25 - 7
                    make('plain', p.astype('i2')); area(p.astype('f8'), x)
                    make('packed', p.astype('i2'), scale_factor=np.float32(0.125), add_offset=1000.0); area(p * 0.125 + 1000, x)
                    make('big', p.astype('>i2'), add_offset=np.int32(5)); area(p + 5.0, x)
                    b = rng.integers(0, 256, n)
                    make('bytes', b.astype('u1').view('i1'), _Unsigned='true', scale_factor=2.0); area(b * 2.0, x)
                    q = np.where(hole, -32768, p)
                    make('fill', q.astype('i2'), _FillValue=np.int16(-32768), scale_factor=0.5); area(p[good] * 0.5, x[good])
                    make('missing', np.where(hole, -99999.0, p * 0.1), missing_value=-99999.0); area((p * 0.1)[good], x[good])
                    make('single', np.where(hole, 1e20, p * 0.5).astype('f4'), _FillValue=1e20); area((p * 0.5)[good], x[good])
                    other = np.where(np.arange(n) % 2, -1.0, -2.0)
                    make('several', np.where(hole, other, p + 40000.0), missing_value=[-1.0, -2.0]); area((p + 40000.0)[good], x[good])
                    make('range', np.where(hole, 31000, p).astype('i2'), valid_range=np.int16([-30000, 30000]), add_offset=1.0); area((p + 1.0)[good], x[good])
                    make('lowest', np.where(hole, -1e9, p * 1.0), valid_min=-1e6); area(p[good] * 1.0, x[good])
                    make('highest', np.where(hole, 1e9, p * 1.0), valid_max=np.float32(1e6)); area(p[good] * 1.0, x[good])
                    make('nan', np.where(hole, np.nan, p * 1.0), _FillValue=np.nan); area(p[good] * 1.0, x[good])
                    make('long', np.where(hole, -9223372036854775807, p).astype('i8'), _FillValue=np.int64(-9223372036854775807)); area(p[good] * 1.0, x[good])
                    make('ubytes', np.where(hole, 255, b % 255).astype('u1').view('i1'), _Unsigned='true', _FillValue=np.int8(-1)); area((b % 255)[good] * 1.0, x[good])
                    make('tx', np.where(hole, -1, t).astype('i4'), _FillValue=np.int32(-1), scale_factor=0.25, add_offset=-7.0); area(p[good] * 1.0, x[good])
                """, in: directory)
            let whole = ["plain", "packed", "big", "bytes"]
            let holed = [
                "fill", "missing", "single", "several", "range", "lowest", "highest", "nan", "long", "ubytes",
            ]
            try #require(lines.count == whole.count + holed.count + 1)
            for (name, area) in zip(whole + holed + ["plain of tx"], lines) {
                let x = name == "plain of tx" ? "tx" : "t"
                let y = name == "plain of tx" ? "plain" : name
                let common = ["--data", "s.h5", "--x", x, "--y", y]
                let isHoled = !whole.contains(name)
                if isHoled {
                    try await expectRefusal(
                        3, common, in: directory, status: 65, saying: ["row 0", "missing", "--skip-missing"])
                }
                for ranks in isHoled ? [1, 3] : [2] {
                    try await auc(
                        ranks, common + ["--quiet", "--output", "\(ranks).h5"] + (isHoled ? ["--skip-missing"] : []),
                        in: directory)
                    let integral = try number("integral", in: directory + "/\(ranks).h5")
                    let wanted = Double(area)!
                    #expect(abs(integral - wanted) <= 1e-11 * max(1e6, abs(wanted)), "\(name): \(integral), \(wanted)")
                }
                if isHoled {
                    #expect(
                        try number("integral", in: directory + "/1.h5") == number("integral", in: directory + "/3.h5"))
                }
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

    /// Vectors as MATLAB writes them.
    @Test func vectorsWithMoreAxes() async throws {
        try await withTemporaryDirectory { directory in
            try await python(
                """
                import h5py, numpy as np
                x = np.arange(300000.0)
                with h5py.File('s.h5', 'w') as f: f['x'] = x; f['row'] = x[None, :]; f['column'] = x[:, None]; f['deep'] = x[None, :, None]
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
                    for name, key, value in [('a', 'scale_factor', 'two'), ('b', 'add_offset', [1.0, 2.0]), ('c', '_FillValue', 'none'),
                                             ('d', 'valid_range', [1.0]), ('e', 'scale_factor', np.inf), ('g', 'missing_value', 'NA')]:
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
