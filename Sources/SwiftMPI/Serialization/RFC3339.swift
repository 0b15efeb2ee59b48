/// The seconds since 1970 of a date such as `2013-03-21T20:04:00.5+01:00` (RFC 3339 §5.6); nil if it is none.
///
/// A leap second (`:60`) is the first of the next minute, as it is to POSIX.
func secondsSince1970(rfc3339 text: UnsafeRawBufferPointer) -> Double? {
    var scanner = DigitScanner(text: text[...])
    guard let year = scanner.number(4), scanner.skip("-"), let month = scanner.number(2, in: 1...12),
        scanner.skip("-"), let day = scanner.number(2, in: 1...daysInMonth(month, of: year)),
        scanner.skip("T") || scanner.skip("t") || scanner.skip(" "),
        let hour = scanner.number(2, in: 0...23), scanner.skip(":"),
        let minute = scanner.number(2, in: 0...59), scanner.skip(":"),
        let second = scanner.number(2, in: 0...60)
    else { return nil }
    var fraction = 0.0
    if scanner.skip(".") {
        guard let digits = scanner.fraction() else { return nil }
        fraction = digits
    }
    guard let offset = scanner.offset(), scanner.text.isEmpty else { return nil }
    let seconds = ((daysSince1970(year, month, day) * 24 + hour) * 60 + minute - offset) * 60 + second
    return Double(seconds) + fraction
}

private struct DigitScanner {
    var text: Slice<UnsafeRawBufferPointer>

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard text.first == UInt8(ascii: character) else { return false }
        text.removeFirst()
        return true
    }

    mutating func digit() -> Int? {
        guard let byte = text.first, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else { return nil }
        text.removeFirst()
        return Int(byte - UInt8(ascii: "0"))
    }

    mutating func number(_ digits: Int, in range: ClosedRange<Int> = 0...9999) -> Int? {
        var number = 0
        for _ in 0..<digits {
            guard let digit = digit() else { return nil }
            number = number * 10 + digit
        }
        return range ~= number ? number : nil
    }

    /// One or more digits after the decimal point.
    mutating func fraction() -> Double? {
        guard var numerator = digit().map(Double.init) else { return nil }
        var denominator = 10.0
        while let digit = digit() {
            // More digits than a Double holds add nothing to it.
            guard denominator < 1e15 else { continue }
            numerator = numerator * 10 + Double(digit)
            denominator *= 10
        }
        return numerator / denominator
    }

    /// `Z` or hours and minutes from UTC, in minutes.
    mutating func offset() -> Int? {
        if skip("Z") || skip("z") { return 0 }
        let sign = skip("-") ? -1 : 1
        guard sign == -1 || skip("+"), let hours = number(2, in: 0...23), skip(":"),
            let minutes = number(2, in: 0...59)
        else { return nil }
        return sign * (hours * 60 + minutes)
    }
}

private func daysInMonth(_ month: Int, of year: Int) -> Int {
    let isLeapYear = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
    return [31, isLeapYear ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
}

/// Days in the Gregorian calendar, by counting years from March so that the leap day is the last of its year.
///
/// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
private func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
}
