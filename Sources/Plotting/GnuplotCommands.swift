/// Commands for gnuplot in which text from files and arguments stays text.
///
/// Interpolated text always becomes a quoted string; only literals, numbers and other commands become commands:
///
///     let commands: GnuplotCommands = "set title \(title)"
package struct GnuplotCommands: ExpressibleByStringInterpolation, Sendable {
    let text: String

    package init(stringLiteral text: String) { self.text = text }

    package init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

    /// The parts of a list, separated by commas.
    package init(list parts: [GnuplotCommands]) { text = parts.map(\.text).joined(separator: ", ") }

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        package init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(2 * literalCapacity) }

        package mutating func appendLiteral(_ literal: String) { text += literal }

        /// Text that is shown to the letter: a title or label.
        package mutating func appendInterpolation(_ label: String) { text += label.quotedForGnuplot + " noenhanced" }

        /// Text that is no label: a file name or a tick mark's text.
        package mutating func appendInterpolation(value: String) { text += value.quotedForGnuplot }

        package mutating func appendInterpolation(_ number: Int) { text += "\(number)" }

        package mutating func appendInterpolation(_ number: Double) { text += "\(number)" }

        package mutating func appendInterpolation(commands: GnuplotCommands) { text += commands.text }
    }
}

extension String {
    /// In gnuplot's double quotes, each byte but letters and spaces as an octal number: no quote, line end, macro or
    /// command in backquotes is left to be found. (Digits would be read as part of the number before them. In single
    /// quotes gnuplot 5.4 misreads two quotes in a row.)
    fileprivate var quotedForGnuplot: String {
        var quoted = "\""
        for scalar in unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: quoted += " "
            default:
                for byte in String(scalar).utf8 {
                    let character = Character(UnicodeScalar(byte))
                    if character.isASCII && (character.isLetter || character == " ") {
                        quoted.append(character)
                    } else {
                        let digits = String(byte, radix: 8)
                        quoted += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
                    }
                }
            }
        }
        return quoted + "\""
    }
}
