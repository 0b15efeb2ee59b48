import FoundationEssentials
import TestSupport
import Testing

/// What `make setup` says where it cannot help, and that `make build` does not try.
@Suite struct SetupTests {
    private func setup(_ environment: [String: String], mode: String = "run") async throws -> Outcome {
        try await run("bash", [packageDirectory + "/scripts/setup", mode], environment: environment)
    }

    /// Gives `body` a folder with a few tools, to be the only one on `PATH`: nothing of what the suite needs is in it.
    private func withoutPackages<R>(_ body: (String) async throws -> R) async throws -> R {
        try await withTemporaryDirectory { directory in
            for tool in [
                "bash", "dirname", "sed", "head", "sort", "id", "cut", "tr", "timeout", "make", "sh", "mktemp", "tail",
                "rm", "env",
            ] {
                try FileManager.default.createSymbolicLink(
                    atPath: "\(directory)/\(tool)", withDestinationPath: "/usr/bin/\(tool)")
            }
            return try await body(directory)
        }
    }

    @Test func aMissingToolchainIsNamed() async throws {
        let outcome = try await setup(["SWIFT": "/no/such/swift"])
        #expect(outcome.status == 1 && outcome.standardError.contains("no Swift toolchain found"), "\(outcome)")
    }

    @Test func aToolchainThatIsTooOldIsNamed() async throws {
        try await withTemporaryDirectory { directory in
            let outcome = try await setup([
                "SWIFT": try writeScript("echo Swift version 5.10.1", to: directory + "/swift")
            ])
            #expect(outcome.status == 1 && outcome.standardError.contains("Swift 5.10.1 is too old"), "\(outcome)")
        }
    }

    /// Without Debian's package manager it tells what to load.
    @Test(arguments: [("ompi-c", "libhdf5-openmpi-dev"), ("mpich", "libhdf5-mpich-dev")])
    func elsewhereThePackagesAreListed(mpi: String, package: String) async throws {
        try await withoutPackages { directory in
            let outcome = try await setup([
                "PATH": directory, "SWIFT": try writeScript("echo Swift version 6.3", to: directory + "/swift"),
                "MPI_PKG_CONFIG": mpi,
            ])
            #expect(outcome.status == 1, "\(outcome)")
            for text in [package, "module load", "MPI_PKG_CONFIG"] {
                #expect(outcome.standardError.contains(text), "\(text): \(outcome)")
            }
        }
    }

    /// On Debian, too, the packages are named and stay where they are.
    @Test(arguments: [("ompi-c", "libhdf5-openmpi-dev"), ("mpich", "libhdf5-mpich-dev")])
    func buildingInstallsNothing(mpi: String, package: String) async throws {
        try await withoutPackages { directory in
            try writeScript(": > '\(directory)/installed'", to: directory + "/apt-get")
            try writeScript(": > '\(directory)/installed'", to: directory + "/sudo")
            let compiler = "test $1 = --version || : > '\(directory)/built'; echo Swift version 6.3"
            let environment = [
                "PATH": directory, "SWIFT": try writeScript(compiler, to: directory + "/swift"), "MPI_PKG_CONFIG": mpi,
            ]
            let check = try await setup(environment, mode: "check")
            #expect(check.status == 1 && check.standardOutput == "", "\(check)")
            let line = check.standardError
            #expect(line.hasPrefix("setup: missing: ") && line.hasSuffix("; 'make setup' installs this\n"), "\(check)")
            for name in [package, "gnuplot-nox", "hdf5-tools", "pkg-config"] {
                #expect(line.contains(" \(name)"), "\(name): \(check)")
            }
            #expect(line.filter { $0 == "\n" }.count == 1, "\(check)")

            let build = try await run(
                "make", ["-C", packageDirectory, "build", "SWIFT=\(directory)/swift"], environment: environment)
            #expect(build.status == 2 && build.standardError.hasPrefix(line), "\(build)")
            let files = try FileManager.default.contentsOfDirectory(atPath: directory)
            #expect(!files.contains("installed") && !files.contains("built"), "\(files)")

            // The others would install it.
            _ = try await setup(environment)
            #expect(FileManager.default.fileExists(atPath: directory + "/installed"))
        }
    }

    @Test func whereNothingIsMissingItBuilds() async throws {
        try await withTemporaryDirectory { directory in
            let compiler = "test $1 = --version && echo Swift version 6.3 || echo \"$@\" > '\(directory)/built'"
            let build = try await run(
                "make",
                [
                    "-C", packageDirectory, "build", "MARCH=x86-64-v3",
                    "SWIFT=\(try writeScript(compiler, to: directory + "/swift"))",
                ])
            #expect(build.status == 0, "\(build)")
            let built = try String(contentsOf: URL(filePath: directory + "/built"), encoding: .utf8)
            #expect(built == "build -c release -Xcc -march=x86-64-v3\n")
        }
    }

    @Test func anotherWordIsRefused() async throws {
        let outcome = try await setup([:], mode: "chekc")
        #expect(outcome.status == 1 && outcome.standardError.contains("there is no 'chekc'"), "\(outcome)")
    }
}
