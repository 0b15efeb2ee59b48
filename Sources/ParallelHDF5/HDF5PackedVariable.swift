/// The numbers of a dataset, unpacked as netCDF variables.
///
/// `value = stored * scale_factor + add_offset`, unless `_FillValue`, `missing_value`, `valid_min`, `valid_max` or
/// `valid_range` marks the stored number as missing. Integers with `_Unsigned = "true"` are unsigned.
///
/// Source: NetCDF Users Guide, appendix A, "Attribute Conventions"; CF conventions 1.8, sections 2.5.1 and 8.1. The
/// default fill values are those of `netcdf.h`.
package struct HDF5PackedVariable: ~Copyable {
    package let dataset: HDF5Dataset
    private let packing: Packing

    /// - Parameter isNetCDF: Whether netCDF's default fill values mark elements that were never written.
    /// - Throws: ``HDF5Error`` for elements that are not integers or floats, for attributes that are not numbers, and
    ///   for a virtual dataset with a missing source.
    package init(_ dataset: consuming HDF5Dataset, isNetCDF: Bool) throws(HDF5Error) {
        try dataset.requireSources()
        packing = try Packing(dataset, isNetCDF: isNetCDF)
        self.dataset = dataset
    }

    /// Reads part of the dataset, in row-major order; missing elements become NaN.
    ///
    /// C: H5Dread
    package func values(in region: Hyperslab) throws(HDF5Error) -> [Double] {
        let count = region.elementCount
        var values = [Double](repeating: 0, count: count)
        switch dataset.storedType.elementType {
        case .float32, .float64:
            try values.withUnsafeMutableBufferPointer { (values) throws(HDF5Error) in
                try dataset.readConverted(into: values, from: region)
            }
            packing.unpack(&values)
        case .uint64:
            values = try integers(UInt64.self, in: region).map { Double($0) }
            packing.unpack(&values)
        default:
            packing.unpack(try integers(Int64.self, in: region), into: &values)
        }
        return values
    }

    private func integers<T: HDF5Scalar>(_: T.Type, in region: Hyperslab) throws(HDF5Error) -> [T] {
        var integers = [T](repeating: T(), count: region.elementCount)
        try integers.withUnsafeMutableBufferPointer { (integers) throws(HDF5Error) in
            try dataset.readConverted(into: integers, from: region)
        }
        return integers
    }
}

/// The packing of a variable's numbers, as described by its attributes.
private struct Packing {
    private let scale: Double?
    private let offset: Double?
    private let minimum: Double?
    private let maximum: Double?
    /// The stored numbers that mark missing elements.
    private let missingIntegers: [Int64]
    private let missingFloats: [Double]
    /// A mask of an integer's bits, for signed integers that are marked as unsigned; otherwise nil.
    private let unsignedMask: Int64?

    init(_ dataset: borrowing HDF5Dataset, isNetCDF: Bool) throws(HDF5Error) {
        let type = dataset.storedType
        guard let elementType = type.elementType, type.kind == .integer || type.kind == .float else {
            throw HDF5Error("read \(dataset.name)", refusedBecause: "its elements are of type \(type), not numbers")
        }
        scale = try dataset.factor("scale_factor")
        offset = try dataset.factor("add_offset")
        let range = try dataset.numbers("valid_range", 2...2)
        let lowest = try dataset.numbers("valid_min", 1...1).first ?? range.first
        let highest = try dataset.numbers("valid_max", 1...1).first ?? range.last
        let fill = try dataset.numbers("_FillValue", 1...1)
        var missing = try fill + dataset.numbers("missing_value", 1...Int.max)
        if isNetCDF, fill.isEmpty, let usual = Self.defaultFill(elementType) { missing.append(usual) }
        let isMarked = try dataset.isMarkedUnsigned()
        let mask = isMarked && type.isSigned && type.size < 8 ? (1 as Int64) << (8 * type.size) - 1 : nil
        unsignedMask = mask
        /// Returns an attribute's number rounded to the precision of the elements.
        func value(_ number: AttributeNumber) -> Double {
            type.kind == .float && type.size < 8 ? Double(Float(number.value)) : number.masked(mask).value
        }
        minimum = lowest.map(value)
        maximum = highest.map(value)
        missingIntegers = missing.compactMap { $0.masked(mask).integer }
        missingFloats = missing.map(value)
    }

    /// Converts stored numbers to values.
    func unpack(_ values: inout [Double]) {
        if !missingFloats.isEmpty {
            for index in values.indices where missingFloats.contains(values[index]) { values[index] = .nan }
        }
        scaleValid(&values)
    }

    /// Converts stored integers to the same number of values.
    func unpack(_ integers: [Int64], into values: inout [Double]) {
        for index in integers.indices {
            let stored = unsignedMask.map { integers[index] & $0 } ?? integers[index]
            values[index] = missingIntegers.contains(stored) ? .nan : Double(stored)
        }
        scaleValid(&values)
    }

    private func scaleValid(_ values: inout [Double]) {
        if minimum != nil || maximum != nil {
            let (minimum, maximum) = (minimum ?? -.infinity, maximum ?? .infinity)
            for index in values.indices where values[index] < minimum || values[index] > maximum {
                values[index] = .nan
            }
        }
        if let scale { for index in values.indices { values[index] *= scale } }
        if let offset { for index in values.indices { values[index] += offset } }
    }

    /// Returns netCDF's default fill value for a type; nil for bytes, which are not filled.
    private static func defaultFill(_ type: HDF5ElementType) -> AttributeNumber? {
        switch type {
        case .int16: .integer(-32767)
        case .uint16: .integer(65535)
        case .int32: .integer(-2_147_483_647)
        case .uint32: .integer(4_294_967_295)
        case .int64: .integer(-9_223_372_036_854_775_806)
        case .uint64: .float(0x1p64)
        case .float32, .float64: .float(0x1.Ep+122)
        default: nil
        }
    }
}

/// A number in an attribute.
private enum AttributeNumber {
    case integer(Int64)
    case float(Double)

    var value: Double {
        switch self {
        case .integer(let value): Double(value)
        case .float(let value): value
        }
    }

    /// The number as an integer; nil if it is not one.
    var integer: Int64? {
        switch self {
        case .integer(let value): value
        case .float(let value): Int64(exactly: value)
        }
    }

    /// Returns an integer without its sign extension; other numbers and a nil mask leave the number unchanged.
    func masked(_ mask: Int64?) -> AttributeNumber {
        if let mask, let integer { .integer(integer & mask) } else { self }
    }
}

extension HDF5Dataset {
    /// Returns the numbers of an attribute; empty if there is no such attribute.
    fileprivate func numbers(
        _ attribute: String, _ counts: ClosedRange<Int>
    ) throws(HDF5Error) -> [AttributeNumber] {
        guard try hasAttribute(attribute) else { return [] }
        var numbers: [AttributeNumber] = []
        if let integers = try? self.attribute(attribute, as: [Int64].self) {
            numbers = integers.map { .integer($0) }
        } else if let integers = try? self.attribute(attribute, as: [UInt64].self) {
            numbers = integers.map { .float(Double($0)) }
        } else if let floats = try? self.attribute(attribute, as: [Double].self) {
            numbers = floats.map { .float($0) }
        }
        guard counts.contains(numbers.count) else {
            let expected = counts.upperBound == 1 ? "a number" : counts.upperBound == 2 ? "two numbers" : "numbers"
            throw HDF5Error(
                "read \(name)",
                refusedBecause: "the attribute \(attribute) is \(try attributeText(attribute)), expected \(expected)")
        }
        return numbers
    }

    /// Returns a scale factor or offset, which must be finite; nil if there is no such attribute.
    fileprivate func factor(_ attribute: String) throws(HDF5Error) -> Double? {
        guard let factor = try numbers(attribute, 1...1).first?.value else { return nil }
        guard factor.isFinite else {
            throw HDF5Error(
                "read \(name)", refusedBecause: "the attribute \(attribute) is \(factor), expected a finite number")
        }
        return factor
    }

    fileprivate func isMarkedUnsigned() throws(HDF5Error) -> Bool {
        guard try hasAttribute("_Unsigned") else { return false }
        return (try? attribute("_Unsigned", as: String.self).lowercased()) == "true"
    }
}
