public import CMPI

/// How a reduction combines two values of type `T`.
///
/// A predefined operation exists only for types it is defined for: the bitwise ones need integers, the logical ones
/// `Bool` or integers, a minimum needs an order. One's own is made of a closure:
/// ``init(commutative:_:)``.
///
/// MPI: `MPI_Op`, MPI-3.1 §5.9.2.
public struct ReductionOperation<T: MPIDatatype> {
    /// MPI's own handle.
    public let handle: MPI_Op
    /// What the handle belongs to; predefined operations belong to nobody and cost no reference counting.
    @usableFromInline let definition: UserOperation?

    @inlinable
    init(_ handle: MPI_Op) {
        self.handle = handle
        self.definition = nil
    }

    @inlinable
    init(_ definition: UserOperation) {
        self.handle = definition.handle
        self.definition = definition
    }

    /// What a request keeps until its reduction is complete.
    @inlinable var kept: [Any?] { definition.map { [$0] } ?? [] }

    /// Whether `a op b` is `b op a`, so that MPI may combine the ranks' values in any order.
    ///
    /// MPI: `MPI_Op_commutative`, MPI-3.1 §5.9.7.
    public var isCommutative: Bool {
        get throws(MPIError) {
            var flag: CInt = 0
            try check("MPI_Op_commutative", MPI_Op_commutative(handle, &flag))
            return flag != 0
        }
    }

    /// Combines two buffers of this rank, element by element: `higher = lower op higher`.
    ///
    /// - Throws: ``MPIError`` where the buffers do not have as many elements.
    ///
    /// MPI: `MPI_Reduce_local`, MPI-3.1 §5.9.7.
    @inlinable
    public func combine(
        _ lower: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        into higher: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable
    ) throws(MPIError) {
        if lower.elementCount != higher.elementCount {
            throw MPIError(
                refused: "MPI_Reduce_local", MPIError.count,
                "\(lower.elementCount) elements do not combine with \(higher.elementCount)")
        }
        let code = try lower.sending { (lower, count, type) throws(MPIError) in
            try higher.withMutableAddress { MPI_Reduce_local(lower, $0, count, type, handle) }
        }
        try check("MPI_Reduce_local", code)
    }
}

/// The handle never changes, and MPI lets any thread use it.
extension ReductionOperation: @unchecked Sendable {}

extension ReductionOperation where T: MPIArithmetic {
    /// Addition (`MPI_SUM`). Floating-point sums depend on the order, hence on the number of ranks.
    @inlinable public static var sum: Self { Self(unwrapped(CMPI_SUM())) }
    /// Multiplication (`MPI_PROD`).
    @inlinable public static var product: Self { Self(unwrapped(CMPI_PROD())) }
}

extension ReductionOperation where T: MPINumeric {
    /// The smaller (`MPI_MIN`). MPICH 4.0 compares unsigned integers as if they were signed: correct below half their
    /// range only.
    @inlinable public static var min: Self { Self(unwrapped(CMPI_MIN())) }
    /// The larger (`MPI_MAX`), with the same fault of MPICH 4.0 as ``min``.
    @inlinable public static var max: Self { Self(unwrapped(CMPI_MAX())) }
}

extension ReductionOperation where T: MPIValueIndex {
    /// The smaller value with its index; of equal ones the lower index (`MPI_MINLOC`, §5.9.4).
    @inlinable public static var minLocation: Self { Self(unwrapped(CMPI_MINLOC())) }
    /// The larger value with its index; of equal ones the lower index (`MPI_MAXLOC`, §5.9.4).
    @inlinable public static var maxLocation: Self { Self(unwrapped(CMPI_MAXLOC())) }
}

extension ReductionOperation where T: MPIInteger {
    /// Bits set in both (`MPI_BAND`).
    @inlinable public static var bitwiseAnd: Self { Self(unwrapped(CMPI_BAND())) }
    /// Bits set in either (`MPI_BOR`).
    @inlinable public static var bitwiseOr: Self { Self(unwrapped(CMPI_BOR())) }
    /// Bits set in one of them (`MPI_BXOR`).
    @inlinable public static var bitwiseXor: Self { Self(unwrapped(CMPI_BXOR())) }
}

extension ReductionOperation where T: MPILogical {
    /// Both (`MPI_LAND`). Of integers, those that are not 0 are true, and where two were combined the result is 0 or 1.
    @inlinable public static var logicalAnd: Self { Self(unwrapped(CMPI_LAND())) }
    /// Either (`MPI_LOR`).
    @inlinable public static var logicalOr: Self { Self(unwrapped(CMPI_LOR())) }
    /// One but not both (`MPI_LXOR`).
    @inlinable public static var logicalXor: Self { Self(unwrapped(CMPI_LXOR())) }
}
