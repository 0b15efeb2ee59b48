internal import CHDF5

/// The type of an element, and its layout in memory after HDF5 has converted it to the machine's native representation.
///
/// The byte order and the padding of compounds in the file are not part of it.
package indirect enum HDF5ElementLayout: Hashable, Sendable {
    /// A number in memory.
    package enum Number: Hashable, Sendable {
        case int8, int16, int32, int64
        case uint8, uint16, uint32, uint64
        case float16, float32, float64
        /// The C type `long double`.
        case longDouble
    }

    /// The format of a number in the file: its size in bytes and bits, and the exponent and mantissa of a float.
    package struct Format: Hashable, Sendable {
        package var size: Int
        package var bits: Int
        package var exponentBits = 0
        package var mantissaBits = 0
        package var exponentBias = 0
    }

    package struct Constant: Hashable, Sendable {
        package var name: HDF5Name
        package var value: Int64
    }

    package struct Member: Hashable, Sendable {
        package var name: HDF5Name
        /// The offset in memory in bytes.
        package var offset: Int
        package var layout: HDF5ElementLayout
    }

    case number(Number, Format)
    /// Text of a fixed length.
    case string(byteCount: Int, HDF5TextPadding)
    /// A pointer to null-terminated text.
    case variableLengthString
    /// An enumeration, with its constants in order of their values.
    case enumeration(Number, Format, [Constant])
    /// A compound, with its size including padding and its members in order.
    case compound(byteCount: Int, [Member])
    case array([Int], HDF5ElementLayout)
    case opaque(byteCount: Int, tag: HDF5Name)
    case bitfield(byteCount: Int, bits: Int)
    /// A sequence of variable length: the number of its elements and a pointer to them.
    case sequence(HDF5ElementLayout)
    /// Elements that this library cannot read without loss, or that are meaningful only within their file.
    case other(String)

    /// The size of an element in memory in bytes.
    package var byteCount: Int {
        switch self {
        case .number(let number, _), .enumeration(let number, _, _): number.byteCount
        case .string(let byteCount, _), .opaque(let byteCount, _), .bitfield(let byteCount, _): byteCount
        case .compound(let byteCount, _): byteCount
        case .variableLengthString: MemoryLayout<UnsafeRawPointer>.size
        case .sequence: MemoryLayout<hvl_t>.size
        case .array(let shape, let element): shape.reduce(element.byteCount, *)
        case .other: 0
        }
    }

    /// Whether elements have the same type as those of another layout, apart from the padding of strings.
    package func isSameType(as other: HDF5ElementLayout) -> Bool { withoutPadding == other.withoutPadding }

    /// The layout with the same padding for all strings.
    private var withoutPadding: HDF5ElementLayout {
        switch self {
        case .string(let byteCount, _): .string(byteCount: byteCount, .terminated)
        case .compound(let byteCount, let members):
            .compound(
                byteCount: byteCount,
                members.map { Member(name: $0.name, offset: $0.offset, layout: $0.layout.withoutPadding) })
        case .array(let shape, let element): .array(shape, element.withoutPadding)
        case .sequence(let element): .sequence(element.withoutPadding)
        default: self
        }
    }

    /// The type that prevents elements from being read; nil if they can be read.
    package var obstacle: String? {
        switch self {
        case .other(let kind): kind
        case .array(_, let element), .sequence(let element): element.obstacle
        case .compound(_, let members): members.lazy.compactMap(\.layout.obstacle).first
        default: nil
        }
    }
}

extension HDF5ElementLayout {
    /// Returns the number of elements of a variable-length sequence in memory and a pointer to the first.
    package static func sequence(at place: UnsafeRawPointer) -> (count: Int, first: UnsafeRawPointer?) {
        let sequence = place.loadUnaligned(as: hvl_t.self)
        return (sequence.len, sequence.p.map { UnsafeRawPointer($0) })
    }
}

extension HDF5ElementLayout.Number {
    package var byteCount: Int {
        switch self {
        case .int8, .uint8: 1
        case .int16, .uint16, .float16: 2
        case .int32, .uint32, .float32: 4
        case .int64, .uint64, .float64: 8
        case .longDouble: 16
        }
    }

    fileprivate init?(typeClass: H5T_class_t, size: Int, isSigned: Bool) {
        switch (typeClass, size, isSigned) {
        case (H5T_INTEGER, 1, true): self = .int8
        case (H5T_INTEGER, 2, true): self = .int16
        case (H5T_INTEGER, 4, true): self = .int32
        case (H5T_INTEGER, 8, true): self = .int64
        case (H5T_INTEGER, 1, false): self = .uint8
        case (H5T_INTEGER, 2, false): self = .uint16
        case (H5T_INTEGER, 4, false): self = .uint32
        case (H5T_INTEGER, 8, false): self = .uint64
        case (H5T_FLOAT, 2, _): self = .float16
        case (H5T_FLOAT, 4, _): self = .float32
        case (H5T_FLOAT, 8, _): self = .float64
        case (H5T_FLOAT, 16, _): self = .longDouble
        default: return nil
        }
    }
}

// MARK: - From HDF5's types

extension HDF5ElementLayout {
    /// Creates the layout for a stored type and the native type HDF5 converts it to.
    ///
    /// C: H5Tget_class and the functions for each class
    init(stored: borrowing Handle, native: borrowing Handle) {
        let (stored, native) = (stored.id, native.id)
        self = Library.exclusively { Self(stored, native) }
    }

    /// Creates the layout from identifiers of the stored and the native type. The caller must hold the lock of
    /// ``Library``.
    private init(_ stored: hid_t, _ native: hid_t) {
        let typeClass = H5Tget_class(stored)
        switch typeClass {
        case H5T_INTEGER, H5T_FLOAT:
            guard let (number, format) = Self.number(stored, native) else {
                self = .other("\(8 * H5Tget_size(stored))-bit number")
                return
            }
            self = .number(number, format)
        case H5T_STRING:
            self =
                H5Tis_variable_str(stored) > 0
                ? .variableLengthString
                : .string(byteCount: H5Tget_size(native), HDF5TextPadding(stored))
        case H5T_ENUM: self = Self.enumeration(stored, native)
        case H5T_COMPOUND:
            self = .compound(
                byteCount: H5Tget_size(native),
                (0..<CUnsignedInt(max(0, H5Tget_nmembers(stored)))).map { index in
                    Member(
                        name: Self.memberName(stored, index), offset: H5Tget_member_offset(native, index),
                        layout: Self(closing: H5Tget_member_type(stored, index), H5Tget_member_type(native, index)))
                })
        case H5T_ARRAY:
            var extents = [hsize_t](repeating: 0, count: Int(max(0, H5Tget_array_ndims(stored))))
            H5Tget_array_dims2(stored, &extents)
            self = .array(extents.map { Int($0) }, Self(closing: H5Tget_super(stored), H5Tget_super(native)))
        case H5T_OPAQUE:
            let tag = H5Tget_tag(stored)
            defer { H5free_memory(tag) }
            self = .opaque(byteCount: H5Tget_size(native), tag: HDF5Name(tag))
        case H5T_BITFIELD:
            self = .bitfield(byteCount: H5Tget_size(native), bits: H5Tget_precision(stored))
        case H5T_VLEN: self = .sequence(Self(closing: H5Tget_super(stored), H5Tget_super(native)))
        case H5T_REFERENCE: self = .other("reference")
        default: self = .other("type of class \(typeClass.rawValue)")
        }
    }

    private init(closing stored: hid_t, _ native: hid_t) {
        defer {
            H5Tclose(stored)
            H5Tclose(native)
        }
        self.init(stored, native)
    }

    /// Returns the number type and the stored format; nil if the native type cannot hold every value.
    private static func number(_ stored: hid_t, _ native: hid_t) -> (Number, Format)? {
        let typeClass = H5Tget_class(stored)
        guard
            let number = Number(
                typeClass: typeClass, size: H5Tget_size(native), isSigned: H5Tget_sign(native) == H5T_SGN_2),
            H5Tget_precision(stored) <= H5Tget_precision(native)
        else { return nil }
        var format = Format(size: H5Tget_size(stored), bits: H5Tget_precision(stored))
        if typeClass == H5T_FLOAT {
            let (fields, nativeFields) = (Fields(stored), Fields(native))
            guard fields.mantissaBits <= nativeFields.mantissaBits, fields.exponentBits <= nativeFields.exponentBits
            else { return nil }
            format.exponentBits = fields.exponentBits
            format.mantissaBits = fields.mantissaBits
            format.exponentBias = H5Tget_ebias(stored)
        }
        return (number, format)
    }

    private struct Fields {
        var exponentBits = 0
        var mantissaBits = 0

        init(_ type: hid_t) {
            var (sign, exponent, mantissa) = (0, 0, 0)
            H5Tget_fields(type, &sign, &exponent, &exponentBits, &mantissa, &mantissaBits)
        }
    }

    private static func enumeration(_ stored: hid_t, _ native: hid_t) -> HDF5ElementLayout {
        let (base, nativeBase) = (H5Tget_super(stored), H5Tget_super(native))
        defer {
            H5Tclose(base)
            H5Tclose(nativeBase)
        }
        guard let (number, format) = self.number(base, nativeBase) else { return .other("enumeration") }
        let constants = (0..<CUnsignedInt(max(0, H5Tget_nmembers(native)))).map { index in
            var bytes: Int64 = 0
            H5Tget_member_value(native, index, &bytes)
            return Constant(name: memberName(native, index), value: number.integer(at: &bytes))
        }
        return .enumeration(number, format, constants.sorted { ($0.value, $0.name) < ($1.value, $1.name) })
    }

    private static func memberName(_ type: hid_t, _ index: CUnsignedInt) -> HDF5Name {
        let name = H5Tget_member_name(type, index)
        defer { H5free_memory(name) }
        return HDF5Name(name)
    }
}

extension HDF5ElementLayout.Number {
    /// Returns the integer at an address in memory; unsigned integers above `Int64.max` wrap around.
    package func integer(at place: UnsafeRawPointer) -> Int64 {
        switch self {
        case .int8: Int64(place.loadUnaligned(as: Int8.self))
        case .int16: Int64(place.loadUnaligned(as: Int16.self))
        case .int32: Int64(place.loadUnaligned(as: Int32.self))
        case .uint8: Int64(place.loadUnaligned(as: UInt8.self))
        case .uint16: Int64(place.loadUnaligned(as: UInt16.self))
        case .uint32: Int64(place.loadUnaligned(as: UInt32.self))
        case .int64, .uint64: place.loadUnaligned(as: Int64.self)
        case .float16, .float32, .float64, .longDouble: preconditionFailure("\(self) is no integer")
        }
    }
}

// MARK: - Description

extension HDF5ElementLayout: CustomStringConvertible {
    /// The type as text, for example `64-bit float`, `compound {a: 32-bit integer, b: string of 4 bytes}` or
    /// `enumeration {RED = 0, GREEN = 1}`.
    package var description: String {
        switch self {
        case .number(let number, let format): number.text(format)
        case .string(let byteCount, _): "string of \(byteCount) bytes"
        case .variableLengthString: "variable-length string"
        case .enumeration(let number, let format, let constants):
            "enumeration {\(constants.map { "\($0.name) = \($0.value)" }.joined(separator: ", "))} of "
                + number.text(format)
        case .compound(_, let members):
            "compound {\(members.map { "\($0.name): \($0.layout)" }.joined(separator: ", "))}"
        case .array(let shape, let element): "array \(shape) of \(element)"
        case .opaque(let byteCount, let tag): "opaque of \(byteCount) bytes, tagged '\(tag)'"
        case .bitfield(_, let bits): "bit field of \(bits) bits"
        case .sequence(let element): "variable-length sequence of \(element)"
        case .other(let kind): kind
        }
    }
}

extension HDF5ElementLayout.Number {
    fileprivate func text(_ format: HDF5ElementLayout.Format) -> String {
        let isFloat = format.mantissaBits > 0
        let kind =
            switch self {
            case .uint8, .uint16, .uint32, .uint64: "unsigned \(8 * format.size)-bit integer"
            case .int8, .int16, .int32, .int64: "\(8 * format.size)-bit integer"
            case .float16, .float32, .float64, .longDouble: "\(8 * format.size)-bit float"
            }
        if format.bits == 8 * format.size && !isFloat { return kind }
        // The formats of IEEE 754.
        let standard = [2: 5, 4: 8, 8: 11][format.size]
        if isFloat && standard == format.exponentBits { return kind }
        return kind + (isFloat ? " with \(format.exponentBits) bits of exponent" : " of \(format.bits) bits")
    }
}
