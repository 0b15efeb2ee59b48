// Integers wider than CBOR's own. An integer that does not fit into 64 bits is a bignum (RFC 8949 §3.4.3).

protocol CBORWideInteger: CBORCodable, FixedWidthInteger {}

extension CBORWideInteger {
    func write(to writer: CBORWriter, path: () -> CodingPath?) {
        let magnitude = UInt128(truncatingIfNeeded: self < 0 ? ~self : self)
        if let argument = UInt64(exactly: magnitude) {
            writer.append(self < 0 ? .negative : .unsigned, argument)
        } else {
            writer.append(.tag, self < 0 ? CBORTag.negativeBignum : CBORTag.bignum)
            withUnsafeBytes(of: magnitude.bigEndian) { bigEndian in
                let leadingZeros = magnitude.leadingZeroBitCount / 8
                writer.append(.bytes, UnsafeRawBufferPointer(rebasing: bigEndian[leadingZeros...]))
            }
        }
    }

    static func read(from reader: inout CBORReader, path: () -> CodingPath?) throws -> Self {
        let (tag, item) = try reader.next()
        let value: Self?
        switch (tag, item) {
        case (nil, .unsigned(let argument)): value = Self(exactly: argument)
        case (nil, .negative(let argument)): value = isSigned ? Self(exactly: argument).map(~) : nil
        case (CBORTag.bignum, .bytes(let bigEndian)): value = Self(bignum: bigEndian)
        case (CBORTag.negativeBignum, .bytes(let bigEndian)): value = isSigned ? Self(bignum: bigEndian).map(~) : nil
        default: throw CBORMismatch.type.error(Self.self, item, tag: tag, path())
        }
        guard let value else { throw CBORMismatch.value.error(Self.self, item, path()) }
        return value
    }

    private init?(bignum bigEndian: UnsafeRawBufferPointer) {
        let digits = bigEndian.drop { $0 == 0 }
        guard digits.count <= 16 else { return nil }
        self.init(exactly: digits.reduce(0) { $0 << 8 | UInt128($1) })
    }
}

extension Int128: CBORWideInteger {}
extension UInt128: CBORWideInteger {}
