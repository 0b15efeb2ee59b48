// MPI forbids receiving into the same memory twice but does not check for it. SwiftMPI does.

/// Returns how many consecutive items of a layout fit before two of them share an element.
///
/// - Parameter pieces: The elements of one item.
/// - Returns: `Int.max` if items never share an element, 0 if one item contains an element twice.
func countDisjoint(_ pieces: [Range<Int>], extent: Int, trueExtent: Int) -> Int {
    if overlap(pieces) { return 0 }
    if extent >= trueExtent { return .max }
    // Items k apart share an element if two elements of one item are k extents apart. Finds the closest such pair.
    var nearest: [Int: Int] = [:]
    var count = Int.max
    for place in pieces.joined().sorted() {
        let rest = (place % extent + extent) % extent
        if let before = nearest[rest] { count = min(count, (place - before) / extent) }
        nearest[rest] = place
    }
    return count
}

/// Returns whether two pieces share an element.
func overlap(_ pieces: [Range<Int>]) -> Bool {
    let pieces = inOrder(pieces)
    return zip(pieces, pieces.dropFirst()).contains { $0.upperBound > $1.lowerBound }
}

/// Returns whether any of the pieces shares an element with any of the others, which do not share elements with each
/// other.
func overlap(_ pieces: [Range<Int>], with others: [Range<Int>]) -> Bool {
    let others = inOrder(others)
    var next = others.startIndex
    for piece in inOrder(pieces) {
        while next < others.endIndex, others[next].upperBound <= piece.lowerBound { next += 1 }
        if next < others.endIndex, others[next].lowerBound < piece.upperBound { return true }
    }
    return false
}

private func inOrder(_ pieces: [Range<Int>]) -> [Range<Int>] {
    pieces.filter { !$0.isEmpty }.sorted { $0.lowerBound < $1.lowerBound }
}

extension Layout {
    /// Returns the elements of several items, whose indices count extents of this layout from `start`.
    func pieces(of items: [Range<Int>], from start: Int = 0) -> [Range<Int>] {
        let piece = pieces()
        if piece == [0..<extent] {
            return items.map { start + $0.lowerBound * extent..<start + $0.upperBound * extent }
        }
        return items.joined().flatMap { item in
            piece.map { start + item * extent + $0.lowerBound..<start + item * extent + $0.upperBound }
        }
    }
}
