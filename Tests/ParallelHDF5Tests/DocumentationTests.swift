import Foundation
import TestSupport
import Testing

/// The manual of ParallelHDF5: every link leads somewhere, and every public symbol has a place in a topic.
@Suite struct DocumentationTests {
    @Test func theCatalogueBuilds() async throws {
        struct Page: Decodable {
            struct Section: Decodable {
                var identifiers: [String]
                var generated: Bool?
            }
            var topicSections: [Section]
        }
        try await withTemporaryDirectory { directory in
            let outcome = try await run(
                packageDirectory + "/scripts/docs", [builtProgram("Modules"), directory + "/docs", "ParallelHDF5"],
                timeLimit: 3600)
            #expect(outcome.status == 0, "\(outcome)")
            let file = URL(filePath: "\(directory)/docs/data/documentation/parallelhdf5.json")
            let page = try JSONDecoder().decode(Page.self, from: Data(contentsOf: file))
            #expect(page.topicSections.filter { $0.generated == true }.flatMap(\.identifiers) == [])
        }
    }
}
