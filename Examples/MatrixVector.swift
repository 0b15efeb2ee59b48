// The product of a matrix and a vector: every rank has some of the rows and the whole vector. Counts are in rows.
//
//     mpiexec -n 4 matrix-vector          multiplies a small matrix and checks the product
//     mpiexec -n 4 matrix-vector 8000     multiplies a matrix of 8000 x 8000 elements and measures the time

import SwiftMPI

let size = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 100

/// Returns the product of some rows, stored one after the other, and the vector.
func product(_ rows: [Double], _ vector: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: rows.count / vector.count)
    for first in stride(from: 0, to: result.count, by: 4) {
        // Four rows at a time, because memory serves several streams faster than one. At the end the last row is
        // repeated.
        let indices = (0..<4).map { min(first + $0, result.count - 1) }
        let sums = dot(SIMD4(indices[0], indices[1], indices[2], indices[3]), of: rows, vector)
        for (place, index) in indices.enumerated() { result[index] = sums[place] }
    }
    return result
}

/// Returns the inner products of four rows and the vector, each accumulated in the eight lanes of a SIMD vector.
func dot(_ indices: SIMD4<Int>, of rows: [Double], _ vector: [Double]) -> SIMD4<Double> {
    typealias Eight = SIMD8<Double>
    var sums = (Eight.zero, Eight.zero, Eight.zero, Eight.zero)
    let count = vector.count
    let whole = count / 8 * 8
    rows.withUnsafeBytes { rows in
        vector.withUnsafeBytes { vector in
            let begin = indices &* count &* 8
            for offset in stride(from: 0, to: whole * 8, by: 64) {
                let eight = vector.loadUnaligned(fromByteOffset: offset, as: Eight.self)
                sums.0.addProduct(rows.loadUnaligned(fromByteOffset: begin[0] + offset, as: Eight.self), eight)
                sums.1.addProduct(rows.loadUnaligned(fromByteOffset: begin[1] + offset, as: Eight.self), eight)
                sums.2.addProduct(rows.loadUnaligned(fromByteOffset: begin[2] + offset, as: Eight.self), eight)
                sums.3.addProduct(rows.loadUnaligned(fromByteOffset: begin[3] + offset, as: Eight.self), eight)
            }
        }
    }
    var result = SIMD4(sums.0.sum(), sums.1.sum(), sums.2.sum(), sums.3.sum())
    for place in whole..<count {
        for row in 0..<4 { result[row] += rows[indices[row] * count + place] * vector[place] }
    }
    return result
}

/// Returns the matrix with elements i - j, in row-major order.
func differences(_ size: Int) -> [Double] { (0..<size * size).map { Double($0 / size - $0 % size) } }

try MPI.run { world in
    // The root has the matrix, and each rank gets its rows. Some ranks get none if there are more ranks than rows.
    let row = try Layout<Double>.contiguous(size)
    let share = VariableCounts.even(size, parts: world.size)
    let mine = share.count(of: world.rank)
    let matrix = world.rank == 0 ? differences(size) : []
    var rows = [Double](repeating: 0, count: mine * size)
    var room = try rows.mutableSpan.selecting(row, count: mine)
    try world.Scatterv(try matrix.selecting(row, count: matrix.count / size), into: &room, counts: share)

    var vector = [Double](repeating: 1, count: size)
    let repetitions = size < 1000 ? 1 : 10
    try world.Barrier()
    let start = MPI.wallTime
    for _ in 0..<repetitions {
        let part = product(rows, vector)
        // Every rank gets the whole product. The signs of its elements are the next vector.
        var all = [Double](repeating: 0, count: size)
        try world.Allgatherv(part, into: &all, counts: share)
        vector = all.map { $0 < 0 ? -1 : 1 }
    }
    let seconds = try world.Allreduce(MPI.wallTime - start, op: .max)

    // Row i of the first product is the sum of i - j over all j: negative in the first half.
    if repetitions == 1 { precondition(vector == (0..<size).map { 2 * $0 < size - 1 ? -1 : 1 }) }
    if world.rank == 0 {
        let rate = 2 * Double(size * size * repetitions) / seconds / 1e9
        print("\(Double(Int(rate * 100)) / 100) GFLOP/s: \(size) x \(size) elements on \(world.size) ranks")
    }
}
