import Expressions
import FoundationEssentials
import TestSupport
import Testing

/// Every text of the fuzzer's corpus is a function or an error, and nothing else.
@Suite struct CorpusTests {
    @Test func everyText() throws {
        let folder = "\(packageDirectory)/Tests/Fuzz/Expressions"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(names.count >= 9)
        for name in names {
            let text = String(decoding: try Data(contentsOf: URL(filePath: "\(folder)/\(name)")), as: UTF8.self)
            do {
                let function = try Function(text)
                _ = Evaluator(function).values(at: [0, 1, -1, .nan])
            } catch {
                #expect(error.column >= 1 && error.column <= text.count + 1, "\(text)")
            }
        }
    }
}
