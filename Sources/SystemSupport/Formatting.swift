private import Glibc

/// Formats a number with three digits and a metric prefix: `6.21 G`. Numbers below 0.005 are `0.00`.
public func engineering(_ value: Double) -> String {
    guard value.isFinite else { return "\(value) " }
    var scaled = value
    var prefix = ""
    // A number that rounds to 1000 gets the next prefix.
    for next in ["k", "M", "G", "T", "P", "E", "Z", "Y", "R", "Q"] where abs(scaled).rounded() >= 1000 {
        scaled /= 1000
        prefix = next
    }
    let decimals = [2, 1].first { fixed(abs(scaled), $0).count == 4 } ?? 0
    return "\(fixed(scaled, decimals)) \(prefix)"
}

/// Formats a number with a given number of decimals, up to 15. Numbers from 2⁶³ on, which have no decimals in a
/// `Double`, are formatted with an exponent.
public func fixed(_ value: Double, _ decimals: Int) -> String {
    var scale = 1
    for _ in 0..<decimals { scale *= 10 }
    let magnitude = abs(value)
    guard magnitude < 0x1p63 else { return "\(value)" }
    // The integer part of a large number is split off, so that only its decimals, which are exact, are rounded.
    let whole = magnitude * Double(scale) < 1e15 ? 0 : magnitude.rounded(.down)
    let units = Int(((magnitude - whole) * Double(scale)).rounded())
    let integer = Int(whole) + units / scale
    let sign = value < 0 && (integer > 0 || units > 0) ? "-" : ""
    if decimals == 0 { return "\(sign)\(integer)" }
    let fraction = String(units % scale)
    return "\(sign)\(integer).\(String(repeating: "0", count: decimals - fraction.count))\(fraction)"
}

/// Formats a number with a given number of significant digits, for people. Exact numbers belong in files.
public func rounded(_ value: Double, to digits: Int) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: digits + 16) { text in
        _ = withVaList([CInt(digits), value]) { vsnprintf(text.baseAddress, text.count, "%.*g", $0) }
        return String(cString: text.baseAddress!)
    }
}

/// Returns the number of decimals that are meaningful for a number with a given error: two digits of the error are
/// shown.
public func decimals(forError error: Double) -> Int {
    let decimals = 1 - log10(abs(error)).rounded(.down)
    return decimals.isFinite ? Int(min(max(decimals, 0), 15)) : 6
}

/// Formats a number with the digits that are meaningful for a given error: up to the second digit of the error, but
/// at least six digits.
public func rounded(_ value: Double, error: Double) -> String {
    let digits = (log10(abs(value)) - log10(abs(error))).rounded(.up) + 2
    return rounded(value, to: digits.isFinite ? Int(min(max(digits, 6), 17)) : 15)
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
