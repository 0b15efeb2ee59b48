import Checkpointing
import FoundationEssentials
import SwiftMPI

private struct State: Codable, Equatable { var step: Int }

/// A field in which every element tells where it is, and which state it belongs to.
private final class TestField {
    let rowCount: Int
    let columnCount: Int
    let rows: Range<Int>
    let columns: Range<Int>
    let values: UnsafeMutableBufferPointer<Double>
    private let stride: Int

    /// - Parameter ranksAcross: How many ranks share a row; those that the grid has no place for own nothing.
    init(_ rowCount: Int, _ columnCount: Int, ranksAcross: Int, _ world: Communicator) {
        let down = max(1, world.size / ranksAcross)
        let (y, x) = (world.rank / ranksAcross, world.rank % ranksAcross)
        func part(_ count: Int, _ index: Int, of parts: Int) -> Range<Int> {
            index < parts ? count * index / parts..<count * (index + 1) / parts : 0..<0
        }
        self.rowCount = rowCount
        self.columnCount = columnCount
        rows = part(rowCount, y, of: down)
        columns = rows.isEmpty ? 0..<0 : part(columnCount, x, of: ranksAcross)
        stride = columns.count + 3
        values = .allocate(capacity: max(1, rows.count * stride))
        values.initialize(repeating: -1)
    }

    deinit { values.deallocate() }

    var array: CheckpointArray {
        CheckpointArray(
            rowCount: rowCount, columnCount: columnCount, rows: rows, columns: columns, base: values.baseAddress!,
            stride: stride)
    }

    func fill(step: Int) { forEach { row, column, value in value = Self.value(row, column, step) } }

    /// Whether all elements are those of a state, and nothing was written beside them.
    func holds(step: Int) -> Bool {
        var isSo = true
        forEach { row, column, value in isSo = isSo && value == Self.value(row, column, step) }
        let gaps = rows.indices.flatMap { row in
            (columns.count..<stride).map { values[(row - rows.lowerBound) * stride + $0] }
        }
        return isSo && gaps.allSatisfy { $0 == -1 }
    }

    private func forEach(_ body: (_ row: Int, _ column: Int, inout Double) -> Void) {
        for row in rows {
            for column in columns {
                body(row, column, &values[(row - rows.lowerBound) * stride + column - columns.lowerBound])
            }
        }
    }

    private static func value(_ row: Int, _ column: Int, _ step: Int) -> Double {
        Double(row) + Double(column) / 65536 + Double(step) * 1e6
    }
}

private func directory(
    _ name: String, mustRestart: Bool = false, program: String = "cases",
    parameters: [(name: String, value: String)] = [], _ world: Communicator
) throws -> CheckpointDirectory {
    try CheckpointDirectory(
        CheckpointConfiguration(directory: path(name), mustRestart: mustRestart), program: program,
        parameters: parameters, on: world)
}

/// A directory with generations 1 and 2, of steps 1 and 2.
private func saveTwo(_ name: String, _ rows: Int, _ columns: Int, ranksAcross: Int = 1, _ world: Communicator) throws {
    let field = TestField(rows, columns, ranksAcross: ranksAcross, world)
    var target = try directory(name, world).restore(field.array, as: State.self)
    try expect(target.earlier, equals: nil)
    for step in 1...2 {
        field.fill(step: step)
        try target.save(State(step: step), field.array)
    }
}

/// Restores, and checks that all of one state is there.
private func expectRestored(
    step: Int, _ name: String, _ rows: Int, _ columns: Int, ranksAcross: Int = 1, _ world: Communicator,
    after what: String = ""
) throws {
    let field = TestField(rows, columns, ranksAcross: ranksAcross, world)
    let state = try directory(name, mustRestart: true, world).restore(field.array, as: State.self).earlier
    try expect(state == State(step: step) && field.holds(step: step), "\(what): \(String(describing: state))")
}

/// What is in a generation; none goes on before all have read it.
private func contents(_ name: String, generation: Int, _ world: Communicator) throws -> [UInt8] {
    let bytes = Array(try Data(contentsOf: URL(filePath: path("\(name)/generation-\(generation).checkpoint"))))
    try world.Barrier()
    return bytes
}

/// Replaces a generation, on rank 0.
private func replace(_ name: String, generation: Int, by bytes: [UInt8], _ world: Communicator) throws {
    if world.rank == 0 {
        try Data(bytes).write(to: URL(filePath: path("\(name)/generation-\(generation).checkpoint")))
    }
    try world.Barrier()
}

private func expectRefusal(
    _ status: Int32, _ text: String, _ name: String, program: String = "cases",
    parameters: [(name: String, value: String)] = [], _ world: Communicator
) throws {
    let field = TestField(40, 33, ranksAcross: 1, world)
    let source = try directory(name, mustRestart: true, program: program, parameters: parameters, world)
    try expectThrow({ _ = try source.restore(field.array, as: State.self) }) { error in
        let failure = error as? JobFailure
        try expect(failure?.exitStatus == status && failure?.message.contains(text) == true, "\(error)")
    }
}

/// Numbers without pattern, the same on every rank.
private struct Noise: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}

/// Of one block, and of several of which the last is shorter.
private let shapes = [(40, 33), (9, 70_001)]

var checkpointCases: [Case] {
    [
        Case("a field goes from one decomposition to another, and its file is the same for all") { world in
            for (rows, columns) in shapes + [(1, 1), (3, 700_000), (7, 3)] {
                var first: [UInt8] = []
                for across in Set([1, 2, world.size]).sorted() where across <= world.size {
                    let name = "decomposition-\(rows)-\(across)"
                    try saveTwo(name, rows, columns, ranksAcross: across, world)
                    let bytes = try contents(name, generation: 2, world)
                    if across == 1 { first = bytes }
                    try expect(bytes == first, "\(rows) x \(columns), \(across) ranks across")
                    for other in Set([1, 2, world.size]).sorted() where other <= world.size {
                        try expectRestored(step: 2, name, rows, columns, ranksAcross: other, world)
                    }
                }
            }
        },
        Case("no flipped bit passes") { world in
            for (shape, flips) in [160, 40].enumerated() {
                let (rows, columns) = shapes[shape]
                let name = "flipped-\(shape)"
                try saveTwo(name, rows, columns, world)
                let intact = try contents(name, generation: 2, world)
                var noise = Noise(state: UInt64(shape))
                for _ in 0..<flips {
                    let bit = Int.random(in: 0..<8 * intact.count, using: &noise)
                    var flipped = intact
                    flipped[bit / 8] ^= 1 << UInt8(bit % 8)
                    try replace(name, generation: 2, by: flipped, world)
                    try expectRestored(step: 1, name, rows, columns, world, after: "bit \(bit)")
                }
                try replace(name, generation: 2, by: intact, world)
                try expectRestored(step: 2, name, rows, columns, world)
            }
        },
        Case("a file of another length is none") { world in
            let (rows, columns) = (40, 33)
            try saveTwo("length", rows, columns, world)
            let intact = try contents("length", generation: 2, world)
            for length in [0, 1, 31, 32, 33, 4095, 4096, 5000, intact.count - 8, intact.count - 1] {
                try replace("length", generation: 2, by: Array(intact[..<length]), world)
                try expectRestored(step: 1, "length", rows, columns, world, after: "\(length) bytes")
            }
            try replace("length", generation: 2, by: intact + [0], world)
            try expectRestored(step: 1, "length", rows, columns, world, after: "a byte more")
            try replace("length", generation: 2, by: Array("rubbish".utf8), world)
            try replace("length", generation: 1, by: [], world)
            try expectRefusal(74, "no intact checkpoint", "length", world)
        },
        Case("the last two generations are kept, and a damaged one is not the second") { world in
            let name = "rotation"
            try saveTwo(name, 7, 3, world)
            let field = TestField(7, 3, ranksAcross: 1, world)
            for (step, damaged, left) in [(3, nil, [2, 3]), (4, 3, [2, 4]), (5, nil, [4, 5])] as [(Int, Int?, [Int])] {
                if let damaged { try replace(name, generation: damaged, by: [1, 2, 3], world) }
                var target = try directory(name, world).restore(field.array, as: State.self)
                field.fill(step: step)
                try target.save(State(step: step), field.array)
                let files = try FileManager.default.contentsOfDirectory(atPath: path(name)).sorted()
                try world.Barrier()
                try expect(
                    files.filter { !$0.hasPrefix(".") }, equals: left.map { "generation-\($0).checkpoint" } + ["run"])
            }
            let last = try directory(name, world).restore(field.array, as: State.self)
            try expect(last.earlier, equals: State(step: 5))
            try last.finish()
            try world.Barrier()
            try expect(try FileManager.default.contentsOfDirectory(atPath: path(name)), equals: [])
        },
        Case("a later version of the format is refused, not taken for damage") { world in
            try saveTwo("version", 40, 33, world)
            var bytes = try contents("version", generation: 2, world)
            bytes[8] = 2
            bytes.replaceSubrange(12..<16, with: [0, 0, 0, 0])
            let length = Int(bytes[16]) + Int(bytes[17]) << 8
            let checksum = Checksum.of(Array(bytes[..<length]))
            for byte in 0..<4 { bytes[12 + byte] = UInt8(truncatingIfNeeded: checksum >> UInt32(8 * byte)) }
            try replace("version", generation: 2, by: bytes, world)
            try expectRefusal(64, "is of version 2 of the format, this program knows version 1", "version", world)
        },
        Case("the checkpoints of another run are refused") { world in
            let field = TestField(40, 33, ranksAcross: 1, world)
            do {
                let source = try directory("other", parameters: [("dx", "0.5"), ("D", "1.0")], world)
                var target = try source.restore(field.array, as: State.self)
                field.fill(step: 1)
                try target.save(State(step: 1), field.array)
            }
            try world.Barrier()
            try expectRefusal(
                64, "dx is 0.5 there and 0.25 here, x1 is not given there and 3 here", "other",
                parameters: [("dx", "0.25"), ("D", "1.0"), ("x1", "3")], world)
            try expectRefusal(64, "another run: of cases", "other", program: "pimc", world)
        },
        Case("a restart needs a checkpoint, and a directory one run at a time") { world in
            try expectThrow({ _ = try directory("missing", mustRestart: true, world) }) { error in
                try expect((error as? JobFailure)?.exitStatus == 64 && "\(error)".contains("No such file"), "\(error)")
            }
            let first = try directory("locked", world).restore(.none, as: State.self)
            try expectThrow({ _ = try directory("locked", world) }) { error in
                try expect((error as? JobFailure)?.exitStatus == 73 && "\(error)".contains("another run"), "\(error)")
            }
            try first.finish()
            try expectThrow({ _ = try directory("locked", mustRestart: true, world) }) { error in
                try expect(
                    (error as? JobFailure)?.exitStatus == 64
                        && "\(error)".contains("locked has no checkpoint to restart from"), "\(error)")
            }
        },
        Case("a run keeps its name until it is finished") { world in
            func run(_ name: String) throws -> String { try directory(name, world).run }
            let first = try run("named")
            try world.Barrier()
            try expect(first.utf8.count, equals: 16)
            try expect(try world.bcast(first), equals: first)
            try expect(try run("named"), equals: first)
            try world.Barrier()
            try expect(try run("named-too") != first)
            try directory("named", world).restore(.none, as: State.self).finish()
            try expect(try run("named") != first)
        },
    ]
}
