import Diffusion

/// The parameters of a run: those of its problem, and whether to draw the result.
struct RunParameters: Hashable {
    var problem = DiffusionParameters()
    var graphics = false
}

extension RunParameters {
    /// Takes over the values that a parameter file sets.
    ///
    /// The file has one `name = value;` a line; `#` begins a comment. Every file that is accepted means the same to
    /// Python: what Python refuses or reads differently is refused. Names: those of ``DiffusionParameter/all``, with
    /// finite decimal numbers, and `graphics`, with `True` or `False`. If a name is set twice, the last value counts,
    /// as in Python.
    ///
    /// A line ends with a line feed or with carriage return and line feed. Only spaces and tabs are blanks.
    ///
    /// - Throws: ``ParameterError`` with the line for anything else.
    mutating func apply(file text: String) throws(ParameterError) {
        // By Unicode scalars: "\r\n" is one character, and U+037E equals ";" as a character.
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
        // To Python it ends the line, and a comment with it.
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

    /// The value of a decimal literal: The Python Language Reference, 2.4.5 and 2.4.6, without underscores.
    private static func number(_ text: String) -> Double? {
        // An integer other than 0 does not begin with 0.
        let literal = /[-+]?(0+|[1-9][0-9]*|([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?|[0-9]+[eE][-+]?[0-9]+)/
        guard text.wholeMatch(of: literal) != nil, let number = Double(text), number.isFinite else { return nil }
        return number
    }
}

extension Substring.UnicodeScalarView {
    /// Without the spaces and tabs at both ends.
    fileprivate func trimmingBlanks() -> Self {
        let rest = drop { $0 == " " || $0 == "\t" }
        return rest.lastIndex { $0 != " " && $0 != "\t" }.map { rest[...$0] } ?? rest
    }
}
