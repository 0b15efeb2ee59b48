import FoundationEssentials
import TestSupport
import Testing

/// What `make setup` says where it cannot help.
@Suite struct SetupTests {
    private func setup(_ environment: [String: String]) async throws -> Outcome {
        try await run("bash", [packageDirectory + "/scripts/setup", "run"], environment: environment)
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
        try await withTemporaryDirectory { directory in
            for tool in ["bash", "dirname", "sed", "head", "sort", "id", "cut", "tr", "timeout"] {
                try writeScript("exec /usr/bin/\(tool) \"$@\"", to: "\(directory)/\(tool)")
            }
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
}
