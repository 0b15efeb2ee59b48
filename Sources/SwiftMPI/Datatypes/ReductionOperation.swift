public import CMPI

/// How a reduction combines two values of type `T`.
///
/// A predefined operation exists only for types it is defined for: the bitwise ones need integers, the logical ones
/// `Bool` or integers, a minimum needs an order. A closure makes an operation of your own:
/// ``init(commutative:file:line:_:)``.
///
/// Predefined operations give the same values with every MPI library and on every rank: integers wrap around on
/// overflow, and the smallest and largest floating-point numbers are those of IEEE 754-2019, `minimum` and `maximum`.
/// Where a library does otherwise, an operation of SwiftMPI's own replaces the library's.
///
/// MPI: `MPI_Op`, MPI-3.1 §5.9.2.
public struct ReductionOperation<T: MPIDatatype> {
    @usableFromInline
    enum Definition {
        case predefined(MPI_Op)
        case corrected(CorrectedOperation, of: MPI_Op)
        case userDefined(UserOperation)
    }

    @usableFromInline let definition: Definition

    @inlinable
    init(_ definition: Definition) { self.definition = definition }

    /// An operation of MPI's, or the one that replaces it for this type.
    @inlinable
    init(_ predefined: MPI_Op, unless corrected: CorrectedOperation?) {
        definition = corrected.map { .corrected($0, of: predefined) } ?? .predefined(predefined)
    }

    /// The operation as the library has it, for reductions with ranks that call the library otherwise than by SwiftMPI.
    ///
    /// All ranks of a reduction must use the same operation, and some that are predefined are replaced by SwiftMPI's
    /// own. A reduction of Swift and Python ranks would give wrong values with MPICH; write there
    ///
    /// ```swift
    /// let largest = try world.Allreduce(here, op: .max.predefined)
    /// ```
    ///
    /// What the library does wrong is wrong then.
    @inlinable public var predefined: Self {
        if case .corrected(_, let handle) = definition { Self(.predefined(handle)) } else { self }
    }

    /// MPI's own handle; inside ``MPI/run(threads:_:)`` only.
    @inlinable public var handle: MPI_Op {
        switch definition {
        case .predefined(let handle): handle
        case .corrected(let operation, _): operation.handle
        case .userDefined(let operation): operation.handle
        }
    }

    /// The datatype that belongs to the handle in a call of C: a user-defined operation has one of its own, which
    /// begins at the first byte of an element that travels.
    @inlinable public var datatype: MPI_Datatype {
        if case .userDefined(let operation) = definition { operation.datatype } else { T.mpiDatatype }
    }

    /// Where the datatype begins in an element, in bytes.
    @inlinable var offset: Int {
        if case .userDefined(let operation) = definition { operation.offset } else { 0 }
    }

    /// What a request keeps until its reduction is complete.
    @inlinable var kept: (any KeptByRequest)? {
        if case .userDefined(let operation) = definition { operation } else { nil }
    }

    /// Whether `a op b` is `b op a`, so that MPI may combine the ranks' values in any order.
    ///
    /// MPI: `MPI_Op_commutative`, MPI-3.1 §5.9.7.
    public var isCommutative: Bool {
        get throws(MPIError) {
            try MPI.requireRunning("MPI_Op_commutative")
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
    public func combine(
        _ lower: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        into higher: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable
    ) throws(MPIError) {
        try MPI.requireRunning("MPI_Reduce_local")
        try reduce(lower, into: &higher, "MPI_Reduce_local", inChunks: true) {
            MPI_Reduce_local($0, $1, $2, datatype, handle)
        }
    }
}

/// The handle never changes, and MPI lets any thread use it.
extension ReductionOperation: @unchecked Sendable {}

extension ReductionOperation where T: MPIArithmetic {
    /// Addition (`MPI_SUM`); integers wrap around. Floating-point sums depend on the order, hence on the number of
    /// ranks.
    @inlinable public static var sum: Self { Self(unwrapped(CMPI_SUM()), unless: CorrectedOperation(.sum, of: T.self)) }
    /// Multiplication (`MPI_PROD`); integers wrap around.
    @inlinable public static var product: Self {
        Self(unwrapped(CMPI_PROD()), unless: CorrectedOperation(.product, of: T.self))
    }
}

extension ReductionOperation where T: MPINumeric {
    /// The smaller value (`MPI_MIN`).
    ///
    /// Of floating-point numbers as IEEE 754-2019 `minimum`: NaN if one of the values is NaN, and -0 is smaller than
    /// +0.
    @inlinable public static var min: Self {
        Self(unwrapped(CMPI_MIN()), unless: CorrectedOperation(.minimum, of: T.self))
    }
    /// The larger value (`MPI_MAX`).
    ///
    /// Of floating-point numbers as IEEE 754-2019 `maximum`: NaN if one of the values is NaN, and -0 is smaller than
    /// +0.
    @inlinable public static var max: Self {
        Self(unwrapped(CMPI_MAX()), unless: CorrectedOperation(.maximum, of: T.self))
    }
}

extension ReductionOperation where T: MPIValueIndex {
    /// The smaller value with its index; of equal ones the lower index (`MPI_MINLOC`, §5.9.4).
    ///
    /// Values compare as for ``min``: a NaN is found, and -0 is smaller than +0.
    @inlinable public static var minLocation: Self {
        Self(unwrapped(CMPI_MINLOC()), unless: CorrectedOperation(.minimum, of: T.self))
    }
    /// The larger value with its index; of equal ones the lower index (`MPI_MAXLOC`, §5.9.4).
    ///
    /// Values compare as for ``max``: a NaN is found, and -0 is smaller than +0.
    @inlinable public static var maxLocation: Self {
        Self(unwrapped(CMPI_MAXLOC()), unless: CorrectedOperation(.maximum, of: T.self))
    }
}

extension ReductionOperation where T: MPIInteger {
    /// Bits set in both (`MPI_BAND`).
    @inlinable public static var bitwiseAnd: Self { Self(.predefined(unwrapped(CMPI_BAND()))) }
    /// Bits set in either (`MPI_BOR`).
    @inlinable public static var bitwiseOr: Self { Self(.predefined(unwrapped(CMPI_BOR()))) }
    /// Bits set in one of them (`MPI_BXOR`).
    @inlinable public static var bitwiseXor: Self { Self(.predefined(unwrapped(CMPI_BXOR()))) }
}

extension ReductionOperation where T: MPILogical {
    /// Both (`MPI_LAND`). Of integers, those that are not 0 are true, and where two were combined the result is 0 or 1.
    @inlinable public static var logicalAnd: Self { Self(.predefined(unwrapped(CMPI_LAND()))) }
    /// Either (`MPI_LOR`).
    @inlinable public static var logicalOr: Self { Self(.predefined(unwrapped(CMPI_LOR()))) }
    /// One but not both (`MPI_LXOR`).
    @inlinable public static var logicalXor: Self { Self(.predefined(unwrapped(CMPI_LXOR()))) }
}
