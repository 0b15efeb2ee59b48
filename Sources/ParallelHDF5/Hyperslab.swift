/// A rectangular part of a dataset or of a buffer: along each axis, where it starts, how many elements it has, and how far
/// they are apart.
public struct Hyperslab: Sendable, Hashable, CustomStringConvertible {
    /// The first index along each axis.
    public var start: [Int]
    /// The number of elements along each axis; a zero anywhere makes the selection empty.
    public var count: [Int]
    /// The distance from one element to the next along each axis, at least 1.
    public var step: [Int]
    /// Tells nothing from the one element of a scalar, both of which have no counts.
    private var selectsNothing = false

    /// - Parameters:
    ///   - start: the first index along each axis.
    ///   - count: the number of elements along each axis.
    ///   - step: the distance from one to the next; by default every element.
    /// - Precondition: All have the same number of axes.
    public init(start: [Int], count: [Int], step: [Int]? = nil) {
        precondition(start.count == count.count, "start has \(start.count) axes, count has \(count.count)")
        precondition(step.map { $0.count == start.count } ?? true, "step and start have other numbers of axes")
        self.start = start
        self.count = count
        self.step = step ?? start.map { _ in 1 }
    }

    /// One range of indices for each axis.
    public init(_ ranges: Range<Int>...) {
        self.init(start: ranges.map(\.lowerBound), count: ranges.map(\.count))
    }

    /// Everything an array of this shape has; of a scalar, whose shape is `[]`, its one element.
    public init(all shape: [Int]) {
        self.init(start: shape.map { _ in 0 }, count: shape)
    }

    /// Nothing: what a rank without a share gives to a collective transfer.
    public static func none(axes: Int) -> Hyperslab {
        var none = Hyperslab(start: Array(repeating: 0, count: axes), count: Array(repeating: 0, count: axes))
        none.selectsNothing = true
        return none
    }

    /// Whether no element is selected.
    public var isEmpty: Bool { selectsNothing || count.contains(0) }

    /// The number of elements selected.
    public var elementCount: Int { isEmpty ? 0 : count.reduce(1, *) }

    /// E.g. `[0..<1, 10..<20]`, `[0..<100 by 4]`.
    public var description: String {
        let axes = start.indices.map { axis in
            "\(start[axis])..<\(start[axis] &+ count[axis] &* step[axis])"
                + (step[axis] == 1 ? "" : " by \(step[axis])")
        }
        return "[" + axes.joined(separator: ", ") + "]"
    }
}

extension Hyperslab {
    /// The shape of `count` elements in memory that a transfer of this part moves.
    ///
    /// It is that of the part, where they fit: for chunked datasets HDF5 pairs elements one by one if the shapes in memory
    /// and in the file differ, which takes ten times as long as writing them.
    func memoryShape(count elements: Int) -> [Int] {
        let fits = !isEmpty && count.allSatisfy { $0 > 0 } && count.byteCount(elementSize: 1) == elements
        return fits && !count.isEmpty ? count : [elements]
    }

    /// Throws unless the selection lies inside an array of `shape`. An empty one only needs the right number of axes.
    func validate(
        inside shape: [Int], calling whole: String, _ attempt: @autoclosure () -> String
    ) throws(HDF5Error) {
        guard start.count == shape.count else {
            throw HDF5Error(
                attempt(), refusedBecause: "the selection \(self) has \(start.count) axes, \(whole) has \(shape.count)")
        }
        if isEmpty, count.allSatisfy({ $0 >= 0 }) { return }  // wherever it would start
        for axis in shape.indices
        where start[axis] < 0 || count[axis] < 0 || step[axis] < 1 || start[axis] >= shape[axis]
            || count[axis] - 1 > (shape[axis] - start[axis] - 1) / step[axis]
        {
            throw HDF5Error(
                attempt(), refusedBecause: "the selection \(self) is not inside \(whole), whose shape is \(shape)")
        }
    }
}
