import SwiftMPI

/// Types beyond plain numbers; datatypes.py does the same with numpy.
func datatypes(_ world: Communicator) throws {
    try complex(Float.self, world)
    try complex(Double.self, world)
    try structures(world)
    try columns(world)
    try reductions(world)
    try packed(world)
    try done("datatypes", on: world)
}

private func ring(_ world: Communicator) -> (left: Int, right: Int) {
    ((world.rank + world.size - 1) % world.size, (world.rank + 1) % world.size)
}

private func complex<Real: MPIComplexPart & BinaryFloatingPoint>(_ type: Real.Type, _ world: Communicator) throws {
    let (left, right) = ring(world)
    func numbers(_ rank: Int) -> [Complex<Real>] { [Complex(Real(rank + 1), -1), Complex(0, Real(rank))] }
    var theirs = [Complex<Real>](repeating: Complex(0, 0), count: 2)
    try world.Sendrecv(numbers(world.rank), dest: right, into: &theirs, source: left)
    try expect(theirs, numbers(left))
    try world.Allreduce(numbers(world.rank), into: &theirs, op: .sum)
    let (size, sum) = (Real(world.size), Real(world.size * (world.size - 1) / 2))
    try expect(theirs, [Complex(sum + size, -size), Complex(0, sum)])
    try world.Allreduce([Complex(0, 1), Complex(2, 0)], into: &theirs, op: .product)
    let powers: [Complex<Real>] = [Complex(1, 0), Complex(0, 1), Complex(-1, 0), Complex(0, -1)]
    try expect(theirs, [powers[world.size % 4], Complex(Real(1 << world.size), 0)])
}

/// A structure with padding.
private struct Particle: MPIStructure, Equatable {
    var flag: Bool
    var x: Double
    var id: Int16

    static var mpiFields: MPIFields<Self> { MPIFields(\.flag, \.x, \.id) }

    static func row(_ rank: Int) -> [Particle] {
        (0..<3).map { Particle(flag: $0.isMultiple(of: 2), x: Double($0 + rank) / 3, id: Int16($0 - rank)) }
    }
}

private func structures(_ world: Communicator) throws {
    let (left, right) = ring(world)
    let none = Particle(flag: false, x: 0, id: 0)
    var theirs = [Particle](repeating: none, count: 3)
    try world.Sendrecv(Particle.row(world.rank), dest: right, sendTag: 1, into: &theirs, source: left, recvTag: 1)
    try expect(theirs, Particle.row(left))
    var whole = [Particle](repeating: none, count: 3 * world.size)
    try world.Allgather(Particle.row(world.rank), into: &whole)
    try expect(whole, (0..<world.size).flatMap { Particle.row($0) })
}

private func columns(_ world: Communicator) throws {
    let (left, right) = ring(world)
    let (rank, size) = (world.rank, world.size)
    // Columns of matrices: one of mine becomes a row there.
    var matrix = (0..<12).map { Int32($0 + 100 * rank) }
    let column = try Layout<Int32>.vector(count: 3, stride: 4)
    var theirs: [Int32] = [0, 0, 0]
    try world.Sendrecv(
        matrix.selecting(column, from: 1), dest: right, sendTag: 2, into: &theirs, source: left, recvTag: 2)
    try expect(theirs, [1, 5, 9].map { Int32($0 + 100 * left) })
    do {
        var chosen = try matrix.mutableSpan.selecting(column, from: 2)
        try world.Sendrecv(theirs, dest: right, sendTag: 3, into: &chosen, source: left, recvTag: 3)
    }
    let farther = (left + size - 1) % size
    try expect([matrix[2], matrix[6], matrix[10]], [1, 5, 9].map { Int32($0 + 100 * farther) })

    var field = (0..<20).map { Double($0 + 100 * rank) }
    do {
        var block = try field.mutableSpan.selecting(.subarray(sizes: [4, 5], subsizes: [2, 3], starts: [1, 2]))
        try world.Bcast(&block, root: size - 1)
    }
    let inside = [7, 8, 9, 12, 13, 14]
    try expect(field, (0..<20).map { Double($0 + 100 * (inside.contains($0) ? size - 1 : rank)) })

    // Every rank gets one of my columns and has it in a row.
    let square = (0..<size * size).map { $0 + 1000 * rank }
    let tall = try Layout<Int>.vector(count: size, stride: size)
    var received = [Int](repeating: 0, count: size * size)
    try world.Alltoallw(
        square, sendLayouts: VariableLayouts((0..<size).map { .init(tall, at: $0) }), into: &received,
        recvLayouts: VariableLayouts((0..<size).map { .init(count: size, at: $0 * size) }))
    try expect(received, (0..<size).flatMap { sender in (0..<size).map { 1000 * sender + size * $0 + rank } })
}

/// Values with their places, parts of unequal size, in place.
private func reductions(_ world: Communicator) throws {
    let (rank, size) = (world.rank, world.size)
    let mine = [ValueIndex(Double(rank * 7 % 5), at: rank), ValueIndex(Double(-rank), at: rank)]
    var pairs = mine
    try world.Allreduce(mine, into: &pairs, op: .maxLocation.predefined)
    let best = (0..<size).map { $0 * 7 % 5 }.max()!
    let first = (0..<size).first { $0 * 7 % 5 == best }!
    try expect(pairs.map(\.value), [Double(best), 0])
    try expect(pairs.map(\.index), [first, 0])

    let counts = VariableCounts((0..<size).map { $0 + 1 })
    var part = [Int32](repeating: 0, count: rank + 1)
    try world.Reduce_scatter((0..<counts.extent).map { Int32($0 + rank) }, into: &part, counts: counts, op: .sum)
    let start = rank * (rank + 1) / 2
    try expect(part, (start...start + rank).map { Int32(size * $0 + size * (size - 1) / 2) })
    var total = [Int32(rank)]
    try world.Reduce(inPlace: &total, op: .sum, root: 0)
    if rank == 0 { try expect(total, [Int32(size * (size - 1) / 2)]) }
    var whole = [Int32](repeating: 0, count: size)
    whole[rank] = Int32(rank + 1)
    try world.Allgather(inPlace: &whole)
    try expect(whole, (0..<size).map { Int32($0 + 1) })
}

/// A message packed of several types, in the external form of every MPI.
private func packed(_ world: Communicator) throws {
    let (left, right) = ring(world)
    var mine: [UInt8] = []
    try MPI.Pack_external([Int32(world.rank)], into: &mine)
    try MPI.Pack_external([Double(world.rank) / 7, -1.5], into: &mine)
    var theirs = [UInt8](repeating: 0, count: mine.count)
    try world.Sendrecv(mine, dest: right, sendTag: 4, into: &theirs, source: left, recvTag: 4)
    var (number, doubles, position): ([Int32], [Double], Int) = ([0], [0, 0], 0)
    try MPI.Unpack_external(theirs, position: &position, into: &number)
    try MPI.Unpack_external(theirs, position: &position, into: &doubles)
    try expect(number, [Int32(left)])
    try expect(doubles, [Double(left) / 7, -1.5])
}
