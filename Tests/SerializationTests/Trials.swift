import FoundationEssentials
import SwiftMPI

/// Decodes arbitrary bytes as one type. They may be refused, but what they decode to must survive being sent.
struct Trial {
    let name: String
    /// Throws if the codec has done something wrong; that it has refused the bytes is not wrong.
    let run: ([UInt8]) throws -> Void

    init<T: Codable>(_ type: T.Type, isSame: @escaping (T, T) -> Bool) {
        let name = "\(type)"
        self.name = name
        run = { bytes in
            let value: T
            do { value = try decode(type, bytes) } catch is CBORError { return } catch is DecodingError { return }
            for typedArrays in [true, false] {
                let copy = try decode(type, encode(value, typedArrays: typedArrays))
                guard isSame(copy, value) else { throw Unfaithful(type: name, bytes: hex(bytes)) }
            }
        }
    }

    init<T: Codable & Equatable>(_ type: T.Type) { self.init(type, isSame: ==) }

    struct Unfaithful: Error {
        let type: String
        let bytes: String
    }

    static var all: [Trial] {
        [
            Trial(Record.self),
            Trial(Tree.self),
            Trial(Shape?.self),
            Trial(Data.self),
            Trial([UInt8].self),
            Trial([Double].self) { $0.map(\.bitPattern) == $1.map(\.bitPattern) },
            Trial([Float].self) { $0.map(\.bitPattern) == $1.map(\.bitPattern) },
            Trial([Int16?].self),
            Trial(ContiguousArray<Int32>.self),
            Trial([UInt128].self),
            Trial([String: [Int]].self),
            Trial([[Bool]: UInt64].self),
            Trial([Level: Int128].self),
            Trial(Set<String>.self),
            Trial(NDArray<Complex<Float>>.self) { $0.shape == $1.shape && bits($0.elements) == bits($1.elements) },
            Trial([Complex<Double>].self) { bits($0) == bits($1) },
            Trial([Date].self) { zip($0, $1).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN } },
            Trial([String: Parsed].self),
        ]
    }
}

private func bits<Real>(_ numbers: [Complex<Real>]) -> [[UInt8]] {
    numbers.map { withUnsafeBytes(of: $0, Array.init) }
}

extension Date {
    fileprivate var isNaN: Bool { timeIntervalSince1970.isNaN }
}

/// A structure with what structures have.
private struct Record: Codable, Equatable {
    enum CodingKeys: Int, CodingKey { case name, position, table, shape, parts, uuid }

    var name: String
    var position: SIMD2<Float>?
    var table: [String: [Int]]
    var shape: Shape?
    var parts: [Record]?
    var uuid: UUID?

    static func == (left: Record, right: Record) -> Bool {
        left.name == right.name && left.table == right.table && left.shape == right.shape
            && left.position?.x.bitPattern == right.position?.x.bitPattern
            && left.position?.y.bitPattern == right.position?.y.bitPattern
            && left.parts == right.parts && left.uuid == right.uuid
    }
}

/// A map whose keys have the integer value their text can be read as.
struct Parsed: Codable, Equatable {
    struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { Int(stringValue) }
        init(stringValue: String) { self.stringValue = stringValue }
        init(intValue: Int) { stringValue = "\(intValue)" }
    }

    var entries: [String: Int]

    init(_ entries: [String: Int]) { self.entries = entries }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        entries = [:]
        for key in container.allKeys { entries[key.stringValue] = try container.decode(Int.self, forKey: key) }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        for (key, value) in entries { try container.encode(value, forKey: Key(stringValue: key)) }
    }
}

private enum Level: String, Codable, CodingKeyRepresentable { case point, circle }

private enum Shape: Codable, Equatable {
    case point
    case circle(radius: Exact)
    case polygon([Int32], closed: Bool)
    indirect case group(Shape, Shape?)
}
