// Sample sort: numbers that no single rank could hold are sorted across all ranks. Samples determine the range of
// numbers for each rank, a single exchange moves the numbers, and each rank sorts the numbers it received.
//
//     mpiexec -n 4 sample-sort              sorts a few numbers
//     mpiexec -n 4 sample-sort 10000000     sorts ten million numbers in total and measures the rate

import SwiftMPI

let total = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 10_000

/// Sorts numbers by their bits, eleven at a time from the lowest: one pass for each eleven bits, without comparisons.
func radixSort(_ numbers: inout [Double]) {
    // As integers, the bit patterns have the order of the numbers if those of negative numbers are inverted and the
    // others get the first bit set.
    var keys = numbers.map { number in
        let bits = number.bitPattern
        return bits ^ (bits >> 63 == 1 ? .max : 1 << 63)
    }
    var sorted = keys
    let digits = 6
    func digit(_ number: Int, of key: UInt64) -> Int { Int(key &>> UInt64(11 * number) & 2047) }

    // For each digit and each of its values, the index of the first key.
    var starts = [[Int]](repeating: [Int](repeating: 0, count: 2048), count: digits)
    for number in 0..<digits {
        var counts = starts[number].mutableSpan
        for key in keys { counts[digit(number, of: key)] += 1 }
    }
    for number in 0..<digits where !starts[number].contains(keys.count) {
        var start = 0
        for value in 0..<2048 { (starts[number][value], start) = (start, start + starts[number][value]) }
        do {
            var next = starts[number].mutableSpan
            var output = sorted.mutableSpan
            for key in keys {
                let value = digit(number, of: key)
                output[next[value]] = key
                next[value] += 1
            }
        }
        swap(&keys, &sorted)
    }
    for (index, key) in keys.enumerated() {
        numbers[index] = Double(bitPattern: key ^ (key >> 63 == 1 ? 1 << 63 : .max))
    }
}

/// Sorts the numbers of all ranks together.
///
/// - Returns: The numbers of this rank, sorted. None of them is greater than any number of the next rank.
func sampleSort(_ numbers: [Double], on world: Communicator) throws -> [Double] {
    // The sorted samples of all ranks determine where the numbers of each rank start.
    let sampleCount = min(numbers.count, 1000)
    let mySamples = (0..<sampleCount).map { numbers[$0 * numbers.count / sampleCount] }
    let samples = try world.Allgatherv(mySamples).sorted()
    let limits = samples.isEmpty ? [] : (1..<world.size).map { samples[$0 * samples.count / world.size] }

    // Groups the numbers by destination: first those for rank 0, then those for rank 1, and so on.
    let owners = numbers.map { number in limits.count { $0 <= number } }
    var counts = [Int](repeating: 0, count: world.size)
    for owner in owners { counts[owner] += 1 }
    let parts = VariableCounts(counts)
    var places = counts.indices.map { parts.start(of: $0) }
    var outgoing = numbers
    for (number, owner) in zip(numbers, owners) {
        outgoing[places[owner]] = number
        places[owner] += 1
    }
    var mine = try world.Alltoallv(outgoing, sendCounts: parts)
    radixSort(&mine)
    return mine
}

/// Returns unordered numbers between -1 and 1, starting at a position in their sequence.
func numbers(_ count: Int, from first: Int) -> [Double] {
    (first..<first + count).map { Double(Int64(bitPattern: UInt64($0) &* 0x9E37_79B9_7F4A_7C15)) * 0x1p-63 }
}

func isSorted(_ numbers: [Double]) -> Bool { zip(numbers, numbers.dropFirst()).allSatisfy { $0 <= $1 } }

try MPI.run { world in
    let range = VariableCounts.even(total, parts: world.size).range(of: world.rank)
    let given = numbers(range.count, from: range.lowerBound)
    try world.Barrier()
    let start = MPI.wallTime
    let mine = try sampleSort(given, on: world)
    let seconds = try world.Allreduce(MPI.wallTime - start, op: .max)

    // No numbers are lost, and no rank has a number greater than a number of a later rank.
    let highest = try world.Exscan(mine.last ?? -1, op: .max)
    precondition(isSorted(mine) && (mine.isEmpty || highest ?? -1 <= mine[0]))
    let difference = try world.Allreduce(mine.reduce(0, +) - given.reduce(0, +), op: .sum)
    let sortedCount = try world.Allreduce(mine.count, op: .sum)
    precondition(sortedCount == total && abs(difference) < 1e-9 * Double(total + 1))
    if world.rank == 0 {
        print("\(Double(Int(Double(total) / seconds / 1e4)) / 100) million numbers a second: \(total) sorted")
    }
}
