import Diffusion

extension DiffusionParameters {
    /// Takes over what a parameter file sets.
    ///
    /// The file has one `name = value;` a line; `#` begins a comment. Python reads it as well. Names: `D`, `x1`, `x2`,
    /// `runtime`, `dx`, `outtime` (numbers), `graphics` (`True` or `False`).
    ///
    /// - Throws: ``ParameterError`` with the line for anything else.
    mutating func apply(file text: String) throws(ParameterError) {
        // A line may end as on Windows: "\r\n" is one character, and not equal to "\n".
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        for (index, line) in lines.enumerated() {
            var statement = line.prefix { $0 != "#" }.trimmingBlanks()
            while statement.last == ";" { statement = statement.dropLast().trimmingBlanks() }
            if statement.isEmpty { continue }
            do {
                try apply(statement: statement)
            } catch {
                throw ParameterError("line \(index + 1): \(error)")
            }
        }
    }

    private mutating func apply(statement: Substring) throws(ParameterError) {
        let sides = statement.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard sides.count == 2 else { throw ParameterError("'\(statement)' is not of the form name = value;") }
        let name = String(sides[0].trimmingBlanks())
        let value = String(sides[1].trimmingBlanks())
        if name == "graphics" {
            guard let flag = ["True": true, "False": false][value] else {
                throw ParameterError("graphics is '\(value)', it must be True or False")
            }
            graphics = flag
        } else if let parameter = Self.numbers[name] {
            guard let number = Double(value) else { throw ParameterError("\(name) is '\(value)', it must be a number") }
            self[keyPath: parameter] = number
        } else {
            let known = (Self.numbers.keys.sorted() + ["graphics"]).joined(separator: ", ")
            throw ParameterError("'\(name)' is not a parameter; known are \(known)")
        }
    }

    private static var numbers: [String: WritableKeyPath<DiffusionParameters, Double>] {
        ["D": \.diffusion, "x1": \.x1, "x2": \.x2, "runtime": \.runtime, "dx": \.dx, "outtime": \.outtime]
    }
}

extension Substring {
    /// Without the white space at both ends.
    fileprivate func trimmingBlanks() -> Substring {
        let text = drop { $0.isWhitespace }
        guard let last = text.lastIndex(where: { !$0.isWhitespace }) else { return text }
        return text[...last]
    }
}
