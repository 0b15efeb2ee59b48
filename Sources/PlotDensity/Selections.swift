import SystemSupport

/// The states to draw: all, or a list such as `0,5..10,-1`.
enum FrameSelection {
    case all
    /// The first and last state of each part; negative numbers count from the end.
    case list([ClosedPart])

    struct ClosedPart {
        var first: Int
        var last: Int
    }

    init?(_ text: String) {
        if text == "all" {
            self = .all
            return
        }
        var parts: [ClosedPart] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "..", omittingEmptySubsequences: false).map { Int($0) }
            guard (1...2).contains(ends.count), let first = ends.first!, let last = ends.last! else { return nil }
            parts.append(ClosedPart(first: first, last: last))
        }
        self = .list(parts)
    }

    /// Returns the numbers of the states, each once and in ascending order.
    ///
    /// - Throws: ``UserError`` of status 64 if a state does not exist.
    func states(of count: Int) throws(UserError) -> [Int] {
        guard case .list(let parts) = self else { return Array(0..<count) }
        var chosen: Set<Int> = []
        for part in parts {
            let (first, last) = try (state(part.first, of: count), state(part.last, of: count))
            guard first <= last else {
                throw UserError(
                    "states \(part.first)..\(part.last) are in the wrong order", exitStatus: ExitStatus.usage)
            }
            chosen.formUnion(first...last)
        }
        return chosen.sorted()
    }

    private func state(_ number: Int, of count: Int) throws(UserError) -> Int {
        guard (-count..<count).contains(number) else {
            throw UserError(
                "there is no state \(number): the file has \(count), from 0 to \(count - 1)",
                exitStatus: ExitStatus.usage)
        }
        return number < 0 ? number + count : number
    }
}

/// A line through the domain, such as `y=3.3` or `x=-1`.
struct LineSelection: Equatable {
    enum Axis: String {
        case x, y
    }

    /// The axis whose coordinate is constant along the line.
    var axis: Axis
    /// The value of that coordinate.
    var position: Double

    init(axis: Axis, position: Double) {
        self.axis = axis
        self.position = position
    }

    init?(_ text: String) {
        let sides = text.split(separator: "=", omittingEmptySubsequences: false)
        guard sides.count == 2, let axis = Axis(rawValue: String(sides[0])), let position = Double(sides[1]),
            position.isFinite
        else { return nil }
        self.init(axis: axis, position: position)
    }
}
