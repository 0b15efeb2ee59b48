import FoundationEssentials
import SwiftMPI

/// What the two languages do not have alike: dates of different precision, keys that are text or integers, failures;
/// special_objects.py does the same.
func specialObjects(_ world: Communicator) throws {
    let languages = try world.allgather("Swift")
    let root = languages.firstIndex(of: "Swift")!
    let pythonRoot = languages.firstIndex(of: "Python")!

    // Dates that a float of the seconds since 1970 would round, and such that it would not.
    let dates = [0.3, -0.3, 0x1p-30, -0x1p-30, 721_692_800.1234567, 5e8 / 3, -3e9 / 7, 5e10 / 3, 800_000_000.5].map {
        Date(timeIntervalSinceReferenceDate: $0)
    }
    try expect(try world.bcast(world.rank == root ? dates : nil, root: root), dates)
    let table = Dictionary(uniqueKeysWithValues: dates.enumerated().map { ($1, $0) })
    try expect(try world.bcast(world.rank == root ? table : nil, root: root), table)
    let pythonDates: [Date] = try world.bcast(nil, root: pythonRoot)
    try expect(pythonDates, [0, 0.1, 0.123456, 0.999999].map { Date(timeIntervalSince1970: 1_700_000_000 + $0) })

    // Keys, there and back.
    let entries = Dictionary(
        uniqueKeysWithValues: ["01234", "1234", "007", "7", "+5", "5", "-0", "0", "-7", "a"].enumerated().map {
            (Key(rawValue: $1), $0)
        })
    try expect(try world.bcast(world.rank == root ? entries : nil, root: root), entries)
    try expect(try world.bcast(nil, root: pythonRoot), entries)

    // What a rank cannot send.
    func message(_ body: () throws -> Void) -> String {
        do { try body() } catch { return "\(error)" }
        return "no error"
    }
    let isRoot = world.rank == root
    let broken = message { _ = try world.bcast(isRoot ? Broken() : nil, root: root) }
    try expect(broken, isRoot ? "broken" : "rank \(root): broken")
    let missing = message { _ = try world.scatter(nil as [Int]?, root: root) }
    try expect(missing.hasSuffix("MPI_Scatter: the root gives no list, needs one of \(world.size) objects"), true)
    let gathered = message { _ = try world.allgather(isRoot ? Broken() : Broken(isWhole: true)) }
    try expect(gathered, isRoot ? "broken" : "rank \(root): broken")
    try done("special", on: world)
}

private struct Key: Codable, Hashable, RawRepresentable, CodingKeyRepresentable {
    var rawValue: String
}

private struct Broken: Codable, Error, CustomStringConvertible {
    var isWhole = false
    var description: String { "broken" }

    init(isWhole: Bool = false) { self.isWhole = isWhole }

    // Whatever a Python rank sends.
    init(from decoder: any Decoder) throws { isWhole = true }

    func encode(to encoder: any Encoder) throws {
        if !isWhole { throw self }
        var container = encoder.singleValueContainer()
        try container.encode("whole")
    }
}
