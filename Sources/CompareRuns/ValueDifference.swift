private import Glibc
import ParallelHDF5

/// The difference between two values that are not the same.
struct ValueDifference {
    /// The size of a difference, exact for 64-bit integers.
    enum Magnitude: CustomStringConvertible {
        case integer(UInt64)
        case float(Double)

        var value: Double {
            switch self {
            case .integer(let value): Double(value)
            case .float(let value): value
            }
        }

        var description: String {
            switch self {
            case .integer(let value): "\(value)"
            case .float(let value): "\(value)"
            }
        }
    }

    var isBeyondTolerance: Bool
    /// Whether the values are zeros that differ in sign, or NaNs that differ in their bits.
    var isOnlyInBits = false
    var isNaNOnOneSide = false
    /// The absolute difference; `nil` if a value is not a number.
    var absolute: Magnitude?
    var relative: Double?

    /// The difference between values that are not numbers.
    static let other = ValueDifference(isBeyondTolerance: true)

    /// Returns the combined difference of two parts of a value.
    func merged(with other: ValueDifference?) -> ValueDifference {
        guard let other else { return self }
        func larger<T>(_ a: T?, _ b: T?, _ value: (T) -> Double) -> T? {
            guard let a, let b else { return a ?? b }
            return value(b) > value(a) ? b : a
        }
        return ValueDifference(
            isBeyondTolerance: isBeyondTolerance || other.isBeyondTolerance,
            isOnlyInBits: isOnlyInBits && other.isOnlyInBits,
            isNaNOnOneSide: isNaNOnOneSide || other.isNaNOnOneSide,
            absolute: larger(absolute, other.absolute, \.value), relative: larger(relative, other.relative) { $0 })
    }
}

extension HDF5ElementLayout {
    /// Returns the difference between two elements in memory that have the same type; `nil` if they are the same.
    /// Padding between the members of a compound, bytes after the end of a text and unused bits of a number are
    /// ignored.
    ///
    /// - Parameter layout: The layout of the other element, whose texts may be padded differently.
    func difference(
        _ a: UnsafeRawPointer, _ layout: HDF5ElementLayout, _ b: UnsafeRawPointer, _ tolerance: Tolerance?
    ) -> ValueDifference? {
        switch (self, layout) {
        case (.number(let number, _), _): return number.difference(a, b, tolerance)
        case (.string, _), (.variableLengthString, _):
            return textBytes(at: a) == layout.textBytes(at: b) ? nil : .other
        case (.enumeration(let number, _, _), _): return number.integer(at: a) == number.integer(at: b) ? nil : .other
        case (.compound(_, let members), .compound(_, let others)):
            let parts = zip(members, others).map {
                $0.layout.difference(a + $0.offset, $1.layout, b + $1.offset, tolerance)
            }
            guard let merged = Self.merged(parts) else { return nil }
            return complexDifference(a, b, tolerance) ?? merged
        case (.array(let shape, let element), .array(_, let other)):
            return element.difference(a, other, b, count: shape.reduce(1, *), tolerance)
        case (.sequence(let element), .sequence(let other)):
            let (partsA, partsB) = (Self.sequence(at: a), Self.sequence(at: b))
            guard partsA.count == partsB.count else { return .other }
            guard let a = partsA.first, let b = partsB.first else { return nil }
            return element.difference(a, other, b, count: partsA.count, tolerance)
        case (.opaque, _), (.bitfield, _): return memcmp(a, b, byteCount) == 0 ? nil : .other
        default: preconditionFailure("elements of types \(self) and \(layout) cannot be compared")
        }
    }

    /// Returns the combined difference of consecutive elements in memory.
    private func difference(
        _ a: UnsafeRawPointer, _ layout: HDF5ElementLayout, _ b: UnsafeRawPointer, count: Int, _ tolerance: Tolerance?
    ) -> ValueDifference? {
        let stride = byteCount
        return Self.merged(
            (0..<count).lazy.map { difference(a + $0 * stride, layout, b + $0 * stride, tolerance) })
    }

    private static func merged(_ parts: some Sequence<ValueDifference?>) -> ValueDifference? {
        parts.reduce(nil) { whole, part in part?.merged(with: whole) ?? whole }
    }

    var isText: Bool {
        switch self {
        case .string, .variableLengthString: true
        default: false
        }
    }

    /// Returns the bytes of a text up to its end.
    func textBytes(at place: UnsafeRawPointer) -> [UInt8] {
        switch self {
        case .string(let byteCount, let padding):
            return Array(padding.text(of: UnsafeRawBufferPointer(start: place, count: byteCount)))
        case .variableLengthString:
            guard let text = place.loadUnaligned(as: UnsafePointer<CChar>?.self) else { return [] }
            return Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
        default: preconditionFailure("\(self) is no text")
        }
    }
}

// MARK: - Complex numbers

extension HDF5ElementLayout {
    /// The type of the two parts of a complex number, which is a compound of `r` and `i`.
    private var partsOfComplex: (number: Number, offsets: (Int, Int))? {
        guard case .compound(_, let members) = self, members.count == 2,
            members[0].name == HDF5Name("r"), members[1].name == HDF5Name("i"),
            members[0].layout == members[1].layout, case .number(let number, let format) = members[0].layout,
            format.mantissaBits > 0
        else { return nil }
        return (number, (members[0].offset, members[1].offset))
    }

    /// Whether elements are numbers, real or complex.
    var isNumeric: Bool {
        if case .number = self { return true }
        return partsOfComplex != nil
    }

    /// Returns the distance in the plane between two complex numbers that differ; `nil` if the elements are not complex
    /// numbers or not finite.
    private func complexDifference(
        _ a: UnsafeRawPointer, _ b: UnsafeRawPointer, _ tolerance: Tolerance?
    ) -> ValueDifference? {
        guard let (number, offsets) = partsOfComplex else { return nil }
        func parts(_ place: UnsafeRawPointer) -> (Double, Double) {
            (number.double(at: place + offsets.0), number.double(at: place + offsets.1))
        }
        let ((x, y), (u, v)) = (parts(a), parts(b))
        let difference = hypot(x - u, y - v)
        let larger = max(hypot(x, y), hypot(u, v))
        guard difference.isFinite, difference > 0, larger.isFinite else { return nil }
        let relative = difference / larger
        return ValueDifference(
            isBeyondTolerance: !(tolerance?.allows(difference, relative: relative) ?? false),
            absolute: .float(difference), relative: relative)
    }
}

// MARK: - Numbers

extension HDF5ElementLayout.Number {
    fileprivate func difference(
        _ a: UnsafeRawPointer, _ b: UnsafeRawPointer, _ tolerance: Tolerance?
    ) -> ValueDifference? {
        var difference: ValueDifference?
        differences(a, b, count: 1, tolerance) { difference = $1 }
        return difference
    }

    /// Compares consecutive numbers in memory, and calls `note` for each pair that differs.
    func differences(
        _ a: UnsafeRawPointer, _ b: UnsafeRawPointer, count: Int, _ tolerance: Tolerance?,
        note: (Int, ValueDifference) -> Void
    ) {
        func compare<T: ToleranceComparable>(_: T.Type) {
            for index in 0..<count {
                let place = index * MemoryLayout<T>.stride
                let number = a.loadUnaligned(fromByteOffset: place, as: T.self)
                let other = b.loadUnaligned(fromByteOffset: place, as: T.self)
                if let difference = number.difference(from: other, tolerance) { note(index, difference) }
            }
        }
        switch self {
        case .int8: compare(Int8.self)
        case .int16: compare(Int16.self)
        case .int32: compare(Int32.self)
        case .int64: compare(Int64.self)
        case .uint8: compare(UInt8.self)
        case .uint16: compare(UInt16.self)
        case .uint32: compare(UInt32.self)
        case .uint64: compare(UInt64.self)
        case .float16: compare(Float16.self)
        case .float32: compare(Float.self)
        case .float64: compare(Double.self)
        case .longDouble: compare(LongDouble.self)
        }
    }

    /// Returns a floating-point number in memory as a double.
    fileprivate func double(at place: UnsafeRawPointer) -> Double {
        switch self {
        case .float16: Double(place.loadUnaligned(as: Float16.self))
        case .float32: Double(place.loadUnaligned(as: Float.self))
        case .float64: place.loadUnaligned(as: Double.self)
        case .longDouble: place.loadUnaligned(as: LongDouble.self).asDouble
        default: preconditionFailure("\(self) is no float")
        }
    }
}
