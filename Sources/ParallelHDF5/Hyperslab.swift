/// A rectangular part of a dataset or of a buffer: along each axis, where it starts, how many elements it has, and how
/// far they are apart.
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
        if start.count != count.count || step.map({ $0.count != start.count }) ?? false {
            fatalError("the start \(start), count \(count) and step \(step ?? []) of a part have other numbers of axes")
        }
        self.start = start
        self.count = count
        self.step = step ?? start.map { _ in 1 }
    }

    /// An index or a range of indices for each axis, such as `Hyperslab(5, 3..<7)`.
    ///
    /// Where a range is to end with the axis, see ``HDF5Dataset/region(_:)``.
    public init(_ axes: any HyperslabAxis...) {
        self.init(axes.map { $0.indices(ofAxis: 0..<Int.max) })
    }

    init(_ ranges: [Range<Int>]) {
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

/// What a part has along one axis: an index, or a range of indices, which may be open at an end.
public protocol HyperslabAxis {
    /// The indices of it.
    ///
    /// - Parameter axis: All indices of the axis.
    func indices(ofAxis axis: Range<Int>) -> Range<Int>
}

extension Int: HyperslabAxis {
    public func indices(ofAxis axis: Range<Int>) -> Range<Int> { self..<self + 1 }
}
extension Range<Int>: HyperslabAxis {
    public func indices(ofAxis axis: Range<Int>) -> Range<Int> { self }
}
extension ClosedRange<Int>: HyperslabAxis {
    public func indices(ofAxis axis: Range<Int>) -> Range<Int> { lowerBound..<upperBound + 1 }
}
extension PartialRangeFrom<Int>: HyperslabAxis {
    /// Where it begins behind the end of the axis, an index that no transfer takes.
    public func indices(ofAxis axis: Range<Int>) -> Range<Int> {
        lowerBound..<(lowerBound > axis.upperBound ? lowerBound + 1 : axis.upperBound)
    }
}
extension PartialRangeUpTo<Int>: HyperslabAxis {
    public func indices(ofAxis axis: Range<Int>) -> Range<Int> { Swift.min(0, upperBound)..<upperBound }
}
extension PartialRangeThrough<Int>: HyperslabAxis {
    public func indices(ofAxis axis: Range<Int>) -> Range<Int> { (..<(upperBound + 1)).indices(ofAxis: axis) }
}

extension HDF5Dataset {
    /// A part of the dataset: along each axis an index, or a range of indices, which may be open at an end.
    ///
    /// `0...` stands for a whole axis: `field.region(5, 0..., 3..<7)` is what numpy writes `field[5, :, 3:7]`.
    public func region(_ axes: any HyperslabAxis...) -> Hyperslab {
        Hyperslab(
            axes.enumerated().map { axis, indices in
                indices.indices(ofAxis: 0..<(axis < shape.count ? shape[axis] : 0))
            })
    }
}

extension Hyperslab {
    /// The shape of `count` elements in memory that a transfer of this part moves.
    ///
    /// It is that of the part, where they fit: for chunked datasets HDF5 pairs elements one by one if the shapes in
    /// memory and in the file differ, which takes ten times as long as writing them.
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
