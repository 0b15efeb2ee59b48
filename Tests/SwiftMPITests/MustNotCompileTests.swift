import FoundationEssentials
import TestSupport
import Testing

/// Misuse that the compiler refuses. Each file of `Tests/MustNotCompile` is right as it stands and wrong with `MISUSE`,
/// for the reasons in the lines below its first.
@Suite struct MustNotCompileTests {
    private static let directory = packageDirectory + "/Tests/MustNotCompile"

    static func files() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory).filter { $0.hasSuffix(".swift") }.sorted()
    }

    /// Without the misuse all of them compile: what is refused below is the misuse and nothing else.
    @Test func rightUseCompiles() async throws {
        let outcome = try await compile(Self.files())
        #expect(outcome.status == 0, "\(outcome)")
    }

    @Test(arguments: try files())
    func misuseDoesNotCompile(file: String) async throws {
        let source = try String(contentsOf: URL(filePath: Self.directory + "/" + file), encoding: .utf8)
        let marker = "// error: "
        let reasons = source.split(separator: "\n").filter { $0.hasPrefix(marker) }.map { $0.dropFirst(marker.count) }
        #expect(!reasons.isEmpty)
        let outcome = try await compile([file], ["-D", "MISUSE"])
        #expect(outcome.status == 1, "\(outcome)")
        for reason in reasons { #expect(outcome.standardError.contains(reason), "\(outcome)") }
    }

    private func compile(_ files: [String], _ options: [String] = []) async throws -> Outcome {
        let environment = ProcessInfo.processInfo.environment
        let flags = try await run("pkg-config", ["--cflags-only-I", environment["MPI_PKG_CONFIG"] ?? "mpi-c"])
        let headers = flags.standardOutput.split { $0 == " " || $0 == "\n" }.flatMap { ["-Xcc", String($0)] }
        let modules = ["-I", builtProgram("Modules"), "-I", packageDirectory + "/Sources/CMPI"]
        return try await run(
            (environment["SWIFT"] ?? "swift") + "c",
            ["-swift-version", "6", "-module-name", "Misuse", "-wmo", "-c", "-o", "/dev/null"] + modules + headers
                + options
                + files.map { Self.directory + "/" + $0 })
    }
}
