/// Formats a number with three digits and a metric prefix: `6.21 G`.
public func engineering(_ value: Double) -> String {
    var scaled = value
    var prefix = ""
    for next in ["k", "M", "G", "T", "P"] where scaled >= 1000 {
        scaled /= 1000
        prefix = next
    }
    let decimals = scaled < 10 ? 2 : scaled < 100 ? 1 : 0
    return "\(fixed(scaled, decimals)) \(prefix)"
}

/// Formats a number with a given number of decimals.
public func fixed(_ value: Double, _ decimals: Int) -> String {
    var scale = 1
    for _ in 0..<decimals { scale *= 10 }
    guard abs(value) * Double(scale) < 1e15 else { return "\(value)" }
    let units = Int((abs(value) * Double(scale)).rounded())
    let sign = value < 0 ? "-" : ""
    if decimals == 0 { return "\(sign)\(units)" }
    let fraction = String(units % scale)
    return "\(sign)\(units / scale).\(String(repeating: "0", count: decimals - fraction.count))\(fraction)"
}

/// Formats a count and its noun: `1 rank`, `2 ranks`.
public func counted(_ count: Int, _ thing: String) -> String { "\(count) \(thing)\(count == 1 ? "" : "s")" }

/// Formats rows with aligned columns. The last column is not padded.
public func aligned(_ rows: [[String]]) -> [String] {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
        rows.map { $0.count > column + 1 ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
        row.enumerated().map { column, text in
            column == row.count - 1 ? text : text + String(repeating: " ", count: widths[column] - text.count)
        }.joined(separator: "  ")
    }
}

/// Formats a number as 16 hexadecimal digits.
public func hexadecimal(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}
