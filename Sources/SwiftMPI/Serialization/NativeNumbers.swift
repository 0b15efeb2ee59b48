// Numbers, and the CBOR numbers that they can be read from.

/// A number, which has the same representation as an item, as a coding key and as an element of a typed array.
protocol CBORNumber: CBORBlockElement {
    var cborItem: CBORItem { get }

    init(_ item: CBORItem) throws(CBORMismatch)

    static var isFloatingPoint: Bool { get }
    static var isSignedInteger: Bool { get }
}

extension CBORNumber {
    func write(to writer: CBORWriter, path: () -> CodingPath?) { writer.append(cborItem) }

    static func read(from reader: inout CBORReader, path: () -> CodingPath?) throws -> Self {
        try read(for: Self.self, from: &reader, path: path)
    }

    /// - Parameter type: The type to name in an error.
    @inline(__always)
    static func read(for type: Any.Type, from reader: inout CBORReader, path: () -> CodingPath?) throws -> Self {
        let (tag, item) = try reader.next()
        do throws(CBORMismatch) {
            return try Self(try item.number(tag: tag))
        } catch {
            throw error.error(type, item, tag: tag, path())
        }
    }
}

extension CBORItem {
    /// Returns the number that a tag makes of the item: for a bignum (RFC 8949 §3.4.3), the integer.
    fileprivate func number(tag: UInt64?) throws(CBORMismatch) -> CBORItem {
        guard let tag else { return self }
        guard case .bytes(let bigEndian) = self, tag == CBORTag.bignum || tag == CBORTag.negativeBignum else {
            throw .type
        }
        let digits = bigEndian.drop { $0 == 0 }
        guard digits.count <= 8 else { throw .value }
        let argument = digits.reduce(0) { $0 << 8 | UInt64($1) }
        return tag == CBORTag.bignum ? .unsigned(argument) : .negative(argument)
    }
}

extension CBORNumber where Self: FixedWidthInteger {
    static var isFloatingPoint: Bool { false }
    static var isSignedInteger: Bool { isSigned }

    var cborItem: CBORItem { self < 0 ? .negative(UInt64(~self)) : .unsigned(UInt64(self)) }

    init(_ item: CBORItem) throws(CBORMismatch) {
        switch item {
        case .unsigned(let value):
            guard let value = Self(exactly: value) else { throw .value }
            self = value
        case .negative(let value):
            guard Self.isSigned, let value = Self(exactly: value) else { throw .value }
            self = ~value
        default: throw .type
        }
    }
}

extension CBORNumber where Self: BinaryFloatingPoint {
    static var isFloatingPoint: Bool { true }
    static var isSignedInteger: Bool { false }

    /// Creates a number from an item. Integers must be exact, because a wrong count is worse than an error. Floats are
    /// rounded, because Python can send only 64-bit floats, but never to infinity.
    init(_ item: CBORItem) throws(CBORMismatch) {
        switch item {
        case .single(let value):
            self.init(value)
            guard isFinite || !value.isFinite else { throw .value }
        case .double(let value):
            self.init(value)
            guard isFinite || !value.isFinite else { throw .value }
        case .unsigned(let value):
            guard let value = Self(exactly: value) else { throw .value }
            self = value
        case .negative(let value):
            let (magnitude, overflow) = value.addingReportingOverflow(1)
            guard let value = overflow ? 0x1p64 : Self(exactly: magnitude) else { throw .value }
            self = -value
        default: throw .type
        }
    }
}

extension Int: CBORNumber {}
extension Int8: CBORNumber {}
extension Int16: CBORNumber {}
extension Int32: CBORNumber {}
extension Int64: CBORNumber {}
extension UInt: CBORNumber {}
extension UInt8: CBORNumber {}
extension UInt16: CBORNumber {}
extension UInt32: CBORNumber {}
extension UInt64: CBORNumber {}

extension Float16: CBORNumber {
    var cborItem: CBORItem { .single(Float(self)) }

    func write(to writer: CBORWriter, path: () -> CodingPath?) { writer.append(halfBitPattern: bitPattern) }
}

extension Float: CBORNumber {
    var cborItem: CBORItem { .single(self) }
}

extension Double: CBORNumber {
    var cborItem: CBORItem { .double(self) }
}
