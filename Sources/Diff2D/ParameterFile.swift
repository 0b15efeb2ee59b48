import Diffusion

/// The parameters of a run: those of the problem, and whether to draw the result.
struct RunParameters: Hashable {
    var problem = DiffusionParameters()
    var graphics = false
}

extension RunParameters {
    /// Sets the parameters that a parameter file contains.
    ///
    /// Each line contains one `name = value;`, and `#` starts a comment. An accepted file means the same to Python;
    /// anything that Python rejects or reads differently is an error. The names are those of
    /// ``DiffusionParameter/all``, whose values are finite decimal numbers, and `graphics`, whose value is `True` or
    /// `False`. If a name is set twice, the last value counts, as in Python.
    ///
    /// A line ends with a line feed, or with a carriage return and a line feed. Only spaces and tabs are blanks.
    ///
    /// - Throws: ``ParameterError`` with the number of the first line that is not valid.
    mutating func apply(file text: String) throws(ParameterError) {
        // Compares Unicode scalars, because "\r\n" is one character, and U+037E equals ";" as a character.
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let isEnded = index < lines.count - 1
            do {
                try apply(line: isEnded && line.last == "\r" ? line.dropLast() : line)
            } catch {
                throw ParameterError("line \(index + 1): \(error)")
            }
        }
    }

    private mutating func apply(line: Substring.UnicodeScalarView) throws(ParameterError) {
        // In Python, a carriage return ends the line, including a comment.
        if line.contains("\r") {
            throw ParameterError("'\(Substring(line))' has a carriage return that does not end the line")
        }
        if line.contains("\0") { throw ParameterError("'\(Substring(line))' has a zero byte") }
        let code = line.prefix { $0 != "#" }
        let statement = code.trimmingBlanks()
        if statement.isEmpty { return }
        guard code.startIndex == statement.startIndex else {
            throw ParameterError("'\(Substring(statement))' is indented, which Python refuses")
        }
        try apply(statement: statement.last == ";" ? statement.dropLast() : statement)
    }

    private mutating func apply(statement: Substring.UnicodeScalarView) throws(ParameterError) {
        let sides = statement.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard sides.count == 2 else {
            throw ParameterError("'\(Substring(statement))' is not of the form name = value;")
        }
        let name = String(sides[0].trimmingBlanks())
        let value = String(sides[1].trimmingBlanks())
        if name == "graphics" {
            guard let flag = ["True": true, "False": false][value] else {
                throw ParameterError("graphics is '\(value)', it must be True or False")
            }
            graphics = flag
        } else if let parameter = DiffusionParameter.all.first(where: { $0.name == name }) {
            guard let number = Self.number(value) else {
                throw ParameterError("\(name) is '\(value)', it must be a finite decimal number")
            }
            problem[keyPath: parameter.path] = number
        } else {
            let known = (DiffusionParameter.all.map(\.name).sorted() + ["graphics"]).joined(separator: ", ")
            throw ParameterError("'\(name)' is not a parameter; known are \(known)")
        }
    }

    /// Returns the value of a decimal literal as defined in The Python Language Reference, 2.4.5 and 2.4.6, without
    /// underscores; `nil` if the text is not such a literal or the value is not finite.
    private static func number(_ text: String) -> Double? {
        // A nonzero integer must not start with 0.
        let literal = /[-+]?(0+|[1-9][0-9]*|([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?|[0-9]+[eE][-+]?[0-9]+)/
        guard text.wholeMatch(of: literal) != nil, let number = Double(text), number.isFinite else { return nil }
        return number
    }
}

extension Substring.UnicodeScalarView {
    /// Returns the text without spaces and tabs at both ends.
    fileprivate func trimmingBlanks() -> Self {
        let rest = drop { $0 == " " || $0 == "\t" }
        return rest.lastIndex { $0 != " " && $0 != "\t" }.map { rest[...$0] } ?? rest
    }
}
