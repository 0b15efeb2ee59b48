import TestSupport
import Testing

/// Results open with the tools people have: nothing of ours is needed to read them.
@Suite struct ReaderTests {
    static let problem = Diff2DTests.problem(points: 33, steps: 40, every: 8)

    @Test(arguments: [1, 2, 3, 5], [[], ["--compress"]])
    func readers(ranks: Int, options: [String]) async throws {
        try await withTemporaryDirectory { directory in
            try await diff2d(ranks, Self.problem + options, in: directory)
            let outcome = try await run("ncdump", ["-h", "-s", "diff2d.h5"], directory: directory)
            #expect(outcome.status == 0, "\(outcome)")
            for text in [
                "time = UNLIMITED ; // (6 currently)", "y = 33 ;", "x = 33 ;", "double density(time, y, x) ;",
                "double time(time) ;", "double y(y) ;", "double x(x) ;", "double mass(time) ;",
                "double minimum(time) ;",
                "double maximum(time) ;", "double l2(time) ;", "density:units = ", "time:units = \"s\" ;",
                "y:units = \"m\" ;", "x:units = \"m\" ;", ":Conventions = \"CF-1.10\" ;", ":ranks = \"\(ranks)\" ;",
                ":field_hash = ", ":D = 1. ;", ":source = \"diff2d ", "density:_ChunkSizes = 1, 33, 33 ;",
            ] {
                #expect(outcome.standardOutput.contains(text), "\(text)\n\(outcome)")
            }
            #expect(outcome.standardOutput.contains("density:_DeflateLevel = 4 ;") == !options.isEmpty, "\(outcome)")
            #expect(outcome.standardOutput.contains("density:_Shuffle = \"true\" ;") == !options.isEmpty, "\(outcome)")

            // The same numbers as one rank writes, uncompressed; before netCDF4 appends to the file.
            try await diff2d(1, Self.problem + ["--output", "1.h5"], in: directory)
            for dataset in ["density", "time", "y", "x", "mass", "minimum", "maximum", "l2"] {
                let outcome = try await run("h5diff", ["1.h5", "diff2d.h5", dataset], directory: directory)
                #expect(outcome.status == 0, "\(dataset): \(outcome)")
            }
            #expect(try await oracleLines("readers.py", ["\(directory)/diff2d.h5"]) == ["readable"])
        }
    }

    /// The grid of the course is a little wider than its spacing; who integrates over x and y is told.
    @Test func coordinatesSayHowTheyAreSpaced() async throws {
        try await withTemporaryDirectory { directory in
            try await diff2d(2, ["--dx", "1", "--quiet"], in: directory)
            let found = try await values(
                [
                    "'(x2 - x1 + 2 dx) / (points + 1), not by dx' in x.attrs['comment'].decode()",
                    "x.attrs['comment'] == y.attrs['comment']",
                    "abs((attrs['x2'] - attrs['x1'] + 2 * attrs['dx']) / (len(x) + 1) - (x[1] - x[0])) < 1e-12",
                    "abs(mass[-1] / (density[-1].sum() * attrs['dx'] ** 2) - 1) < 1e-12",
                ], of: "\(directory)/diff2d.h5")
            #expect(found == ["True", "True", "True", "True"])
        }
    }

    /// What CF conventions 1.10 ask for, as far as it is not about places on the Earth or dates.
    @Test(arguments: [1, 2, 3])
    func attributesOfConventions(ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            try await diff2d(ranks, Self.problem + ["--output", "run.nc"], in: directory)
            let source = """
                import netCDF4
                with netCDF4.Dataset("run.nc") as file:
                    program = file.source.split()[0]
                    print(file.Conventions, file.title, program, file.history.endswith("run.nc"), sep="|")
                    for name in file.variables:
                        keys = set(file[name].ncattrs()) - {"comment"}
                        attributes = {key: file[name].getncattr(key) for key in keys}
                        print(name, *(f"{key}={attributes[key]}" for key in sorted(attributes)), sep="|")
                """
            let outcome = try await run(python, ["-c", source], directory: directory)
            #expect(
                outcome.standardOutput == """
                    CF-1.10|two-dimensional diffusion|diff2d|True
                    density|long_name=density|units=1
                    time|axis=T|long_name=time|standard_name=time|units=s
                    y|long_name=distance along the first axis|units=m
                    x|long_name=distance along the second axis|units=m
                    mass|long_name=integral of the density|units=m2
                    minimum|long_name=smallest density|units=1
                    maximum|long_name=largest density|units=1
                    l2|long_name=root of the integral of the squared density|units=m

                    """, "\(outcome)")
        }
    }

    /// What lies beside the result shows the result's own numbers, from wherever the folder is moved to.
    @Test(arguments: [1, 2, 3, 5])
    func sidecars(ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            _ = try await run("mkdir", ["made"], directory: directory)
            let options = ["--xdmf", "--openpmd", "--output", "made/a & b.h5"]
            let outcome = try await diff2d(ranks, Self.problem + options, in: directory)
            #expect(outcome.standardOutput.contains("made/a & b.h5, made/a & b.xmf, made/a & b.openpmd.h5: 6 states"))
            _ = try await run("mv", ["made", "moved"], directory: directory)
            #expect(try listing("\(directory)/moved") == ["a & b.h5", "a & b.openpmd.h5", "a & b.xmf"])
            #expect(try await oracleLines("sidecars.py", ["\(directory)/moved/a & b"]) == ["sidecars agree"])
            let validation = try await run(
                python,
                ["-W", "ignore", "-m", "openpmd_validator.check_h5", "-i", "\(directory)/moved/a & b.openpmd.h5"])
            #expect(validation.standardOutput.contains("Found 6 iteration(s)"), "\(validation)")
            #expect(validation.standardOutput.hasSuffix("Result: 0 Errors and 0 Warnings.\n"), "\(validation)")
        }
    }

    /// A percent sign in a name is a percent sign, also where HDF5 and C know patterns; in runs that go on as well.
    @Test(arguments: ["a%b", "a%d", "a%%", "%%b", "%s%n", "100%"], [1, 3])
    func percentSigns(stem: String, ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            try await diff2d(1, Self.problem + ["--output", "plain.h5"], in: directory)
            let arguments =
                Self.problem + ["--xdmf", "--openpmd", "--output", "\(stem).h5", "--checkpoint", "\(stem).saved"]
            let stopped = try await mpiexec(
                ranks, "diff2d", arguments, environment: ["SLURM_JOB_END_TIME": "1"], directory: directory)
            #expect(stopped.status == 75, "\(stopped)")
            try await diff2d(ranks, arguments, in: directory)
            try await expectSameResult("plain.h5", "\(stem).h5", in: directory)
            #expect(try await oracleLines("sidecars.py", ["\(directory)/\(stem)"]) == ["sidecars agree"])
            let others = ["plain.h5", "\(stem).h5", "\(stem).openpmd.h5", "\(stem).saved", "\(stem).xmf"]
            #expect(try listing(directory) == others.sorted())
        }
    }

    @Test(arguments: ["a%b", "a%d", "a%%"], [1, 3])
    func percentSignsOfOtherPrograms(stem: String, ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            let source = "import sys, h5py; f = h5py.File(sys.argv[1], 'w'); f['x'] = f['y'] = [0.0, 1, 2, 3, 4]"
            let made = try await run(python, ["-c", source, "\(directory)/\(stem)"])
            try #require(made.status == 0, "\(made)")
            for (program, arguments) in [
                ("auc", ["--data", stem, "--x", "x", "--y", "y", "--output", "\(stem).auc"]),
                ("pimc", ["1024", "--output", "\(stem).pi", "--checkpoint", "\(stem).saved"]),
            ] {
                let outcome = try await mpiexec(ranks, program, arguments, directory: directory)
                #expect(outcome.status == 0, "\(outcome)")
            }
            #expect(try await values(["integral[()]"], of: "\(directory)/\(stem).auc") == ["8.0"])
            #expect(try await values(["samples[()]"], of: "\(directory)/\(stem).pi") == ["1024"])
            #expect(try listing(directory) == [stem, "\(stem).auc", "\(stem).pi", "\(stem).saved"])
        }
    }

    /// A sidecar that cannot be written is found before anything is computed.
    @Test func aSidecarThatCannotBeWritten() async throws {
        try await withTemporaryDirectory { directory in
            _ = try await run("mkdir", ["diff2d.xmf"], directory: directory)
            let outcome = try await mpiexec(2, "diff2d", Self.problem + ["--xdmf"], directory: directory)
            #expect(outcome.status == 73, "\(outcome)")
            expectOneLine(outcome, saying: ["diff2d.xmf", "directory"])
            #expect(try listing(directory) == ["diff2d.xmf"])
        }
    }

    /// The results of the other programs are files of the same kind.
    @Test(arguments: ["auc", "pimc"], [1, 2, 3, 5])
    func otherPrograms(program: String, ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            let outcome = try await mpiexec(ranks, program, ["10000", "--output", "run.h5"], directory: directory)
            try #require(outcome.status == 0, "\(outcome)")
            let dump = try await run("ncdump", ["-h", "run.h5"], directory: directory)
            #expect(dump.standardOutput.contains(":Conventions = \"CF-1.10\" ;"), "\(dump)")
            let source = """
                import sys, h5py, netCDF4, xarray
                with h5py.File("run.h5") as file: values = {name: file[name][()] for name in file}
                for engine in "netcdf4", "h5netcdf":
                    with xarray.open_dataset("run.h5", engine=engine) as data:
                        assert set(data.variables) == set(values) and values, engine
                        for name, value in values.items():
                            assert data[name].item() == value, (engine, name)
                            assert data[name].attrs["units"] and data[name].attrs["long_name"], (engine, name)
                with netCDF4.Dataset("run.h5", "a") as data: data.comment = "appended"
                with netCDF4.Dataset("run.h5") as data: assert data.comment == "appended"
                print("readable")
                """
            let readers = try await run(python, ["-c", source], directory: directory)
            #expect(readers.standardOutput == "readable\n", "\(readers)")
        }
    }

    /// The smallest result there is: one point, one state.
    @Test(arguments: [1, 2])
    func onePoint(ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            let options = ["--dx", "20", "--runtime", "1", "--outtime", "200", "--compress", "--openpmd", "--xdmf"]
            try await diff2d(ranks, options, in: directory)
            #expect(
                try await values(["density.shape", "time[:]"], of: "\(directory)/diff2d.h5") == ["(1, 1, 1)", "[0.]"])
            #expect(try await oracleLines("sidecars.py", ["\(directory)/diff2d"]) == ["sidecars agree"])
        }
    }
}
