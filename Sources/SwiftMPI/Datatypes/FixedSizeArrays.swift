public import CMPI

// Vectors and arrays whose length is part of their type. The fourth lane of a three-dimensional vector is padding and
// is not sent.

extension InlineArray: MPIDatatype where Element: MPIDatatype {
    /// A datatype that is made and committed at first use and freed when MPI is finalized.
    ///
    /// MPI: `MPI_Type_contiguous`, MPI-3.1 §4.1.2.
    public static var mpiDatatype: MPI_Datatype { CommittedDatatypes.datatype(of: Self.self, count, Element.self) }
}

extension MPIDatatype where Self: SIMD, Scalar: MPINumeric {
    /// A datatype that is made and committed at first use and freed when MPI is finalized.
    ///
    /// MPI: `MPI_Type_contiguous`, MPI-3.1 §4.1.2.
    public static var mpiDatatype: MPI_Datatype { CommittedDatatypes.datatype(of: Self.self, scalarCount, Scalar.self) }
}

extension SIMD2: MPIDatatype where Scalar: MPINumeric {}
extension SIMD3: MPIDatatype where Scalar: MPINumeric {}
extension SIMD4: MPIDatatype where Scalar: MPINumeric {}
extension SIMD8: MPIDatatype where Scalar: MPINumeric {}
extension SIMD16: MPIDatatype where Scalar: MPINumeric {}
extension SIMD32: MPIDatatype where Scalar: MPINumeric {}
extension SIMD64: MPIDatatype where Scalar: MPINumeric {}
