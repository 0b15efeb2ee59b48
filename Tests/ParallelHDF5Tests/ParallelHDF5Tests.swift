import FoundationEssentials
import Glibc
import TestSupport
import Testing

// The cases themselves are in Tests/SPMDCases/ParallelHDF5Cases.swift. Other programs read here what they wrote.

private let rankCounts = [1, 2, 3, 4, 5]

/// Runs the cases on some ranks, leaving their files in `directory`.
private func runCases(on ranks: Int, in directory: String) async throws {
    let outcome = try await mpiexec(
        ranks, "spmd-cases", ["hdf5"], environment: ["SPMD_DIRECTORY": directory])
    try #require(outcome.status == 0, "\(outcome)")
}

@Suite(.serialized) struct ParallelHDF5Tests {
    @Test(arguments: rankCounts) func cases(ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            try await runCases(on: ranks, in: directory)

            // What is in a file does not depend on how many ranks wrote it.
            let serial = directory + "/serial"
            try FileManager.default.createDirectory(atPath: serial, withIntermediateDirectories: false)
            try await runCases(on: 1, in: serial)
            for name in [
                "netcdf.h5", "padded.h5", "columns.h5", "types.h5", "chunked.h5", "compressed.h5", "extended.h5",
                "steps.h5", "strings.h5", "elements.h5",
            ] {
                let outcome = try await run("h5diff", ["-v", "\(directory)/\(name)", "\(serial)/\(name)"])
                #expect(outcome.status == 0, "\(name): \(outcome)")
            }
        }
    }

    @Test func h5dumpShowsWhatWasWritten() async throws {
        try await withTemporaryDirectory { directory in
            try await runCases(on: 3, in: directory)
            let numbers = try await run(
                "h5dump", ["-y", "-w", "0", "-d", "/density", "-s", "1,6,0", "-c", "1,1,5", "\(directory)/netcdf.h5"])
            #expect(numbers.status == 0, "\(numbers)")
            #expect(numbers.standardOutput.contains("1.006e+06, 1.006e+06, 1.006e+06"), "\(numbers)")
            let layout = try await run("h5dump", ["-p", "-H", "-d", "/density", "\(directory)/netcdf.h5"])
            for words in ["CONTIGUOUS", "H5D_ALLOC_TIME_EARLY", "H5D_FILL_TIME_NEVER", "H5T_IEEE_F64LE"] {
                #expect(layout.standardOutput.contains(words), "\(layout)")
            }
        }
    }

    @Test(.enabled(if: isFound("ncdump"), "needs ncdump (Debian: netcdf-bin)"))
    func ncdumpSeesDimensionsAndCoordinates() async throws {
        try await withTemporaryDirectory { directory in
            try await runCases(on: 2, in: directory)
            let outcome = try await run("ncdump", ["-c", "\(directory)/netcdf.h5"])
            #expect(outcome.status == 0, "\(outcome)")
            for line in [
                "time = 2 ;", "y = 7 ;", "x = 5 ;", "double density(time, y, x) ;", "double x(x) ;",
                "density:units = \"m-2\" ;", ":Conventions = \"CF-1.10\" ;", "time = 0, 0.5 ;",
                "x = 0, 0.5, 1, 1.5, 2 ;",
            ] {
                #expect(outcome.standardOutput.contains(line), "\(line)\n\(outcome)")
            }
        }
    }

    @Test(.enabled("needs numpy, h5py, netCDF4, xarray and h5netcdf in $PYTHON") { await hasReaders() })
    func pythonReadersAgree() async throws {
        try await withTemporaryDirectory { directory in
            try await runCases(on: 3, in: directory)
            let outcome = try await run(
                python, [packageDirectory + "/Tests/Oracles/netcdf4_readers.py", "\(directory)/netcdf.h5"])
            #expect(outcome.status == 0 && outcome.standardOutput == "all readers agree\n", "\(outcome)")
        }
    }

    /// What this library calls Bool, Complex and text is what h5py and numpy call so.
    @Test(.enabled("needs numpy, h5py, netCDF4, xarray and h5netcdf in $PYTHON") { await hasReaders() })
    func elementsAreThoseOfH5py() async throws {
        try await withTemporaryDirectory { directory in
            try await runCases(on: 3, in: directory)
            let outcome = try await run(
                python,
                [
                    "-c",
                    """
                    import sys, h5py, numpy as np
                    with h5py.File(sys.argv[1] + "/elements.h5") as file:
                        assert file["bool"].dtype == bool and list(file["bool"]) == [True, False, False, True, True]
                        assert file["bool"].attrs["first"] == True
                        complex64, complex128 = np.arange(5) - 0.5j, 0.25 + 1j * np.arange(5)
                        for name, values in [("complex64", complex64), ("complex128", complex128)]:
                            assert file[name].dtype == np.dtype(name) and np.array_equal(file[name], values), name
                    words = ["", "a", "größer", "m² s⁻¹", "12345678"]
                    with h5py.File(sys.argv[1] + "/strings.h5") as file:
                        assert h5py.check_string_dtype(file["words"].dtype) == ("utf-8", 10)
                        assert list(file["words"].asstr()) == words
                        assert file["compressed words"].compression == "gzip" and file["compressed words"].shuffle
                        assert list(file["compressed words"].asstr()) == words
                    with h5py.File(sys.argv[1] + "/extended.h5") as file:
                        assert file["density"].maxshape == (None, 5, 3) and file["density"].chunks == (1, 5, 3)
                        assert file["density"][6, 4, 2] == 6004002
                    print("as h5py has it")
                    """, directory,
                ])
            #expect(outcome.standardOutput == "as h5py has it\n", "\(outcome)")
        }
    }

    /// The cases of a full disk, in a file system of 4 MiB that only this job sees.
    @Test(
        .enabled("needs the right to mount a tmpfs") { await canMount() },
        arguments: rankCounts)
    func fullDisk(ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            let small = directory + "/small"
            try FileManager.default.createDirectory(atPath: small, withIntermediateDirectories: false)
            let outcome = try await runWithOwnMounts(
                #"mount -t tmpfs -o size=4m tmpfs "$1" && shift && exec "$@""#,
                [small, launcher, "-n", String(ranks), builtProgram("spmd-cases"), "hdf5"],
                environment: ["SPMD_DIRECTORY": directory, "SMALL_DIRECTORY": small])
            #expect(outcome.status == 0, "\(outcome)")
        }
    }
}

private func isFound(_ program: String) -> Bool {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
        access("\($0)/\(program)", X_OK) == 0
    }
}

private func hasReaders() async -> Bool {
    (try? await run(python, ["-c", "import numpy, h5py, netCDF4, xarray, h5netcdf"]))?.status == 0
}
