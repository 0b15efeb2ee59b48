// Datatypes (MPI-3.1 chapters 3.2.2 and 4).
// Missing: distributed arrays (`MPI_Type_create_darray`), layouts with displacements in bytes, `MPI_LONG_DOUBLE`.

public import CMPI

/// A type whose values MPI can move as they lie in memory.
///
/// The fixed-width integers, `Int`, `UInt`, `Float`, `Double` and `Bool` are such types, and so are ``Complex``,
/// ``ValueIndex``, SIMD vectors and `InlineArray`s of such types; a struct of one's own becomes one as an
/// ``MPIStructure``. Pointers are not: an address means nothing on another rank, so handing a buffer of pointers to MPI
/// does not compile.
///
/// MPI: `MPI_Datatype`, MPI-3.1 §3.2.2.
public protocol MPIDatatype: BitwiseCopyable, SendableMetatype {
    /// MPI's handle for one value of this type.
    static var mpiDatatype: MPI_Datatype { get }
}

/// A datatype MPI can add and multiply.
///
/// MPI: the groups *C integer*, *Floating point* and *Complex*, MPI-3.1 §5.9.2.
public protocol MPIArithmetic: MPIDatatype {}

/// A datatype MPI can also order; vectors of it (`SIMD4<Double>`) are datatypes, too.
///
/// MPI: the groups *C integer* and *Floating point*, MPI-3.1 §5.9.2.
public protocol MPINumeric: MPIArithmetic, Comparable, Hashable, Codable, SIMDScalar
where
    SIMD2Storage: BitwiseCopyable, SIMD4Storage: BitwiseCopyable, SIMD8Storage: BitwiseCopyable,
    SIMD16Storage: BitwiseCopyable, SIMD32Storage: BitwiseCopyable, SIMD64Storage: BitwiseCopyable
{}

/// A datatype MPI can take for true or false; an integer is false if it is 0.
///
/// MPI: the groups *C integer* and *Logical*, MPI-3.1 §5.9.2.
public protocol MPILogical: MPIDatatype {}

/// A datatype MPI can combine bit by bit.
///
/// MPI: the group *C integer*, MPI-3.1 §5.9.2.
public protocol MPIInteger: MPINumeric, MPILogical, FixedWidthInteger {}

extension Int8: MPIInteger {
    @inlinable public static var mpiDatatype: MPI_Datatype { unwrapped(CMPI_INT8_T()) }
}
extension Int16: MPIInteger {
    @inlinable public static var mpiDatatype: MPI_Datatype { unwrapped(CMPI_INT16_T()) }
}
extension Int32: MPIInteger {
    @inlinable public static var mpiDatatype: MPI_Datatype { unwrapped(CMPI_INT32_T()) }
}
extension Int64: MPIInteger {
    @inlinable public static var mpiDatatype: MPI_Datatype { unwrapped(CMPI_INT64_T()) }
}
extension UInt8: MPIInteger {
    @inlinable public static var mpiDatatype: MPI_Datatype { unwrapped(CMPI_UINT8_T()) }
}
extension UInt16: MPIInteger {
    @inlinable public static var mpiDatatype: MPI_Datatype { unwrapped(CMPI_UINT16_T()) }
}
extension UInt32: MPIInteger {
    @inlinable public static var mpiDatatype: MPI_Datatype { unwrapped(CMPI_UINT32_T()) }
}
extension UInt64: MPIInteger {
    @inlinable public static var mpiDatatype: MPI_Datatype { unwrapped(CMPI_UINT64_T()) }
}
// Every platform MPI is built for today has 64-bit integers.
extension Int: MPIInteger {
    @inlinable public static var mpiDatatype: MPI_Datatype { Int64.mpiDatatype }
}
extension UInt: MPIInteger {
    @inlinable public static var mpiDatatype: MPI_Datatype { UInt64.mpiDatatype }
}
extension Float: MPINumeric {
    @inlinable public static var mpiDatatype: MPI_Datatype { unwrapped(CMPI_FLOAT()) }
}
extension Double: MPINumeric {
    @inlinable public static var mpiDatatype: MPI_Datatype { unwrapped(CMPI_DOUBLE()) }
}
extension Bool: MPILogical {
    @inlinable public static var mpiDatatype: MPI_Datatype { unwrapped(CMPI_C_BOOL()) }
}
