public import CMPI

/// A value and where it was found, for the reductions that look for the place of the smallest or largest.
///
/// Laid out as C's `struct { double value; int index; }`.
///
/// ```swift
/// let worst = try world.Allreduce(ValueIndex(residual, at: world.rank), op: .maxLocation)
/// print("rank \(worst.index) has \(worst.value)")
/// ```
///
/// MPI: `MPI_DOUBLE_INT` and its relatives, MPI-3.1 §5.9.4.
@frozen
public struct ValueIndex<Value: MPIIndexable>: MPIValueIndex, Hashable {
    /// What is compared.
    public var value: Value
    @usableFromInline var cIndex: CInt

    /// A value and its place, often a rank.
    ///
    /// - Parameters:
    ///   - value: What is compared.
    ///   - index: Fits a C `int`; of equal values a reduction gives the lowest.
    @inlinable
    public init(_ value: Value, at index: Int) {
        self.value = value
        self.cIndex = CInt(index)
    }

    /// Where the value was found.
    @inlinable public var index: Int { Int(cIndex) }

    @inlinable public static var mpiDatatype: MPI_Datatype { Value.mpiValueIndexDatatype }
}

extension ValueIndex: Sendable where Value: Sendable {}

/// The pairs ``ReductionOperation/minLocation`` and ``ReductionOperation/maxLocation`` compare: every ``ValueIndex``.
public protocol MPIValueIndex: MPIDatatype {}

/// A type of the value in a ``ValueIndex``: one that MPI has a predefined pair for.
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
// C's `long` has 64 bits on every platform MPI and Swift share.
extension Int64: MPIIndexable {
    @inlinable public static var mpiValueIndexDatatype: MPI_Datatype { unwrapped(CMPI_LONG_INT()) }
}
extension Int: MPIIndexable {
    @inlinable public static var mpiValueIndexDatatype: MPI_Datatype { Int64.mpiValueIndexDatatype }
}
