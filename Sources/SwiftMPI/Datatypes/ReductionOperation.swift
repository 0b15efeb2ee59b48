public import CMPI

/// An operation that combines two values of type `T` in a reduction.
///
/// Each predefined operation exists only for the types on which it is defined: the bitwise operations require integers,
/// the logical operations require `Bool` or integers, and a minimum requires an order. To define an operation of your
/// own with a closure, use ``init(commutative:file:line:_:)``.
///
/// Predefined operations give the same values with every MPI library and on every rank. Integers wrap around on
/// overflow. The smallest and largest floating-point numbers are `minimum` and `maximum` of IEEE 754-2019. If a library
/// behaves differently, SwiftMPI replaces its operation.
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

    /// Creates an operation from a predefined one, or from the one that replaces it for this type.
    @inlinable
    init(_ predefined: MPI_Op, unless corrected: CorrectedOperation?) {
        definition = corrected.map { .corrected($0, of: predefined) } ?? .predefined(predefined)
    }

    /// The library's own operation, for reductions with ranks that do not use SwiftMPI.
    ///
    /// All ranks of a reduction must use the same operation, but SwiftMPI replaces some predefined operations. With
    /// MPICH, a reduction across Swift and Python ranks would give wrong values. In such a reduction, write:
    ///
    /// ```swift
    /// let largest = try world.Allreduce(here, op: .max.predefined)
    /// ```
    ///
    /// The library's own operation has the library's bugs.
    @inlinable public var predefined: Self {
        if case .corrected(_, let handle) = definition { Self(.predefined(handle)) } else { self }
    }

    /// MPI's handle for the operation, valid only inside ``MPI/run(threads:_:)``.
    @inlinable public var handle: MPI_Op {
        switch definition {
        case .predefined(let handle): handle
        case .corrected(let operation, _): operation.handle
        case .userDefined(let operation): operation.handle
        }
    }

    /// The datatype to pass with the handle in a C call. A user-defined operation has its own datatype, which begins at
    /// the first byte that is sent of an element.
    @inlinable public var datatype: MPI_Datatype {
        if case .userDefined(let operation) = definition { operation.datatype } else { T.mpiDatatype }
    }

    /// The offset in an element at which the datatype begins, in bytes.
    @inlinable var offset: Int {
        if case .userDefined(let operation) = definition { operation.offset } else { 0 }
    }

    /// The object that a request keeps alive until its reduction is complete.
    @inlinable var kept: (any KeptByRequest)? {
        if case .userDefined(let operation) = definition { operation } else { nil }
    }

    /// Whether `a op b` equals `b op a`, so that MPI may combine the ranks' values in any order.
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

    /// Combines two buffers of this rank element by element: `higher = lower op higher`.
    ///
    /// - Throws: ``MPIError`` if the buffers have different numbers of elements.
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
    /// Addition (`MPI_SUM`); integers wrap around. Floating-point sums depend on the order and thus on the number of
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
    /// Floating-point numbers are compared as by IEEE 754-2019 `minimum`: the result is NaN if one of the values is
    /// NaN, and -0 is smaller than +0.
    @inlinable public static var min: Self {
        Self(unwrapped(CMPI_MIN()), unless: CorrectedOperation(.minimum, of: T.self))
    }
    /// The larger value (`MPI_MAX`).
    ///
    /// Floating-point numbers are compared as by IEEE 754-2019 `maximum`: the result is NaN if one of the values is
    /// NaN, and -0 is smaller than +0.
    @inlinable public static var max: Self {
        Self(unwrapped(CMPI_MAX()), unless: CorrectedOperation(.maximum, of: T.self))
    }
}

extension ReductionOperation where T: MPIValueIndex {
    /// The smaller value with its index; if the values are equal, the lower index (`MPI_MINLOC`, §5.9.4).
    ///
    /// Values are compared as by ``min``: a NaN is found, and -0 is smaller than +0.
    @inlinable public static var minLocation: Self {
        Self(unwrapped(CMPI_MINLOC()), unless: CorrectedOperation(.minimum, of: T.self))
    }
    /// The larger value with its index; if the values are equal, the lower index (`MPI_MAXLOC`, §5.9.4).
    ///
    /// Values are compared as by ``max``: a NaN is found, and -0 is smaller than +0.
    @inlinable public static var maxLocation: Self {
        Self(unwrapped(CMPI_MAXLOC()), unless: CorrectedOperation(.maximum, of: T.self))
    }
}

extension ReductionOperation where T: MPIInteger {
    /// Bitwise and (`MPI_BAND`).
    @inlinable public static var bitwiseAnd: Self { Self(.predefined(unwrapped(CMPI_BAND()))) }
    /// Bitwise or (`MPI_BOR`).
    @inlinable public static var bitwiseOr: Self { Self(.predefined(unwrapped(CMPI_BOR()))) }
    /// Bitwise exclusive or (`MPI_BXOR`).
    @inlinable public static var bitwiseXor: Self { Self(.predefined(unwrapped(CMPI_BXOR()))) }
}

extension ReductionOperation where T: MPILogical {
    /// Logical and (`MPI_LAND`). Nonzero integers are true, and the result of combining two integers is 0 or 1.
    @inlinable public static var logicalAnd: Self { Self(.predefined(unwrapped(CMPI_LAND()))) }
    /// Logical or (`MPI_LOR`).
    @inlinable public static var logicalOr: Self { Self(.predefined(unwrapped(CMPI_LOR()))) }
    /// Logical exclusive or (`MPI_LXOR`).
    @inlinable public static var logicalXor: Self { Self(.predefined(unwrapped(CMPI_LXOR()))) }
}
