public import CMPI

/// A value with its index, for reductions that locate the smallest or largest value.
///
/// The memory layout is that of C's `struct { double value; int index; }`.
///
/// ```swift
/// let worst = try world.Allreduce(ValueIndex(residual, at: world.rank), op: .maxLocation)
/// print("rank \(worst.index) has \(worst.value)")
/// ```
///
/// MPI: `MPI_DOUBLE_INT` and its relatives, MPI-3.1 §5.9.4.
@frozen
public struct ValueIndex<Value: MPIIndexable>: MPIValueIndex, Hashable {
    /// The value to compare.
    public var value: Value
    @usableFromInline var cIndex: CInt

    /// Creates a value with its index, which is often a rank.
    ///
    /// - Parameters:
    ///   - value: The value to compare.
    ///   - index: The index, which must fit a C `int`. If values are equal, a reduction returns the lowest index.
    @inlinable
    public init(_ value: Value, at index: Int) {
        self.value = value
        self.cIndex = CInt(index)
    }

    /// The index of the value.
    @inlinable public var index: Int { Int(cIndex) }

    @inlinable public static var mpiDatatype: MPI_Datatype { Value.mpiValueIndexDatatype }
}

extension ValueIndex: Sendable where Value: Sendable {}

/// The pairs that ``ReductionOperation/minLocation`` and ``ReductionOperation/maxLocation`` compare: every
/// ``ValueIndex``.
public protocol MPIValueIndex: MPIDatatype {}

/// A type that the value of a ``ValueIndex`` can have: a type for which MPI has a predefined pair.
public protocol MPIIndexable: MPINumeric {
    /// MPI's handle for one pair.
    static var mpiValueIndexDatatype: MPI_Datatype { get }
}

extension Float: MPIIndexable {
    @inlinable public static var mpiValueIndexDatatype: MPI_Datatype { unwrapped(CMPI_FLOAT_INT()) }
}
extension Double: MPIIndexable {
    @inlinable public static var mpiValueIndexDatatype: MPI_Datatype { unwrapped(CMPI_DOUBLE_INT()) }
}
extension Int16: MPIIndexable {
    @inlinable public static var mpiValueIndexDatatype: MPI_Datatype { unwrapped(CMPI_SHORT_INT()) }
}
extension Int32: MPIIndexable {
    @inlinable public static var mpiValueIndexDatatype: MPI_Datatype { unwrapped(CMPI_2INT()) }
}
// C's `long` has 64 bits on every platform that both MPI and Swift support.
extension Int64: MPIIndexable {
    @inlinable public static var mpiValueIndexDatatype: MPI_Datatype { unwrapped(CMPI_LONG_INT()) }
}
extension Int: MPIIndexable {
    @inlinable public static var mpiValueIndexDatatype: MPI_Datatype { Int64.mpiValueIndexDatatype }
}
