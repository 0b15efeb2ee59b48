/// The vector everything is evaluated in. A processor without 512-bit registers gets it in pieces, with the same results.
@usableFromInline package typealias Vector = SIMD8<Double>

extension Vector {
    /// How many doubles a vector has.
    @inlinable package static var width: Int { 8 }

    /// 0, 1, … 7.
    @inlinable package static var lanes: Vector { Vector(0, 1, 2, 3, 4, 5, 6, 7) }

    @inlinable @inline(__always) package var bits: SIMD8<UInt64> { unsafeBitCast(self, to: SIMD8<UInt64>.self) }

    @inlinable @inline(__always)
    package init(bits: SIMD8<UInt64>) { self = unsafeBitCast(bits, to: Vector.self) }

    @inlinable @inline(__always)
    package var magnitude: Vector { Vector(bits: bits & SIMD8<UInt64>(repeating: 0x7FFF_FFFF_FFFF_FFFF)) }

    /// `self + a·b`, rounded once.
    @inline(__always)
    func adding(_ a: Vector, times b: Double) -> Vector { addingProduct(a, Vector(repeating: b)) }
}

// Raw loads and stores of an aligned vector; typed ones would be of a type the memory does not have.

@inlinable @inline(__always)
package func load(_ address: UnsafeMutablePointer<Double>) -> Vector {
    UnsafeRawPointer(address).load(as: Vector.self)
}

@inlinable @inline(__always)
package func store(_ vector: Vector, _ address: UnsafeMutablePointer<Double>) {
    UnsafeMutableRawPointer(address).storeBytes(of: vector, as: Vector.self)
}
