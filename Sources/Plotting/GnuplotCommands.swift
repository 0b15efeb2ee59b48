/// Commands for gnuplot, in which text from files and arguments cannot act as commands.
///
/// Interpolated text always becomes a quoted string. Only literals, numbers and other commands are inserted as
/// commands:
///
///     let commands: GnuplotCommands = "set title \(title)"
package struct GnuplotCommands: ExpressibleByStringInterpolation, Sendable {
    let text: String

    package init(stringLiteral text: String) { self.text = text }

    package init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

    /// Creates a comma-separated list.
    package init(list parts: [GnuplotCommands]) { text = parts.map(\.text).joined(separator: ", ") }

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        package init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(2 * literalCapacity) }

        package mutating func appendLiteral(_ literal: String) { text += literal }

        /// Appends text that is shown literally: a title or a label.
        package mutating func appendInterpolation(_ label: String) { text += label.quotedForGnuplot + " noenhanced" }

        /// Appends text that is not a label: a file name or the text of a tick mark.
        package mutating func appendInterpolation(value: String) { text += value.quotedForGnuplot }

        package mutating func appendInterpolation(_ number: Int) { text += "\(number)" }

        package mutating func appendInterpolation(_ number: Double) { text += "\(number)" }

        package mutating func appendInterpolation(commands: GnuplotCommands) { text += commands.text }
    }
}

extension String {
    /// The text in gnuplot's double quotes, with every byte except letters and spaces as an octal number, so that no
    /// quote, line end, macro or command in backquotes remains. (Digits are escaped because they would be read as part
    /// of the number before them. In single quotes, gnuplot 5.4 misreads two quotes in a row.)
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
