/// How the elements of two datasets of the same shape and type differ. Elements are numbered in row-major order.
struct ElementDifferences {
    /// A largest difference and where it is.
    struct Largest {
        var magnitude: Double
        /// The magnitude in digits: exact also for 64-bit integers.
        var text: String
        var element: Int
    }

    /// The elements looked at.
    var count = 0
    /// Elements of which any bit differs.
    var differing = 0
    /// Elements that differ by more than the tolerance, if there is one.
    var beyondTolerance = 0
    /// Zeros that differ in sign only, and NaNs on both sides whose bits differ.
    var differingOnlyInBits = 0
    /// Elements that are NaN on one side only; they have no difference.
    var nanOnOneSide = 0
    var firstDiffering: Int?
    /// The first element to report and its values: beyond the tolerance, or differing at all where there is none.
    var first: (element: Int, a: String, b: String)?
    /// How many elements differ in each frame, a place along the first axis, where any does.
    var frames: [Int: Int] = [:]
    private let frameSize: Int
    var largestAbsolute: Largest?
    var largestRelative: Largest?

    /// - Parameter shape: Of the datasets.
    init(shape: [Int]) { frameSize = max(1, shape.dropFirst().reduce(1, *)) }

    func verdict(_ tolerance: Double?) -> Verdict {
        if differing == 0 { return .identical }
        return tolerance != nil && beyondTolerance == 0 ? .withinTolerance : .different
    }

    /// Counts an element whose bits differ.
    mutating func note(
        _ element: Int, _ a: @autoclosure () -> String, _ b: @autoclosure () -> String, isBeyondTolerance: Bool
    ) {
        differing += 1
        if firstDiffering == nil { firstDiffering = element }
        frames[element / frameSize, default: 0] += 1
        if isBeyondTolerance {
            beyondTolerance += 1
            if first == nil { first = (element, a(), b()) }
        }
    }

    mutating func noteAbsolute(_ magnitude: Double, _ text: @autoclosure () -> String, _ element: Int) {
        if magnitude > largestAbsolute?.magnitude ?? -1 {
            largestAbsolute = Largest(magnitude: magnitude, text: text(), element: element)
        }
    }

    mutating func noteRelative(_ magnitude: Double, _ element: Int) {
        if magnitude > largestRelative?.magnitude ?? -1 {
            largestRelative = Largest(magnitude: magnitude, text: "\(magnitude)", element: element)
        }
    }
}
