internal import CMPI

/// A function that MPI calls to combine values: `MPI_User_function`, MPI-3.1 §5.9.5, in words that are the same for
/// every MPI. A declaration with C's type in it crashes the tool that extracts the documentation (Swift 6.3.1).
typealias OperationCallback =
    @convention(c) (
        UnsafeMutableRawPointer?, UnsafeMutableRawPointer?, UnsafeMutablePointer<CInt>?, UnsafeMutableRawPointer?
    ) -> Void

/// The operations that SwiftMPI makes known to MPI: those of ``CorrectedOperation``, and one for all closures of the
/// user that are commutative and one for all that are not. Made when MPI starts, there until it ends.
enum OwnOperations {
    // Optional pointers in one MPI, integers in the other: the arrays' type is inferred.
    private struct Handles {
        var corrected = Array(
            repeating: CMPI_OP_NULL(),
            count: CorrectedOperation.Kind.allCases.count * CorrectedOperation.Operand.allCases.count)
        var userDefined = [CMPI_OP_NULL(), CMPI_OP_NULL()]
    }

    /// Written before the program gets its first communicator, and not changed afterwards.
    @exclusivity(unchecked) nonisolated(unsafe) private static var handles = Handles()

    static func handle(of operation: CorrectedOperation) -> MPI_Op {
        unwrapped(handles.corrected[place(of: operation)])
    }

    static func userDefinedHandle(commutative: Bool) -> MPI_Op {
        unwrapped(handles.userDefined[commutative ? 1 : 0])
    }

    /// Makes them in the first run of the process; MPI may have several where a C library has initialized it.
    ///
    /// MPI: `MPI_Op_create`, MPI-3.1 §5.9.5.
    static func create() throws(MPIError) {
        if handles.userDefined[0] != CMPI_OP_NULL() { return }
        for operation in CorrectedOperation.all {
            handles.corrected[place(of: operation)] = try create(operation.callback, commutative: true)
        }
        for index in handles.userDefined.indices {
            handles.userDefined[index] = try create(UserOperation.callback, commutative: index == 1)
        }
    }

    private static func place(of operation: CorrectedOperation) -> Int {
        operation.kind.rawValue * CorrectedOperation.Operand.allCases.count + operation.operand.rawValue
    }

    private static func create(_ callback: OperationCallback, commutative: Bool) throws(MPIError) -> MPI_Op {
        var new = CMPI_OP_NULL()
        let function = unsafeBitCast(callback, to: CMPI_User_function.self)
        try check("MPI_Op_create", MPI_Op_create(function, commutative ? 1 : 0, &new))
        return unwrapped(new)
    }
}
