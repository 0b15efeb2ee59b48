import CommandSupport
import ParallelHDF5

/// A vector of numbers in an HDF5 file, unpacked as netCDF variables are: `value = stored * scale_factor + add_offset`,
/// unless the stored number is marked as missing by `_FillValue`, `missing_value`, `valid_min`, `valid_max` or
/// `valid_range`; bytes with `_Unsigned = "true"` have no sign.
///
/// Source: NetCDF Users Guide, appendix A, "Attribute Conventions"; CF conventions 1.8, sections 2.5.1 and 8.1. The
/// default fill values are those of `netcdf.h`.
struct PackedVariable: ~Copyable {
    /// How many elements there are.
    let count: Int
    private let dataset: HDF5Dataset
    /// The axis along which they lie; the others have one index each.
    private let axis: Int
    private let packing: Packing

    /// - Parameter isNetCDF: Whether elements that were never written have netCDF's default fill values.
    /// - Throws: ``UserError`` of status 65 for what is not a vector of numbers, and for attributes that are not
    ///   numbers.
    init(_ dataset: consuming HDF5Dataset, isNetCDF: Bool) throws {
        let packing = try Packing(dataset, isNetCDF: isNetCDF)
        self.packing = packing
        axis = dataset.shape.firstIndex { $0 != 1 } ?? 0
        count = dataset.elementCount
        self.dataset = dataset
    }

    /// Reads some elements; missing ones become NaN.
    func read(_ range: Range<Int>, into values: inout [Double]) throws {
        var region = Hyperslab(all: dataset.shape)
        (region.start[axis], region.count[axis]) = (range.lowerBound, range.count)
        if values.count != range.count { values = [Double](repeating: 0, count: range.count) }
        if dataset.storedType.kind == .float {
            try values.withUnsafeMutableBufferPointer { try dataset.readConverted(into: $0, from: region) }
            packing.unpack(&values)
        } else {
            var integers = [Int64](repeating: 0, count: range.count)
            try integers.withUnsafeMutableBufferPointer { try dataset.readConverted(into: $0, from: region) }
            packing.unpack(integers, into: &values)
        }
    }
}

/// What the attributes say about a variable's numbers.
private struct Packing {
    private let scale: Double?
    private let offset: Double?
    private let minimum: Double?
    private let maximum: Double?
    /// Stored numbers that stand for missing ones.
    private let missingIntegers: [Int64]
    private let missingFloats: [Double]
    /// The bits of an integer, where the highest one is not a sign.
    private let unsignedMask: Int64?

    init(_ dataset: borrowing HDF5Dataset, isNetCDF: Bool) throws {
        let (name, shape, type) = (dataset.name, dataset.shape, dataset.storedType)
        guard !shape.isEmpty, shape.count(where: { $0 != 1 }) <= 1 else {
            throw UserError("\(name) has the shape \(shape), expected a vector", exitStatus: ExitStatus.data)
        }
        guard let elementType = type.elementType, type.kind == .integer || type.kind == .float, elementType != .uint64
        else {
            throw UserError(
                "\(name) holds elements of type \(type), not numbers that can be summed", exitStatus: ExitStatus.data)
        }
        scale = try dataset.factor("scale_factor")
        offset = try dataset.factor("add_offset")
        let range = try dataset.numbers("valid_range", 2...2)
        let lowest = try dataset.numbers("valid_min", 1...1).first ?? range.first
        let highest = try dataset.numbers("valid_max", 1...1).first ?? range.last
        let fill = try dataset.numbers("_FillValue", 1...1)
        var missing = try fill + dataset.numbers("missing_value", 1...Int.max)
        if isNetCDF, fill.isEmpty, let usual = Self.defaultFill(elementType) { missing.append(usual) }
        let isUnsigned = try type.isSigned && type.size < 8 && dataset.isMarkedUnsigned()
        let mask = isUnsigned ? (1 as Int64) << (8 * type.size) - 1 : nil
        unsignedMask = mask
        /// An attribute of higher precision means what it is when rounded.
        func value(_ number: AttributeNumber) -> Double {
            type.kind == .float && type.size < 8 ? Double(Float(number.value)) : number.masked(mask).value
        }
        minimum = lowest.map(value)
        maximum = highest.map(value)
        missingIntegers = missing.compactMap { $0.masked(mask).integer }
        missingFloats = missing.map(value)
    }

    /// Turns stored floats into values.
    func unpack(_ values: inout [Double]) {
        if !missingFloats.isEmpty {
            for index in values.indices where missingFloats.contains(values[index]) { values[index] = .nan }
        }
        scaleValid(&values)
    }

    /// Turns stored integers into values, as many.
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

    /// What netCDF fills new variables with, unless told otherwise; bytes are not filled.
    private static func defaultFill(_ type: HDF5ElementType) -> AttributeNumber? {
        switch type {
        case .int16: .integer(-32767)
        case .uint16: .integer(65535)
        case .int32: .integer(-2_147_483_647)
        case .uint32: .integer(4_294_967_295)
        case .int64: .integer(-9_223_372_036_854_775_806)
        case .float32, .float64: .float(0x1.Ep+122)
        default: nil
        }
    }
}

/// A number of an attribute.
private enum AttributeNumber {
    case integer(Int64)
    case float(Double)

    var value: Double {
        switch self {
        case .integer(let value): Double(value)
        case .float(let value): value
        }
    }

    /// `nil` if it is not an integer.
    var integer: Int64? {
        switch self {
        case .integer(let value): value
        case .float(let value): Int64(exactly: value)
        }
    }

    /// An integer without its sign.
    func masked(_ mask: Int64?) -> AttributeNumber {
        if let mask, let integer { .integer(integer & mask) } else { self }
    }
}

extension HDF5Dataset {
    /// The numbers of an attribute; none if there is no such attribute.
    fileprivate func numbers(_ attribute: String, _ counts: ClosedRange<Int>) throws -> [AttributeNumber] {
        guard try hasAttribute(attribute) else { return [] }
        var numbers: [AttributeNumber] = []
        if let integers = try? self.attribute(attribute, as: [Int64].self) {
            numbers = integers.map { .integer($0) }
        } else if let floats = try? self.attribute(attribute, as: [Double].self) {
            numbers = floats.map { .float($0) }
        }
        guard counts.contains(numbers.count) else {
            throw UserError(
                "\(name): the attribute \(attribute) is \(try attributeText(attribute)), expected "
                    + (counts.upperBound == 1 ? "a number" : counts.upperBound == 2 ? "two numbers" : "numbers"),
                exitStatus: ExitStatus.data)
        }
        return numbers
    }

    /// A finite number to multiply with or to add.
    fileprivate func factor(_ attribute: String) throws -> Double? {
        guard let factor = try numbers(attribute, 1...1).first?.value else { return nil }
        guard factor.isFinite else {
            throw UserError(
                "\(name): the attribute \(attribute) is \(factor), expected a finite number",
                exitStatus: ExitStatus.data)
        }
        return factor
    }

    fileprivate func isMarkedUnsigned() throws -> Bool {
        try hasAttribute("_Unsigned") && attributeText("_Unsigned").lowercased() == "true"
    }
}
