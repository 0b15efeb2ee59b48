/// A rectangular part of a dataset or buffer, given by its start, count and step along each axis.
public struct Hyperslab: Sendable, Hashable, CustomStringConvertible {
    /// The first index along each axis.
    public var start: [Int]
    /// The number of elements along each axis; the selection is empty if any count is 0.
    public var count: [Int]
    /// The distance from one element to the next along each axis, at least 1.
    public var step: [Int]
    /// Distinguishes an empty selection from the single element of a scalar; neither has any counts.
    private var selectsNothing = false

    /// - Parameters:
    ///   - start: The first index along each axis.
    ///   - count: The number of elements along each axis.
    ///   - step: The distance from one element to the next along each axis; by default 1.
    /// - Precondition: `start`, `count` and `step` have the same number of axes.
    public init(start: [Int], count: [Int], step: [Int]? = nil) {
        if start.count != count.count || step.map({ $0.count != start.count }) ?? false {
            fatalError("the start \(start), count \(count) and step \(step ?? []) of a part have other numbers of axes")
        }
        self.start = start
        self.count = count
        self.step = step ?? start.map { _ in 1 }
    }

    /// Creates a selection from an index or a range of indices for each axis, such as `Hyperslab(5, 3..<7)`.
    ///
    /// For ranges that end with the axis, use ``HDF5Dataset/region(_:)``.
    public init(_ axes: any HyperslabAxis...) {
        self.init(axes.map { $0.indices(ofAxis: 0..<Int.max) })
    }

    init(_ ranges: [Range<Int>]) {
        self.init(start: ranges.map(\.lowerBound), count: ranges.map(\.count))
    }

    /// Creates a selection of all elements of an array of this shape; for a scalar, whose shape is `[]`, its single
    /// element.
    public init(all shape: [Int]) {
        self.init(start: shape.map { _ in 0 }, count: shape)
    }

    /// Returns an empty selection, with which a rank without data takes part in a collective transfer.
    public static func none(axes: Int) -> Hyperslab {
        var none = Hyperslab(start: Array(repeating: 0, count: axes), count: Array(repeating: 0, count: axes))
        none.selectsNothing = true
        return none
    }

    /// Whether no element is selected.
    public var isEmpty: Bool { selectsNothing || count.contains(0) }

    /// The number of elements selected.
    public var elementCount: Int { isEmpty ? 0 : count.reduce(1, *) }

    /// The selection as text, for example `[0..<1, 10..<20]` or `[0..<100 by 4]`.
    public var description: String {
        let axes = start.indices.map { axis in
            "\(start[axis])..<\(start[axis] &+ count[axis] &* step[axis])"
                + (step[axis] == 1 ? "" : " by \(step[axis])")
        }
        return "[" + axes.joined(separator: ", ") + "]"
    }
}

/// An index, or a range of indices that may be open at one end, along one axis of a selection.
public protocol HyperslabAxis {
    /// Returns the indices that are selected along an axis.
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
    /// Returns the indices up to the end of the axis. If the range starts after the end, the result is an index that
    /// every transfer rejects.
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
    /// Returns a part of the dataset: along each axis an index, or a range of indices that may be open at one end.
    ///
    /// `0...` stands for a whole axis: `field.region(5, 0..., 3..<7)` corresponds to `field[5, :, 3:7]` in numpy.
    public func region(_ axes: any HyperslabAxis...) -> Hyperslab {
        Hyperslab(
            axes.enumerated().map { axis, indices in
                indices.indices(ofAxis: 0..<(axis < shape.count ? shape[axis] : 0))
            })
    }
}

extension Hyperslab {
    /// Returns the shape to use for `count` elements in memory that correspond to this part.
    ///
    /// This is the shape of the part if the number of elements matches. If the shapes in memory and in the file differ,
    /// HDF5 pairs the elements of chunked datasets one by one, which takes ten times as long as writing them.
    func memoryShape(count elements: Int) -> [Int] {
        let fits = !isEmpty && count.allSatisfy { $0 > 0 } && count.byteCount(elementSize: 1) == elements
        return fits && !count.isEmpty ? count : [elements]
    }

    /// Throws if the selection is not inside an array of `shape`. An empty selection only needs the right number of
    /// axes.
    func validate(
        inside shape: [Int], calling whole: String, _ attempt: @autoclosure () -> String
    ) throws(HDF5Error) {
        guard start.count == shape.count else {
            throw HDF5Error(
                attempt(), refusedBecause: "the selection \(self) has \(start.count) axes, \(whole) has \(shape.count)")
        }
        if isEmpty, count.allSatisfy({ $0 >= 0 }) { return }  // regardless of its start
        for axis in shape.indices
        where start[axis] < 0 || count[axis] < 0 || step[axis] < 1 || start[axis] >= shape[axis]
            || count[axis] - 1 > (shape[axis] - start[axis] - 1) / step[axis]
        {
            throw HDF5Error(
                attempt(), refusedBecause: "the selection \(self) is not inside \(whole), whose shape is \(shape)")
        }
    }
}
