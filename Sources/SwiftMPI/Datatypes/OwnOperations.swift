internal import CMPI

/// A function that MPI calls to combine values: `MPI_User_function`, MPI-3.1 §5.9.5.
///
/// The declaration uses types that are the same in every MPI. A declaration with the C type crashes the tool that
/// extracts the documentation (Swift 6.3.1).
typealias OperationCallback =
    @convention(c) (
        UnsafeMutableRawPointer?, UnsafeMutableRawPointer?, UnsafeMutablePointer<CInt>?, UnsafeMutableRawPointer?
    ) -> Void

/// The operations that SwiftMPI registers with MPI: one for each ``CorrectedOperation``, one for all commutative
/// closures of the user, and one for all other closures. They are created when MPI starts and exist until it ends.
enum OwnOperations {
    // Handles are optional pointers in one MPI and integers in the other, so the types of the arrays are inferred.
    private struct Handles {
        var corrected = Array(
            repeating: CMPI_OP_NULL(),
            count: CorrectedOperation.Kind.allCases.count * CorrectedOperation.Operand.allCases.count)
        var userDefined = [CMPI_OP_NULL(), CMPI_OP_NULL()]
    }

    /// Written before the program gets its first communicator and unchanged afterward.
    @exclusivity(unchecked) nonisolated(unsafe) private static var handles = Handles()

    static func handle(of operation: CorrectedOperation) -> MPI_Op {
        unwrapped(handles.corrected[place(of: operation)])
    }

    static func userDefinedHandle(commutative: Bool) -> MPI_Op {
        unwrapped(handles.userDefined[commutative ? 1 : 0])
    }

    /// Creates the operations in the first MPI run of the process. A process can have several runs if a C library has
    /// initialized MPI.
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
