import FoundationEssentials
import Testing

/// Every message of the fuzzer's corpus, decoded as every type it tries.
@Suite struct Corpus {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fuzz/Corpus")

    @Test func everyMessage() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path())
        #expect(names.count > 20)
        for name in names {
            let bytes = try [UInt8](Data(contentsOf: Self.folder.appending(path: name)))
            for trial in Trial.all {
                #expect(throws: Never.self, "\(name) as \(trial.name)") { try trial.run(bytes) }
            }
        }
    }

    /// The trials find fault with a codec that has one.
    @Test func aTrialCanFail() throws {
        let trial = Trial([Double].self) { _, _ in false }
        #expect(throws: Trial.Unfaithful.self) { try trial.run(encode([1.5])) }
        try trial.run([0xff])
    }
}
