/// What is wrong with the text of an expression, and where.
public struct ExpressionError: Error, Hashable, CustomStringConvertible {
    /// Counted from 1, in characters.
    public let column: Int
    public let message: String

    /// `column 7: …`
    public var description: String { "column \(column): \(message)" }
}
