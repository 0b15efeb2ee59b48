public import CMPI

/// A complex number with the memory layout of C, Fortran and numpy: the real part, then the imaginary part.
///
/// MPI can add and multiply complex numbers. They have no order, so a minimum of complex numbers does not compile. The
/// lowercase calls exchange them with Python ranks as Python's `complex`; see <doc:WireFormat>.
///
/// MPI: `MPI_C_DOUBLE_COMPLEX`, `MPI_C_FLOAT_COMPLEX`, MPI-3.1 §3.2.2.
@frozen
public struct Complex<Real: MPIComplexPart>: MPIArithmetic, Hashable, Codable {
    /// The real part.
    public var real: Real
    /// The imaginary part.
    public var imaginary: Real

    /// Creates the number real + imaginary · i.
    @inlinable
    public init(_ real: Real, _ imaginary: Real) {
        self.real = real
        self.imaginary = imaginary
    }

    @inlinable public static var mpiDatatype: MPI_Datatype { Real.mpiComplexDatatype }
}

extension Complex: Sendable where Real: Sendable {}

/// A type that the two parts of a ``Complex`` number can have.
public protocol MPIComplexPart: MPINumeric, BinaryFloatingPoint {
    /// MPI's handle for one complex number.
    static var mpiComplexDatatype: MPI_Datatype { get }
}

extension Float: MPIComplexPart {
    @inlinable public static var mpiComplexDatatype: MPI_Datatype { unwrapped(CMPI_C_FLOAT_COMPLEX()) }
}
extension Double: MPIComplexPart {
    @inlinable public static var mpiComplexDatatype: MPI_Datatype { unwrapped(CMPI_C_DOUBLE_COMPLEX()) }
}
