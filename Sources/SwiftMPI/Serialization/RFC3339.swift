/// The reference date of Foundation's dates, 2001-01-01T00:00:00Z, in seconds since 1970.
let referenceDate = 978_307_200

/// Returns the seconds since 2001 of a date such as `2013-03-21T20:04:00.5+01:00` (RFC 3339 §5.6), or nil if the text
/// is not a date.
///
/// A leap second (`:60`) is the first second of the next minute, as in POSIX. Up to six digits after the decimal point
/// are taken as microseconds from a program that counts from 1970, and are rounded to the nearest `Double` of seconds
/// since 1970. More digits come from a `Date`, which is restored exactly.
func secondsSince2001(rfc3339 text: UnsafeRawBufferPointer) -> Double? {
    var scanner = DigitScanner(text: text[...])
    guard let year = scanner.number(4), scanner.skip("-"), let month = scanner.number(2, in: 1...12),
        scanner.skip("-"), let day = scanner.number(2, in: 1...daysInMonth(month, of: year)),
        scanner.skip("T") || scanner.skip("t") || scanner.skip(" "),
        let hour = scanner.number(2, in: 0...23), scanner.skip(":"),
        let minute = scanner.number(2, in: 0...59), scanner.skip(":"),
        let second = scanner.number(2, in: 0...60)
    else { return nil }
    var fraction = Slice(base: text, bounds: 0..<0)
    if scanner.skip(".") {
        fraction = scanner.digits()
        if fraction.isEmpty { return nil }
    }
    guard let offset = scanner.offset(), scanner.text.isEmpty else { return nil }
    let seconds = ((daysSince1970(year, month, day) * 24 + hour) * 60 + minute - offset) * 60 + second
    if fraction.count <= 6 {
        let (numerator, denominator) = fraction.reduce((0.0, 1.0)) { ($0.0 * 10 + Double($1 & 0xf), $0.1 * 10) }
        return Double(seconds) + numerator / denominator - Double(referenceDate)
    }
    // From the last digit to the first: each digit shifts the digits after it by one place.
    let bits = fraction.reversed().reduce(UInt64(0)) { UInt64(10).dividingFullWidth((UInt64($1 & 0xf), $0)).quotient }
    let whole = seconds - referenceDate
    // For a date before 2001, the bits of the magnitude are exact, not the bits counted from the preceding second.
    if whole < 0, bits != 0 { return -(Double(-whole - 1) + Double(0 &- bits) * 0x1p-64) }
    return Double(whole) + Double(bits) * 0x1p-64
}

/// Returns the text of a date in the years 1 to 9999, with all its digits and at least seven of them; nil for other
/// dates and for a date with bits below 2⁻⁶⁴ seconds.
func rfc3339(secondsSince2001 seconds: Double) -> [UInt8]? {
    guard -63_113_904_000 <= seconds, seconds < 252_423_993_600 else { return nil }
    var whole = Int(seconds.rounded(.towardZero))
    guard var bits = UInt64(exactly: (seconds - Double(whole)).magnitude * 0x1p64) else { return nil }
    if seconds < 0, bits != 0 { (whole, bits) = (whole - 1, 0 &- bits) }
    let (days, second) = (whole + referenceDate).flooredQuotient(by: 86_400)
    let (year, month, day) = civilDate(daysSince1970: days)
    var text: [UInt8] = []
    text.reserveCapacity(86)
    func append(_ number: Int, digits: Int, then separator: Unicode.Scalar) {
        var divisor = 1
        for _ in 1..<digits { divisor *= 10 }
        while divisor > 0 {
            text.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
        text.append(UInt8(ascii: separator))
    }
    append(year, digits: 4, then: "-")
    append(month, digits: 2, then: "-")
    append(day, digits: 2, then: "T")
    append(second / 3600, digits: 2, then: ":")
    append(second / 60 % 60, digits: 2, then: ":")
    append(second % 60, digits: 2, then: ".")
    var digits = 0
    while bits != 0 || digits < 7 {
        let (digit, rest) = bits.multipliedFullWidth(by: 10)
        text.append(UInt8(ascii: "0") + UInt8(digit))
        bits = rest
        digits += 1
    }
    text.append(UInt8(ascii: "Z"))
    return text
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

    /// Reads all digits that come next.
    mutating func digits() -> Slice<UnsafeRawBufferPointer> {
        let start = text
        while digit() != nil {}
        return start[..<text.startIndex]
    }

    /// Reads `Z`, or hours and minutes from UTC, as minutes.
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

/// Returns the number of days since 1970 in the Gregorian calendar. Counts years from March, so that the leap day is
/// the last day of its year.
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

/// Returns the date of a day, the inverse of `daysSince1970`; civil_from_days.
private func civilDate(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
    let (era, dayOfEra) = (days + 719_468).flooredQuotient(by: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * month + 2) / 5 + 1
    let year = yearOfEra + era * 400
    return month < 10 ? (year, month + 3, day) : (year + 1, month - 9, day)
}

extension Int {
    /// Returns the quotient, rounded down, and the remainder, which is not negative.
    fileprivate func flooredQuotient(by divisor: Int) -> (quotient: Int, remainder: Int) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
