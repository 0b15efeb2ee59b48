import FoundationEssentials

/// The targets of Package.swift, as the package manager reads it.
public struct Manifest: Sendable, Decodable {
    public struct Target: Sendable, Decodable {
        public let name: String
        public let type: String
        public let path: String?
    }

    public let targets: [Target]

    /// The programs of the suite.
    public var programs: [String] {
        targets.filter { $0.type == "executable" && $0.path?.hasPrefix("Sources/") == true }.map(\.name)
    }

    /// The programs in Examples.
    public var examples: [String] { targets.filter { $0.path == "Examples" }.map(\.name) }

    /// Reads the manifest once for all tests.
    public static func read() async throws -> Manifest { try await reading.value }

    private static let reading = Task {
        try await withTemporaryDirectory { directory in
            // A folder of its own, as the package manager that runs the tests keeps the usual one to itself.
            let outcome = try await run(
                ProcessInfo.processInfo.environment["SWIFT"] ?? "swift",
                ["package", "--package-path", packageDirectory, "--scratch-path", directory, "dump-package"])
            guard outcome.status == 0 else { throw CannotRead(outcome: outcome) }
            return try JSONDecoder().decode(Manifest.self, from: Data(outcome.standardOutput.utf8))
        }
    }
}

struct CannotRead: Error {
    let outcome: Outcome
}
