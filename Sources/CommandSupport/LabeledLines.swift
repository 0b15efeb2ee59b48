/// Lines of what a program prints in the end: a label each, in a column as wide as in the other programs, and a text.
public func labeledLines(_ rows: [(label: String, text: String)]) -> [String] {
    rows.map { label, text in label + String(repeating: " ", count: max(0, 12 - label.count)) + text }
}
