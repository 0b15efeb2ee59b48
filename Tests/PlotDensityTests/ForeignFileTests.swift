import FoundationEssentials
import TestSupport
import Testing

/// `density(time, y, x)` of netCDF-4 files that other programs write.
@Suite struct ForeignFileTests {
    /// Writes `foreign.nc` with netCDF4: 4 states of 40 × 40 points in which a block of 2^-state is around (3, -6), in
    /// a domain from -10 to 10. Statements change what is in `v`, the names and types, before, and the file `f`
    /// afterwards.
    private func makeFile(_ before: String, _ afterwards: String, in directory: String) async throws {
        let source = """
            import sys, netCDF4, h5py, numpy as np
            centers = (np.arange(40) + 0.5) / 2 - 10
            v = dict(y=centers, x=centers, time=np.arange(4) / 2, dims=("time", "y", "x"), type="f8", names=True,
                     fill=None, attributes={}, pack=lambda values: values, options={})
            exec(sys.argv[1])
            block = 1.0 * np.outer(abs(v["y"] + 6) < 1, abs(v["x"] - 3) < 1)
            states = np.array([block / 2.0**state for state in range(4)])
            f = netCDF4.Dataset("foreign.nc", "w")
            for name, values in zip(v["dims"], [v["time"], v["y"], v["x"]]):
                f.createDimension(name, len(values))
                if v["names"]:
                    f.createVariable(name, "f8", (name,))[:] = values
            density = f.createVariable("density", v["type"], v["dims"], fill_value=v["fill"], **v["options"])
            density.set_auto_maskandscale(False)
            density[:] = v["pack"](states)
            density.setncatts(v["attributes"])
            exec(sys.argv[2])
            f.close()
            """
        let made = try await run(python, ["-c", source, before, afterwards], directory: directory)
        try #require(made.status == 0, "\(made)")
    }

    /// The colors of points of a picture whose domain goes from -10 to 10.
    private func colors(_ picture: String, at points: [String]) async throws -> [String] {
        let outcome = try await run(
            python, ["\(packageDirectory)/Tests/Oracles/picture_points.py", picture] + points)
        try #require(outcome.status == 0, "\(outcome)")
        return outcome.standardOutput.split(separator: "\n").map(String.init)
    }

    static let files: [(before: String, afterwards: String)] = [
        ("", ""), ("v['type'] = 'f4'", ""), ("v['type'] = '>f4'; v['options'] = dict(endian='big')", ""),
        ("v['options'] = dict(zlib=True, shuffle=True, chunksizes=(1, 7, 11))", ""),
        // Packed numbers.
        (
            "v['type'] = 'i2'; v['pack'] = lambda s: np.round((s - 8) / 0.0625)",
            "density.scale_factor = np.float32(0.0625); density.add_offset = 8.0"
        ),
        (
            "v['type'] = 'i1'; v['pack'] = lambda s: (s * 200).astype('u1').view('i1')",
            "density.setncattr_string('_Unsigned', 'true'); density.scale_factor = 0.005"
        ),
        ("v['type'] = 'u8'; v['pack'] = lambda s: s * 8", "density.scale_factor = 0.125"),
        ("v['type'] = 'i4'; v['pack'] = lambda s: s * 8", "density.scale_factor = np.int32(2)"),
        ("v['type'] = 'u1'; v['pack'] = lambda s: s * 8", "density.long_name = 'eighths'"),
        // Coordinates that fall, are packed, are not there, or have other units.
        ("v['y'] = -centers", ""), ("v['x'] = -centers", ""), ("v['x'] = v['y'] = -centers", ""),
        ("v['names'] = False", ""),
        ("", "f['x'].units = f['y'].units = 'km'; f['time'].units = 'hours since 2000-01-01'"),
        ("", "f['x'].units = 'degrees_east'; f['y'].units = 'degrees_north'"),
        (
            "v['names'] = False",
            """
            for name in 'xy':
                packed = f.createVariable(name, 'i2', (name,)); packed.set_auto_maskandscale(False)
                packed[:] = np.arange(40); packed.scale_factor = 0.5; packed.add_offset = -9.75
            f.createVariable('time', 'i8', ('time',))[:] = range(4)
            """
        ),
        // Not at equal distances.
        ("u = np.linspace(-1, 1, 161); v['y'] = 10 * np.sign(u) * abs(u)**1.25", ""),
        ("u = np.linspace(1, -1, 161); v['x'] = v['y'] = 10 * np.sign(u) * abs(u)**0.8", ""),
        // Names and attributes of other kinds.
        (
            "v['dims'] = ('t', 'lat', 'lon')",
            """
            f.setncattr_string('title', 'a field')
            for name in ('lat', 'lon'): f[name].setncattr_string('units', 'm')
            """
        ),
        ("", "f.title = 7; density.units = 1.5; f['x'].units = 2; f['time'].units = ''"),
        // Quantities over time, of other shapes or with gaps, or packed.
        (
            "",
            """
            f.createVariable('mass', 'f8'); f.createVariable('maximum', 'f8', ('y',))
            f.createVariable('minimum', str)
            """
        ),
        (
            "",
            """
            for name, numbers in ('maximum', [8, 4, 2, 1]), ('minimum', [0] * 4), ('mass', [4, 2, -1, 1]):
                packed = f.createVariable(name, 'i2', ('time',), fill_value=-1); packed.set_auto_maskandscale(False)
                packed[:] = numbers; packed.scale_factor = 0.125
            """
        ), ("", "f.createVariable('maximum', 'f8', ('time',)); f.createVariable('minimum', 'f8', ('time',))"),
    ]

    @Test(arguments: files)
    func everyFileShowsTheBlock(_ file: (before: String, afterwards: String)) async throws {
        try await withTemporaryDirectory { directory in
            try await makeFile(file.before, file.afterwards, in: directory)
            // Without its factor the scale of one of them goes up to 16.
            let scale = file.afterwards.contains("np.int32(2)") ? "each" : "common"
            let outcome = try await run(
                builtProgram("plotdens"),
                ["foreign.nc", "--output", "out", "--scale", scale, "--no-animation", "--width", "600"],
                directory: directory)
            try #require(outcome.status == 0 && outcome.standardError == "", "\(outcome)")
            let oracle = try await run(
                python,
                [
                    "\(packageDirectory)/Tests/Oracles/pictures.py", "out", "\(scale == "common")", "0", "1", "2", "3",
                ],
                directory: directory)
            #expect(oracle.standardOutput == "pictures agree\n", "\(scale): \(oracle)")
        }
    }

    /// Points without a value stay white, in every way to mark them, and do not count for the colors.
    @Test(arguments: [
        ("v['fill'] = -999.0; v['pack'] = lambda s: s - 999 * hole", ""),
        ("v['pack'] = lambda s: s - 999 * hole", "density.missing_value = -999.0"),
        ("v['pack'] = lambda s: s - 999 * hole", "density.valid_range = [0.0, 1.0]"),
        ("v['pack'] = lambda s: s + 999 * hole", "density.valid_max = 1.0"),
        ("v['pack'] = lambda s: np.where(hole, np.nan, s)", ""),
        ("v['pack'] = lambda s: np.where(hole, np.inf, s)", ""),
        ("v['pack'] = lambda s: np.where(hole, -np.inf, s)", ""),
        // What netCDF itself fills in.
        ("v['pack'] = lambda s: np.where(hole, 9.969209968386869e36, s)", ""),
        (
            "v['type'] = 'i2'; v['fill'] = -1; v['pack'] = lambda s: np.where(hole, -1, s * 1000)",
            "density.scale_factor = 1e-3"
        ),
    ])
    func missingValues(_ file: (before: String, afterwards: String)) async throws {
        try await withTemporaryDirectory { directory in
            try await makeFile(
                "hole = np.outer(centers > 5, centers < -5)\n" + file.before, file.afterwards, in: directory)
            let outcome = try await run(
                builtProgram("plotdens"), ["foreign.nc", "--no-animation"], directory: directory)
            let isInfinite = file.before.contains("np.inf")
            try #require(outcome.status == 0, "\(outcome)")
            #expect(
                outcome.standardError
                    == (isInfinite ? "plotdens: left blank: 400 infinite values of foreign.nc\n" : ""))
            let found = try await colors(
                "\(directory)/foreign.nc-plots/frame-00000.png",
                at: ["3,-6", "0,0", "-7.5,7.5", "7.5,7.5", "-7.5,-7.5"])
            #expect(found == ["fde725", "440154", "ffffff", "440154", "440154"])
        }
    }

    /// Without a time there is one picture, and nothing over time.
    @Test(arguments: [
        ("(40, 40)", "('y', 'x')"), ("(1, 40, 40)", "('time', 'y', 'x')"),
        ("(1, 1, 40, 40)", "('time', 'z', 'y', 'x')"),
    ])
    func oneState(shape: String, dimensions: String) async throws {
        try await withTemporaryDirectory { directory in
            try await makeFile(
                "",
                "f.close()\nf = netCDF4.Dataset('one.nc', 'w')\n"
                    + "for name, size in zip(\(dimensions), \(shape)): f.createDimension(name, size)\n"
                    + "f.createVariable('density', 'f8', \(dimensions))[:] = states[0]", in: directory)
            let outcome = try await run(
                builtProgram("plotdens"), ["one.nc", "--output", "p", "--no-animation"], directory: directory)
            let hasTime = dimensions.contains("time")
            #expect(outcome.status == 0 && outcome.standardError == "", "\(outcome)")
            #expect(
                outcome.standardOutput == "pictures    p: 1 state, \(hasTime ? "history.png, " : "")lines.png\n")
            #expect(
                try await colors("\(directory)/p/frame-00000.png", at: ["3,-6", "0,0"]) == ["fde725", "440154"])
            let refused = try await run(builtProgram("plotdens"), ["one.nc", "--frames", "1"], directory: directory)
            #expect(refused.status == 64 && refused.standardError.contains("no state 1: the file has 1"), "\(refused)")
        }
    }

    /// Of several levels, times that come last, or a single row there are no blank or wrong pictures.
    @Test func fewPoints() async throws {
        try await withTemporaryDirectory { directory in
            for (rows, columns) in [(1, 1), (1, 30), (30, 1), (2, 2)] {
                let source = """
                    import h5py, numpy as np
                    with h5py.File("few.h5", "w") as f: f["density"] = np.ones((2, \(rows), \(columns)))
                    """
                let made = try await run(python, ["-c", source], directory: directory)
                try #require(made.status == 0, "\(made)")
                let outcome = try await run(
                    builtProgram("plotdens"), ["few.h5", "--no-animation", "--quiet"], directory: directory)
                #expect(outcome.status == 0 && outcome.standardError == "", "\(outcome)")
                // The field is there: it has the highest color, in the middle of the picture at least.
                let counted = try await run(
                    python,
                    ["\(packageDirectory)/Tests/Oracles/picture_points.py", "few-plots/frame-00000.png", "fde725"],
                    directory: directory)
                #expect((Int(counted.standardOutput.dropLast()) ?? 0) > 2000, "\(rows) x \(columns): \(counted)")
            }
        }
    }
}
