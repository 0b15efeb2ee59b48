import ParallelHDF5

/// A number that can be compared with another of its type.
protocol Comparand: HDF5Scalar {
    /// Adds to `differences` how this element of A differs from that of B; nothing if every bit is the same.
    func note(_ other: Self, _ element: Int, _ tolerance: Double?, in differences: inout ElementDifferences)
}

extension Int8: Comparand {}
extension Int16: Comparand {}
extension Int32: Comparand {}
extension Int64: Comparand {}
extension UInt8: Comparand {}
extension UInt16: Comparand {}
extension UInt32: Comparand {}
extension UInt64: Comparand {}
extension Float: Comparand {}
extension Double: Comparand {}

extension Comparand where Self: FixedWidthInteger {
    func note(_ other: Self, _ element: Int, _ tolerance: Double?, in differences: inout ElementDifferences) {
        if self == other { return }
        // Exact: the distance of two 64-bit integers fits into 64 bits without a sign.
        let (low, high) = self < other ? (self, other) : (other, self)
        let difference = UInt64(truncatingIfNeeded: high) &- UInt64(truncatingIfNeeded: low)
        let relative = Double(difference) / Double(Swift.max(magnitude, other.magnitude))
        var isBeyond = true
        if let tolerance {
            let allowed = UInt64(exactly: tolerance.rounded(.down)) ?? .max
            isBeyond = difference > allowed && relative > tolerance
        }
        differences.note(element, "\(self)", "\(other)", isBeyondTolerance: isBeyond)
        // Doubles decide which is the largest, the exact number is what is shown.
        differences.noteAbsolute(Double(difference), "\(difference)", element)
        differences.noteRelative(relative, element)
    }
}

extension Comparand where Self: BinaryFloatingPoint, Self: CustomStringConvertible {
    func note(_ other: Self, _ element: Int, _ tolerance: Double?, in differences: inout ElementDifferences) {
        let (a, b) = (Double(self), Double(other))
        if isNaN || other.isNaN {
            if isNaN && other.isNaN {
                // Converting to Double may quieten a NaN, so the bits are looked at as they are.
                if !hasSameBits(as: other) {
                    differences.differingOnlyInBits += 1
                    differences.note(element, "\(self)", "\(other)", isBeyondTolerance: tolerance == nil)
                }
            } else {
                differences.nanOnOneSide += 1
                differences.note(element, "\(self)", "\(other)", isBeyondTolerance: true)
            }
            return
        }
        if self == other {
            if sign != other.sign {
                differences.differingOnlyInBits += 1
                differences.note(element, "\(self)", "\(other)", isBeyondTolerance: tolerance == nil)
                differences.noteAbsolute(0, "0.0", element)
                differences.noteRelative(0, element)
            }
            return
        }
        let difference = (a - b).magnitude
        let larger = Swift.max(a.magnitude, b.magnitude)
        // Scaled where the difference overflows.
        let relative =
            difference.isFinite
            ? difference / larger : larger.isFinite ? (a / larger - b / larger).magnitude : .infinity
        let isBeyond = tolerance.map { difference > $0 && relative > $0 } ?? true
        differences.note(element, "\(self)", "\(other)", isBeyondTolerance: isBeyond)
        differences.noteAbsolute(difference, "\(difference)", element)
        differences.noteRelative(relative, element)
    }

    private func hasSameBits(as other: Self) -> Bool {
        withUnsafeBytes(of: self) { a in withUnsafeBytes(of: other) { b in a.elementsEqual(b) } }
    }
}
