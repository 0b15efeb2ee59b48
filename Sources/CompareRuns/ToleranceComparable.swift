/// A number that can be compared with another of its type.
protocol ToleranceComparable: BitwiseCopyable, CustomStringConvertible {
    /// Returns the difference from another number; `nil` if the two are bit-identical.
    ///
    /// - Parameter tolerance: The tolerance for both numbers; `nil` if they must be bit-identical.
    func difference(from other: Self, _ tolerance: Tolerance?) -> ValueDifference?
}

extension Int8: ToleranceComparable {}
extension Int16: ToleranceComparable {}
extension Int32: ToleranceComparable {}
extension Int64: ToleranceComparable {}
extension UInt8: ToleranceComparable {}
extension UInt16: ToleranceComparable {}
extension UInt32: ToleranceComparable {}
extension UInt64: ToleranceComparable {}
extension Float16: ToleranceComparableFloat { typealias Wide = Double }
extension Float: ToleranceComparableFloat { typealias Wide = Double }
extension Double: ToleranceComparableFloat { typealias Wide = Double }

extension ToleranceComparable where Self: FixedWidthInteger {
    func difference(from other: Self, _ tolerance: Tolerance?) -> ValueDifference? {
        if self == other { return nil }
        // Exact: the distance between two 64-bit integers fits into an unsigned 64-bit integer.
        let (low, high) = self < other ? (self, other) : (other, self)
        let difference = UInt64(truncatingIfNeeded: high) &- UInt64(truncatingIfNeeded: low)
        let relative = Double(difference) / Double(Swift.max(magnitude, other.magnitude))
        let isAllowed = tolerance.map {
            difference <= UInt64(exactly: $0.absolute.rounded(.down)) ?? .max || relative <= $0.relative
        }
        return ValueDifference(
            isBeyondTolerance: !(isAllowed ?? false), absolute: .integer(difference), relative: relative)
    }
}

protocol ToleranceComparableFloat: ToleranceComparable, BinaryFloatingPoint {
    /// The type in which the difference of two values is computed.
    associatedtype Wide: BinaryFloatingPoint
}

extension ToleranceComparableFloat {
    func difference(from other: Self, _ tolerance: Tolerance?) -> ValueDifference? {
        if isNaN || other.isNaN {
            guard isNaN && other.isNaN else {
                return ValueDifference(isBeyondTolerance: true, isNaNOnOneSide: true)
            }
            if hasSameBits(as: other) { return nil }
            return ValueDifference(isBeyondTolerance: tolerance == nil, isOnlyInBits: true)
        }
        if self == other {
            if sign == other.sign { return nil }
            return ValueDifference(
                isBeyondTolerance: tolerance == nil, isOnlyInBits: true, absolute: .float(0), relative: 0)
        }
        let (a, b) = (Wide(self), Wide(other))
        let difference = (a - b).magnitude
        let larger = Swift.max(a.magnitude, b.magnitude)
        // Scaled if the difference overflows.
        let relative =
            difference.isFinite
            ? difference / larger : larger.isFinite ? (a / larger - b / larger).magnitude : .infinity
        let isAllowed = tolerance?.allows(Double(difference), relative: Double(relative))
        return ValueDifference(
            isBeyondTolerance: !(isAllowed ?? false), absolute: .float(Double(difference)), relative: Double(relative))
    }

    private func hasSameBits(as other: Self) -> Bool {
        sign == other.sign && exponentBitPattern == other.exponentBitPattern
            && significandBitPattern == other.significandBitPattern
    }
}

#if arch(x86_64)
    /// The C type.
    typealias LongDouble = Float80

    extension Float80: ToleranceComparableFloat { typealias Wide = Float80 }

    extension LongDouble {
        var asDouble: Double { Double(self) }
    }
#else
    /// The C type. Swift cannot compute with it on this platform, so values must be bit-identical.
    struct LongDouble: ToleranceComparable {
        private let bits: (UInt64, UInt64)

        func difference(from other: LongDouble, _ tolerance: Tolerance?) -> ValueDifference? {
            bits == other.bits ? nil : .other
        }

        var asDouble: Double { .nan }
        var description: String { "0x\(String(bits.1, radix: 16)),\(String(bits.0, radix: 16))" }
    }
#endif
