import FoundationEssentials
import TestSupport
import Testing

/// What a package that uses this one has to fetch.
@Suite struct PackageTests {
    /// The package of "Getting started", where git fetches nothing.
    @Test func thePackagesOfTheProgramsAreNotNeeded() async throws {
        let article = try String(
            contentsOf: URL(filePath: packageDirectory + "/Sources/SwiftMPI/SwiftMPI.docc/GettingStarted.md"),
            encoding: .utf8)
        let manifest = try #require(article.firstMatch(of: #/(?s)```swift\n(// swift-tools-version.*?)```/#)?.1)
        try await withTemporaryDirectory { directory in
            let files = FileManager.default
            try files.createSymbolicLink(atPath: directory + "/SwiftMPI", withDestinationPath: packageDirectory)
            try files.createDirectory(atPath: directory + "/ring/Sources/ring", withIntermediateDirectories: true)
            try Data(manifest.utf8).write(to: URL(filePath: directory + "/ring/Package.swift"))
            try Data("import SwiftMPI\n".utf8).write(to: URL(filePath: directory + "/ring/Sources/ring/main.swift"))

            let outcome = try await run(
                ProcessInfo.processInfo.environment["SWIFT"] ?? "swift",
                ["package", "--cache-path", directory + "/cache", "show-dependencies", "--format", "flatlist"],
                environment: ["GIT_ALLOW_PROTOCOL": ""], directory: directory + "/ring", timeLimit: 3600)
            #expect(outcome.status == 0 && outcome.standardOutput == "swiftmpi\n", "\(outcome)")
        }
    }
}
