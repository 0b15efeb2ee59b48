import FoundationEssentials
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

// The cases themselves are in Tests/SPMDCases/ParallelHDF5Cases.swift. Other programs read here what they wrote.

private let rankCounts = [1, 2, 3, 4, 5]

/// Runs the cases on some ranks, leaving their files in `directory`.
private func runCases(on ranks: Int, in directory: String) async throws {
    let outcome = try await mpiexec(
        ranks, "spmd-cases", ["hdf5"], environment: ["SPMD_DIRECTORY": directory], timeLimit: 240)
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
            for name in ["netcdf.h5", "padded.h5", "columns.h5", "types.h5"] {
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
                environment: ["SPMD_DIRECTORY": directory, "SMALL_DIRECTORY": small], timeLimit: 240)
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
