/// A division of `count` numbered items into `parts` contiguous ranges, in order, whose sizes differ by at most one.
///
/// Each of the first `count % parts` parts has one item more than the others. If there are more parts than items, the
/// last parts are empty.
public struct BlockPartition: Hashable, Sendable {
    /// The number of items.
    public let count: Int
    /// The number of parts.
    public let parts: Int

    /// - Parameters:
    ///   - count: The number of items; not negative.
    ///   - parts: The number of parts; at least 1.
    public init(count: Int, parts: Int) {
        if count < 0 || parts < 1 { fatalError("\(count) items cannot be divided among \(parts) parts") }
        self.count = count
        self.parts = parts
    }

    /// Returns the items of a part in `0..<parts`.
    ///
    /// - Complexity: O(1).
    @inlinable
    public func range(of part: Int) -> Range<Int> {
        if part < 0 || part >= parts { fatalError("there is no part \(part) of \(parts)") }
        return start(of: part)..<start(of: part + 1)
    }

    /// Returns the part to which an item in `0..<count` belongs.
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
