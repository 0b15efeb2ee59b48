import SwiftMPI

/// The ways to make a collective call, which all give the same result.
///
/// Each collective has a method here that makes the call this way and returns what was received: once with two buffers,
/// and once in place. The tables of cases go through all ways.
enum CollectiveForm: CaseIterable {
    case arrays, spans, nonblockingArrays, nonblockingSpans

    /// The MPI functions that a call such as `"Gather"` consists of.
    func functions(of call: String) -> [String] {
        switch self {
        case .arrays, .spans: ["MPI_\(call)"]
        case .nonblockingArrays, .nonblockingSpans: ["MPI_I\(call.lowercased())", "MPI_Wait"]
        }
    }
}

/// A datatype of the tables.
protocol SampleValue: MPIDatatype, Equatable {
    /// A value made of any number; the values of neighboring numbers differ, and extremes are among them.
    static func sample(_ number: Int) -> Self
    /// The operations the type has.
    static var reductions: [Reduction<Self>] { get }
}

/// Every elementary datatype.
var sampleTypes: [any SampleValue.Type] {
    [
        Int8.self, Int16.self, Int32.self, Int64.self, Int.self, UInt8.self, UInt16.self, UInt32.self, UInt64.self,
        UInt.self, Float.self, Double.self, Bool.self,
    ]
}

extension SampleValue where Self: FixedWidthInteger {
    static func sample(_ number: Int) -> Self { Self(truncatingIfNeeded: number &* 0x1E37_79B9_7F4A_7C15 ^ .min) }
}

extension SampleValue where Self: BinaryFloatingPoint {
    static func sample(_ number: Int) -> Self { Self(number.isMultiple(of: 2) ? number : -number) / 7 }
}

extension Int8: SampleValue {}
extension Int16: SampleValue {}
extension Int32: SampleValue {}
extension Int64: SampleValue {}
extension Int: SampleValue {}
extension UInt8: SampleValue {}
extension UInt16: SampleValue {}
extension UInt32: SampleValue {}
extension UInt64: SampleValue {}
extension UInt: SampleValue {}
extension Float: SampleValue {}
extension Double: SampleValue {}
extension Bool: SampleValue {
    static func sample(_ number: Int) -> Bool { number.isMultiple(of: 3) }
}

extension SampleValue {
    /// The elements of a rank in the tables.
    static func row(_ rank: Int, _ count: Int) -> [Self] { (0..<count).map { sample(101 * rank + $0) } }
    /// Room to receive into, of values no rank sends.
    static func room(_ count: Int) -> [Self] { Array(repeating: sample(-1), count: count) }
}

/// The kinds of communicator there are: of all ranks, a copy of it, half of the ranks, this rank alone.
func communicators(of world: Communicator) throws -> [Communicator] {
    [world, try world.dup(), try world.split(color: world.rank % 2)!, try MPI.ownCommunicator()]
}
