public import CMPI

/// A complex number as C, Fortran and numpy keep it: the real part, then the imaginary one.
///
/// MPI can add and multiply such numbers; they have no order, so that a minimum of them does not compile. In the
/// lowercase calls they are Python's `complex` to Python ranks, see <doc:WireFormat>.
///
/// MPI: `MPI_C_DOUBLE_COMPLEX`, `MPI_C_FLOAT_COMPLEX`, MPI-3.1 §3.2.2.
@frozen
public struct Complex<Real: MPIComplexPart>: MPIArithmetic, Hashable, Codable {
    /// The real part.
    public var real: Real
    /// The imaginary part.
    public var imaginary: Real

    /// The number real + imaginary · i.
    @inlinable
    public init(_ real: Real, _ imaginary: Real) {
        self.real = real
        self.imaginary = imaginary
    }

    @inlinable public static var mpiDatatype: MPI_Datatype { Real.mpiComplexDatatype }
}

extension Complex: Sendable where Real: Sendable {}

/// A type of the two parts of a ``Complex`` number.
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
