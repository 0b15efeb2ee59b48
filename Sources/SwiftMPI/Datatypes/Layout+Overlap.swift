// MPI forbids to receive into the same memory twice. It does not check, so we do.

/// How many items of a layout can follow each other before two share an element.
///
/// - Parameter pieces: The elements of one item.
/// - Returns: `Int.max` if none ever do, 0 if an item has an element twice.
func countDisjoint(_ pieces: [Range<Int>], extent: Int, trueExtent: Int) -> Int {
    if overlap(pieces) { return 0 }
    if extent >= trueExtent { return .max }
    // Two items k apart share an element where two elements of one item are k extents apart: the nearest such pair.
    var nearest: [Int: Int] = [:]
    var count = Int.max
    for place in pieces.joined().sorted() {
        let rest = (place % extent + extent) % extent
        if let before = nearest[rest] { count = min(count, (place - before) / extent) }
        nearest[rest] = place
    }
    return count
}

/// Whether two pieces share an element.
func overlap(_ pieces: [Range<Int>]) -> Bool {
    let pieces = inOrder(pieces)
    return zip(pieces, pieces.dropFirst()).contains { $0.upperBound > $1.lowerBound }
}

/// Whether a piece shares an element with one of others, which share none with each other.
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
    /// The elements of several items of this layout, told in its extents, counted from `start`.
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
