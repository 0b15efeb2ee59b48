/// The vector type of all evaluations. Processors without 512-bit registers split it into parts, with the same results.
@usableFromInline package typealias Vector = SIMD8<Double>

extension Vector {
    /// The number of doubles in a vector.
    @inlinable package static var width: Int { 8 }

    /// The numbers of the lanes: 0, 1, … 7.
    @inlinable package static var lanes: Vector { Vector(0, 1, 2, 3, 4, 5, 6, 7) }

    @inlinable @inline(__always) package var bits: SIMD8<UInt64> { unsafeBitCast(self, to: SIMD8<UInt64>.self) }

    @inlinable @inline(__always)
    package init(bits: SIMD8<UInt64>) { self = unsafeBitCast(bits, to: Vector.self) }

    @inlinable @inline(__always)
    package var magnitude: Vector { Vector(bits: bits & SIMD8<UInt64>(repeating: 0x7FFF_FFFF_FFFF_FFFF)) }

    /// Returns `self + a·b`, rounded once.
    @inline(__always)
    func adding(_ a: Vector, times b: Double) -> Vector { addingProduct(a, Vector(repeating: b)) }
}

// Raw loads and stores of aligned vectors, because the memory is not bound to the vector type.

@inlinable @inline(__always)
package func load(_ address: UnsafeMutablePointer<Double>) -> Vector {
    UnsafeRawPointer(address).load(as: Vector.self)
}

@inlinable @inline(__always)
package func store(_ vector: Vector, _ address: UnsafeMutablePointer<Double>) {
    UnsafeMutableRawPointer(address).storeBytes(of: vector, as: Vector.self)
}
