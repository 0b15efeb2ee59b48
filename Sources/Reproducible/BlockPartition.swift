/// Divides `count` numbered items among `parts` owners: contiguous ranges in order, nothing dropped, sizes that differ
/// by at most one.
///
/// The first `count % parts` parts have one item more. With more parts than items the last parts are empty.
public struct BlockPartition: Hashable, Sendable {
    /// How many items there are.
    public let count: Int
    /// How many owners there are.
    public let parts: Int

    /// - Parameters:
    ///   - count: Not negative.
    ///   - parts: At least 1.
    public init(count: Int, parts: Int) {
        if count < 0 || parts < 1 { fatalError("\(count) items cannot be divided among \(parts) parts") }
        self.count = count
        self.parts = parts
    }

    /// The items of a part, `0..<parts`.
    ///
    /// - Complexity: O(1).
    @inlinable
    public func range(of part: Int) -> Range<Int> {
        if part < 0 || part >= parts { fatalError("there is no part \(part) of \(parts)") }
        return start(of: part)..<start(of: part + 1)
    }

    /// The part an item, `0..<count`, belongs to.
    ///
    /// - Complexity: O(1).
    @inlinable
    public func part(of item: Int) -> Int {
        if item < 0 || item >= count { fatalError("there is no item \(item) of \(count)") }
        let (base, larger) = count.quotientAndRemainder(dividingBy: parts)
        let inLarger = larger * base + larger
        return item < inLarger ? item / (base + 1) : larger + (item - inLarger) / base
    }

    @inlinable
    func start(of part: Int) -> Int {
        let (base, larger) = count.quotientAndRemainder(dividingBy: parts)
        return part * base + min(part, larger)
    }
}
