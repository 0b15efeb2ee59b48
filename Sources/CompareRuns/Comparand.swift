/// A number that can be compared with another number of its type.
protocol Comparand: BitwiseCopyable, CustomStringConvertible {
    /// Returns the difference from another number; `nil` if all bits are the same.
    ///
    /// - Parameter tolerance: The tolerance for both numbers; `nil` if all bits must be the same.
    func difference(from other: Self, _ tolerance: Tolerance?) -> ValueDifference?
}

extension Int8: Comparand {}
extension Int16: Comparand {}
extension Int32: Comparand {}
extension Int64: Comparand {}
extension UInt8: Comparand {}
extension UInt16: Comparand {}
extension UInt32: Comparand {}
extension UInt64: Comparand {}
extension Float16: FloatingPointComparand { typealias Wide = Double }
extension Float: FloatingPointComparand { typealias Wide = Double }
extension Double: FloatingPointComparand { typealias Wide = Double }

extension Comparand where Self: FixedWidthInteger {
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

protocol FloatingPointComparand: Comparand, BinaryFloatingPoint {
    /// The type in which the difference of two values is computed.
    associatedtype Wide: BinaryFloatingPoint
}

extension FloatingPointComparand {
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

    extension Float80: FloatingPointComparand { typealias Wide = Float80 }

    extension LongDouble {
        var asDouble: Double { Double(self) }
    }
#else
    /// The C type, which Swift does not support on this platform: all bits must be the same.
    struct LongDouble: Comparand {
        private let bits: (UInt64, UInt64)

        func difference(from other: LongDouble, _ tolerance: Tolerance?) -> ValueDifference? {
            bits == other.bits ? nil : .other
        }

        var asDouble: Double { .nan }
        var description: String { "0x\(String(bits.1, radix: 16)),\(String(bits.0, radix: 16))" }
    }
#endif
