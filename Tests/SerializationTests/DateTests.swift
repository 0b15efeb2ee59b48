import FoundationEssentials
import Testing

/// Dates arrive bit by bit.
@Suite struct Dates {
    private func expectExact(_ date: Date, _ location: SourceLocation = #_sourceLocation) throws {
        let copy = try decode(Date.self, encode(date))
        #expect(
            copy.timeIntervalSinceReferenceDate == date.timeIntervalSinceReferenceDate,
            "\(date.timeIntervalSinceReferenceDate)", sourceLocation: location)
    }

    @Test func randomDates() throws {
        var random = SplitMix64(state: 3)
        for magnitude in [1e-9, 1e-3, 1, 1e3, 1e6, 1e9, 1e10, 3e11, 1e15, 1e300] {
            for _ in 0..<2000 {
                let seconds = Double.random(in: -magnitude...magnitude, using: &random)
                try expectExact(Date(timeIntervalSinceReferenceDate: seconds))
                try expectExact(Date(timeIntervalSince1970: seconds))
            }
        }
        // Of this decade, the next and the last one.
        for _ in 0..<5000 {
            try expectExact(Date(timeIntervalSinceReferenceDate: Double.random(in: 4e8...1e9, using: &random)))
        }
    }

    @Test func specialDates() throws {
        for seconds in [
            0, -0, 0.1, -0.1, 0.3, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .ulpOfOne, 1 - .ulpOfOne,
            978_307_200, -978_307_200, (536_870_912 as Double).nextDown, (1_073_741_824 as Double).nextDown,
            // The years 0, 1, 9999 and 10000.
            -63_113_904_000, (-63_113_904_000 as Double).nextDown, (-63_113_904_000 as Double).nextUp,
            252_423_993_600, (252_423_993_600 as Double).nextDown, 274_877_906_943.9, .greatestFiniteMagnitude,
            -.greatestFiniteMagnitude, .infinity, -.infinity,
        ] {
            try expectExact(Date(timeIntervalSinceReferenceDate: seconds))
        }
        try expectExact(.distantPast)
        try expectExact(.distantFuture)
        let none = Date(timeIntervalSinceReferenceDate: .nan)
        #expect(try decode(Date.self, encode(none)).timeIntervalSinceReferenceDate.isNaN)
        try expectExact(.now)
    }

    @Test func neighborsAreDifferentKeys() throws {
        var dates: [Date: Int] = [:]
        var seconds = 721_692_800.1
        for index in 0..<100 {
            dates[Date(timeIntervalSinceReferenceDate: seconds)] = index
            seconds = seconds.nextUp
        }
        #expect(dates.count == 100)
        #expect(try decode([Date: Int].self, encode(dates)) == dates)
    }

    @Test func theTextOfADate() throws {
        // Three tenths, as a Double has them.
        let bytes = try encode(Date(timeIntervalSinceReferenceDate: 0.3))
        let text = "2001-01-01T00:00:00.299999999999999988897769753748434595763683319091796875Z"
        #expect(Array(bytes.prefix(3)) == [0xc0, 0x78, UInt8(text.utf8.count)])
        #expect(String(decoding: bytes.dropFirst(3), as: UTF8.self) == text)
        let before = try encode(Date(timeIntervalSinceReferenceDate: -0x1p-30))
        #expect(
            String(decoding: before.dropFirst(3), as: UTF8.self)
                == "2000-12-31T23:59:59.999999999068677425384521484375Z")
    }

    /// What a program that counts from 1970 means by microseconds is the nearest of its numbers.
    @Test func microseconds() throws {
        for microseconds in [1, 100_000, 123_456, 999_999] {
            let digits = String(1_000_000 + microseconds).dropFirst()
            let bytes = [0xc0] + (try encode("2023-11-14T22:13:20.\(digits)Z"))
            #expect(
                try decode(Date.self, bytes)
                    == Date(timeIntervalSince1970: 1_700_000_000 + Double(microseconds) / 1_000_000))
        }
    }

    @Test func manyDigits() throws {
        for (digits, seconds) in [
            ("5000000", 0.5), (String(repeating: "9", count: 5000), 1),
            ("25" + String(repeating: "0", count: 5000), 0.25),
        ] {
            let bytes = [0xc0] + (try encode("2001-01-01T00:00:07.\(digits)Z"))
            #expect(try decode(Date.self, bytes) == Date(timeIntervalSinceReferenceDate: 7 + seconds))
        }
    }
}
