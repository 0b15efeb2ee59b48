/// A token of an expression.
enum Token: Hashable {
    case number(DoubleDouble)
    case name(String)
    /// An operator, a parenthesis or a comma.
    case symbol(String)
    case end

    /// The token as it is quoted in messages.
    var description: String {
        switch self {
        case .number: "a number"
        case .name(let text), .symbol(let text): "'\(text)'"
        case .end: "the end"
        }
    }
}

/// A lexer, which splits an expression into tokens.
struct Tokens {
    private let text: [Character]
    private var position = 0

    init(_ text: String) { self.text = Array(text) }

    /// Returns the next token and its column. At the end, every call returns ``Token/end``.
    mutating func next() throws(ExpressionError) -> (token: Token, column: Int) {
        while let character = current, character.isWhitespace { position += 1 }
        let start = position
        guard let first = current else { return (.end, start + 1) }
        let token: Token
        if first.isDigit || first == "." {
            token = try number()
        } else if first.isLetterOrUnderscore {
            let name = take { $0.isLetterOrUnderscore || $0.isDigit }
            var member = name
            while current == ".", position + 1 < text.count, text[position + 1].isLetterOrUnderscore {
                position += 1
                member = take { $0.isLetterOrUnderscore || $0.isDigit }
            }
            let path = String(text[start..<position])
            if path != name {
                let isKnown = ["pi", "e"].contains(member) || Operation.functions[member] != nil
                throw ExpressionError(
                    column: start + 1,
                    message: isKnown ? "'\(path)' is written '\(member)' here" : "'\(path)' is unknown")
            }
            token = .name(name)
        } else {
            let two = String(text[start..<min(start + 2, text.count)])
            let symbol = ["**", "<=", ">=", "==", "!="].contains(two) ? two : String(first)
            guard "+-*/%^(),<>&|".contains(symbol) || symbol.count == 2 else {
                throw ExpressionError(
                    column: start + 1,
                    message: "'\(first)' has no meaning here" + (Self.replacements[first].map { ": write \($0)" } ?? "")
                )
            }
            position += symbol.count
            token = .symbol(symbol)
        }
        return (token, start + 1)
    }

    /// The replacements to suggest for characters that look meaningful but are not.
    private static let replacements: [Character: String] = [
        "=": "==", "!": "!= or where(c, 0, 1)", "~": "where(c, 0, 1)", "[": "(", "]": ")", "{": "(", "}": ")",
        "−": "-", "–": "-", "×": "*", "·": "*", "÷": "/", "²": "**2", "³": "**3", "√": "sqrt", "π": "pi", "≤": "<=",
        "≥": ">=", "≠": "!=",
    ]

    private var current: Character? { position < text.count ? text[position] : nil }

    private mutating func take(_ belongs: (Character) -> Bool) -> String {
        let start = position
        while let character = current, belongs(character) { position += 1 }
        return String(text[start..<position])
    }

    /// Parses digits with at most one decimal point, and an exponent if digits follow the letter.
    private mutating func number() throws(ExpressionError) -> Token {
        let start = position
        var digits = take { $0.isDigit }
        if current == "." {
            position += 1
            digits += "." + take { $0.isDigit }
        }
        if current == "e" || current == "E" {
            let end = position
            position += 1
            var exponent = "e"
            if let sign = current, sign == "+" || sign == "-" {
                exponent.append(sign)
                position += 1
            }
            let power = take { $0.isDigit }
            if power.isEmpty { position = end } else { digits += exponent + power }
        }
        guard digits != ".", let value = DoubleDouble(decimal: digits) else {
            throw ExpressionError(column: start + 1, message: "'\(digits)' is not a number")
        }
        guard value.high.isFinite else {
            throw ExpressionError(column: start + 1, message: "\(digits) is larger than any double")
        }
        return .number(value)
    }
}

extension Character {
    fileprivate var isDigit: Bool { self >= "0" && self <= "9" && isASCII }
    fileprivate var isLetterOrUnderscore: Bool { isASCII && (isLetter || self == "_") }
}
