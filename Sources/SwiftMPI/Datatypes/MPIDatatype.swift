// Datatypes (MPI-3.1 chapters 3.2.2 and 4).
// Missing: distributed arrays (`MPI_Type_create_darray`), layouts with displacements in bytes, `MPI_LONG_DOUBLE`.

public import CMPI

/// A type whose values MPI can send and receive in place, without serialization.
///
/// The fixed-width integers, `Int`, `UInt`, `Float`, `Double`, `Bool`, ``Complex`` and ``ValueIndex`` conform, as do
/// SIMD vectors and `InlineArray`s of such types. A struct of your own can conform to ``MPIStructure``. Pointers do not
/// conform, because an address means nothing on another rank: a program that passes a buffer of pointers to MPI does
/// not compile.
///
/// MPI: `MPI_Datatype`, MPI-3.1 §3.2.2.
public protocol MPIDatatype: BitwiseCopyable, SendableMetatype {
    /// MPI's handle for one value of this type.
    static var mpiDatatype: MPI_Datatype { get }
}

/// A datatype whose values MPI can add and multiply.
///
/// MPI: the groups *C integer*, *Floating point* and *Complex*, MPI-3.1 §5.9.2.
public protocol MPIArithmetic: MPIDatatype {}

/// A datatype whose values MPI can also order. SIMD vectors of these values, such as `SIMD4<Double>`, are datatypes
/// too.
///
/// MPI: the groups *C integer* and *Floating point*, MPI-3.1 §5.9.2.
public protocol MPINumeric: MPIArithmetic, Comparable, Hashable, Codable, SIMDScalar
where
    SIMD2Storage: BitwiseCopyable, SIMD4Storage: BitwiseCopyable, SIMD8Storage: BitwiseCopyable,
    SIMD16Storage: BitwiseCopyable, SIMD32Storage: BitwiseCopyable, SIMD64Storage: BitwiseCopyable
{}

/// A datatype whose values MPI can interpret as true or false. An integer is false if it is 0.
///
/// MPI: the groups *C integer* and *Logical*, MPI-3.1 §5.9.2.
public protocol MPILogical: MPIDatatype {}

/// A datatype whose values MPI can combine bitwise.
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
// Every platform that MPI supports today has 64-bit integers.
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
