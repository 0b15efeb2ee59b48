public import CMPI

/// A predefined operation on a type for which an MPI library computes wrong results, or different results on different
/// ranks.
///
/// - Open MPI 4.1 adds 8- and 16-bit integers with saturating vector instructions, but wraps around in the remaining
///   elements.
/// - MPICH 4.0 compares unsigned integers as signed integers.
/// - In both, a minimum or maximum of NaNs or of zeros of both signs depends on the order of the operands, which
///   differs between ranks and between elements.
///
/// Each corrected operation is a Swift function that MPI calls on the predefined datatype.
@frozen @usableFromInline
struct CorrectedOperation {
    @frozen @usableFromInline
    enum Kind: Int, CaseIterable { case sum, product, minimum, maximum }

    @frozen @usableFromInline
    enum Operand: Int, CaseIterable {
        case int8, int16, uint8, uint16, uint32, uint64, float, double, floatIndex, doubleIndex
    }

    @usableFromInline let kind: Kind
    @usableFromInline let operand: Operand

    /// Creates the corrected operation, or `nil` if the library's operation is right. The result is known at compile
    /// time.
    @inlinable @inline(__always)
    init?(_ kind: Kind, of type: Any.Type) {
        guard let operand = Operand(type) else { return nil }
        switch kind {
        case .sum, .product: if operand.rawValue > Operand.uint16.rawValue { return nil }
        case .minimum, .maximum: if operand.rawValue < Operand.uint8.rawValue { return nil }
        }
        (self.kind, self.operand) = (kind, operand)
    }

    @usableFromInline var handle: MPI_Op { OwnOperations.handle(of: self) }
}

extension CorrectedOperation.Operand {
    @inlinable @inline(__always)
    init?(_ type: Any.Type) {
        if type == Int8.self {
            self = .int8
        } else if type == Int16.self {
            self = .int16
        } else if type == UInt8.self {
            self = .uint8
        } else if type == UInt16.self {
            self = .uint16
        } else if type == UInt32.self {
            self = .uint32
        } else if type == UInt64.self || type == UInt.self {
            self = .uint64
        } else if type == Float.self {
            self = .float
        } else if type == Double.self {
            self = .double
        } else if type == ValueIndex<Float>.self {
            self = .floatIndex
        } else if type == ValueIndex<Double>.self {
            self = .doubleIndex
        } else {
            return nil
        }
    }
}

extension CorrectedOperation {
    /// The function that MPI calls.
    var callback: OperationCallback {
        switch (kind, operand) {
        case (.sum, .int8): { apply($0, $1, $2, $3) { (a: Int8, b: Int8) in a &+ b } }
        case (.sum, .int16): { apply($0, $1, $2, $3) { (a: Int16, b: Int16) in a &+ b } }
        case (.sum, .uint8): { apply($0, $1, $2, $3) { (a: UInt8, b: UInt8) in a &+ b } }
        case (.sum, .uint16): { apply($0, $1, $2, $3) { (a: UInt16, b: UInt16) in a &+ b } }
        case (.product, .int8): { apply($0, $1, $2, $3) { (a: Int8, b: Int8) in a &* b } }
        case (.product, .int16): { apply($0, $1, $2, $3) { (a: Int16, b: Int16) in a &* b } }
        case (.product, .uint8): { apply($0, $1, $2, $3) { (a: UInt8, b: UInt8) in a &* b } }
        case (.product, .uint16): { apply($0, $1, $2, $3) { (a: UInt16, b: UInt16) in a &* b } }
        case (.minimum, .uint8): { apply($0, $1, $2, $3) { (a: UInt8, b: UInt8) in min(a, b) } }
        case (.minimum, .uint16): { apply($0, $1, $2, $3) { (a: UInt16, b: UInt16) in min(a, b) } }
        case (.minimum, .uint32): { apply($0, $1, $2, $3) { (a: UInt32, b: UInt32) in min(a, b) } }
        case (.minimum, .uint64): { apply($0, $1, $2, $3) { (a: UInt64, b: UInt64) in min(a, b) } }
        case (.maximum, .uint8): { apply($0, $1, $2, $3) { (a: UInt8, b: UInt8) in max(a, b) } }
        case (.maximum, .uint16): { apply($0, $1, $2, $3) { (a: UInt16, b: UInt16) in max(a, b) } }
        case (.maximum, .uint32): { apply($0, $1, $2, $3) { (a: UInt32, b: UInt32) in max(a, b) } }
        case (.maximum, .uint64): { apply($0, $1, $2, $3) { (a: UInt64, b: UInt64) in max(a, b) } }
        case (.minimum, .float): { apply($0, $1, $2, $3) { (a: Float, b: Float) in minimum(a, b) } }
        case (.minimum, .double): { apply($0, $1, $2, $3) { (a: Double, b: Double) in minimum(a, b) } }
        case (.maximum, .float): { apply($0, $1, $2, $3) { (a: Float, b: Float) in maximum(a, b) } }
        case (.maximum, .double): { apply($0, $1, $2, $3) { (a: Double, b: Double) in maximum(a, b) } }
        case (.minimum, .floatIndex):
            { applyToPairs($0, $1, $2, $3) { (a: Float, b: Float) in minimum(a, b) } }
        case (.minimum, .doubleIndex):
            { applyToPairs($0, $1, $2, $3) { (a: Double, b: Double) in minimum(a, b) } }
        case (.maximum, .floatIndex):
            { applyToPairs($0, $1, $2, $3) { (a: Float, b: Float) in maximum(a, b) } }
        case (.maximum, .doubleIndex):
            { applyToPairs($0, $1, $2, $3) { (a: Double, b: Double) in maximum(a, b) } }
        case (.sum, _), (.product, _), (.minimum, _), (.maximum, _):
            fatalError("\(kind) of \(operand) needs no correction")
        }
    }

    /// All corrected operations.
    static var all: [CorrectedOperation] {
        let types: [any MPIDatatype.Type] = [
            Int8.self, Int16.self, UInt8.self, UInt16.self, UInt32.self, UInt64.self, Float.self, Double.self,
            ValueIndex<Float>.self, ValueIndex<Double>.self,
        ]
        return Kind.allCases.flatMap { kind in types.compactMap { CorrectedOperation(kind, of: $0) } }
    }
}

@inline(__always)
private func apply<T>(
    _ lower: UnsafeMutableRawPointer?, _ higher: UnsafeMutableRawPointer?, _ length: UnsafeMutablePointer<CInt>?,
    _ datatype: UnsafeMutableRawPointer?, _ combine: (T, T) -> T
) {
    guard let lower, let higher, let length else { return }
    let (a, b) = (lower.assumingMemoryBound(to: T.self), higher.assumingMemoryBound(to: T.self))
    for index in 0..<Int(length.pointee) { b[index] = combine(a[index], b[index]) }
}

/// Keeps the index of the value that `select` returns; if the values are equal, the lower index.
@inline(__always)
private func applyToPairs<Value: IEEE754Number & MPIIndexable>(
    _ lower: UnsafeMutableRawPointer?, _ higher: UnsafeMutableRawPointer?, _ length: UnsafeMutablePointer<CInt>?,
    _ datatype: UnsafeMutableRawPointer?, _ select: (Value, Value) -> Value
) {
    apply(lower, higher, length, datatype) { (a: ValueIndex<Value>, b: ValueIndex<Value>) in
        let bits = select(a.value, b.value).bitPattern
        let (isA, isB) = (bits == a.value.bitPattern, bits == b.value.bitPattern)
        return isA && (!isB || a.index <= b.index) ? a : b
    }
}

private protocol IEEE754Number: BinaryFloatingPoint {
    associatedtype BitPattern: FixedWidthInteger & UnsignedInteger
    var bitPattern: BitPattern { get }
    init(bitPattern: BitPattern)
}

extension Float: IEEE754Number {}
extension Double: IEEE754Number {}

/// Returns the smaller number: NaN if either number is NaN, and -0 is smaller than +0. If both are NaN, the one with
/// the larger bit pattern, so that the result never depends on the order.
///
/// IEEE 754-2019 §9.6, minimum.
@inline(__always)
private func minimum<Number: IEEE754Number>(_ a: Number, _ b: Number) -> Number {
    // Equal numbers differ in their signs only if they are zeros.
    let smaller = a < b ? a.bitPattern : b < a ? b.bitPattern : a.bitPattern | b.bitPattern
    return Number(bitPattern: notANumber(a, b) ?? smaller)
}

/// Returns the larger number; NaN and zeros are treated as in ``minimum(_:_:)``.
///
/// IEEE 754-2019 §9.6, maximum.
@inline(__always)
private func maximum<Number: IEEE754Number>(_ a: Number, _ b: Number) -> Number {
    let larger = a > b ? a.bitPattern : b > a ? b.bitPattern : a.bitPattern & b.bitPattern
    return Number(bitPattern: notANumber(a, b) ?? larger)
}

/// Returns the bit pattern of the NaN among two numbers, or `nil` if neither is NaN.
@inline(__always)
private func notANumber<Number: IEEE754Number>(_ a: Number, _ b: Number) -> Number.BitPattern? {
    let bits = max(a.isNaN ? a.bitPattern : 0, b.isNaN ? b.bitPattern : 0)
    return bits == 0 ? nil : bits
}
