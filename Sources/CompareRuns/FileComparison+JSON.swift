import FoundationEssentials
import ParallelHDF5
import SystemSupport

/// The document that `--json` writes for a comparison: the table, for programs.
struct ComparisonDocument: Encodable {
    struct Place: Encodable {
        var index: [Int]
        /// A string of digits, as JSON has no infinities and no 64-bit integers.
        var value: String
    }

    struct First: Encodable {
        var index: [Int]
        var a: String
        var b: String
    }

    struct Frame: Encodable {
        var frame: Int
        var differing: Int
    }

    struct Dataset: Encodable {
        var path: String
        var type: String
        /// The shape; `nil` for a dataset with a null dataspace.
        var shape: [Int]?
        var verdict: String
        var reason: String?
        /// The relative tolerance.
        var tolerance: Double?
        var absoluteTolerance: Double?
        var elements: Int?
        var differing: Int?
        var beyondTolerance: Int?
        var differingOnlyInBits: Int?
        var nanOnOneSide: Int?
        var largestAbsolute: Place?
        var largestRelative: Place?
        var first: First?
        var frames: [Frame]?
    }

    struct Attribute: Encodable {
        var name: String
        var a: String?
        var b: String?
    }

    var program = CompareRunsCommand.name
    var a: String
    var b: String
    var verdict: String
    var datasets: [Dataset]
    var attributes: [Attribute]
    /// Groups, links and named types that differ, in the same form as attributes.
    var structure: [Attribute]
    /// The number of external links in both files, which are not followed.
    var unfollowedLinks: Int
    /// Whether attributes, structure and unfollowed links count.
    var strict: Bool

    init(_ comparison: FileComparison, _ pathA: String, _ pathB: String) {
        a = pathA
        b = pathB
        verdict = "\(comparison.verdict)"
        datasets = comparison.datasets.map(Dataset.init)
        attributes = comparison.attributes.map { Attribute(name: $0.name, a: $0.a, b: $0.b) }
        structure = comparison.structure.map { Attribute(name: "\($0.path)", a: $0.a, b: $0.b) }
        unfollowedLinks = comparison.unfollowedLinks
        strict = comparison.isStrict
    }
}

extension ComparisonDocument.Dataset {
    init(_ dataset: DatasetComparison) {
        path = "\(dataset.path)"
        type = dataset.type.description
        shape = dataset.extent == .null ? nil : dataset.shape
        verdict = "\(dataset.verdict)"
        tolerance = dataset.tolerance?.relative
        absoluteTolerance = dataset.tolerance?.absolute
        func place(_ largest: ElementDifferences.Largest) -> ComparisonDocument.Place {
            ComparisonDocument.Place(
                index: index(of: largest.element, in: dataset.shape), value: "\(largest.magnitude)")
        }
        switch dataset.outcome {
        case .onlyIn(let side): reason = "only in \(side)"
        case .notComparable(let cause): reason = cause
        case .compared(let differences):
            elements = differences.count
            differing = differences.differing
            beyondTolerance = differences.beyondTolerance
            differingOnlyInBits = differences.differingOnlyInBits
            nanOnOneSide = differences.nanOnOneSide
            largestAbsolute = differences.largestAbsolute.map(place)
            largestRelative = differences.largestRelative.map(place)
            first = differences.first.map {
                ComparisonDocument.First(index: index(of: $0.element, in: dataset.shape), a: $0.a, b: $0.b)
            }
            if dataset.shape.count > 1 {
                frames = differences.frames.sorted { $0.key < $1.key }.map {
                    ComparisonDocument.Frame(frame: $0.key, differing: $0.value)
                }
            }
        }
    }
}

/// Writes a document as JSON, with sorted keys.
///
/// - Parameter replaceable: The files that the document may replace; `nil` for any.
/// - Throws: ``UserError`` of status 73 or 74.
func writeJSON(_ document: some Encodable, to path: String, replacing replaceable: OwnFiles?) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let text = try String(decoding: encoder.encode(document), as: UTF8.self)
    try writeTextFile(path, text + "\n", replacing: replaceable)
}
