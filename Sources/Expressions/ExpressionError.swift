/// An error in the text of an expression, with its position.
public struct ExpressionError: Error, Hashable, CustomStringConvertible {
    /// The column in characters, counted from 1.
    public let column: Int
    public let message: String

    /// The column and the message: `column 7: …`
    public var description: String { "column \(column): \(message)" }
}
