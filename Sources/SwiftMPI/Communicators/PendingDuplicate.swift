internal import CMPI

/// A duplicate of a communicator whose creation is in progress.
///
/// Call ``wait()`` to complete it. If a rank drops the value instead, the job ends with a one-line message.
///
/// MPI: the request of `MPI_Comm_idup`, MPI-3.1 §6.4.2.
public struct PendingDuplicate: ~Copyable {
    private var duplicate: PendingHandle
    /// The duplicate of the graph in the communicator's ``NeighborExchange``.
    private var graph: PendingHandle?

    init(of parent: Communicator) throws(MPIError) {
        let duplicate = try PendingHandle(of: parent)
        var graph: PendingHandle?
        if let exchange = parent.neighborExchange { graph = try PendingHandle(of: exchange.graph) }
        self.duplicate = duplicate
        self.graph = graph
    }

    /// Returns whether ``wait()`` would return immediately.
    ///
    /// MPI: `MPI_Test`, MPI-3.1 §3.7.3.
    public mutating func test() throws(MPIError) -> Bool {
        let isDone = try duplicate.operation.test()
        return try graph?.operation.test() ?? true && isDone
    }

    /// Waits for the duplicate and returns it; it has the same kind as the original communicator.
    ///
    /// MPI: `MPI_Wait`, MPI-3.1 §3.7.3.
    public consuming func wait() throws(MPIError) -> Communicator {
        let exchange = duplicate.parent.neighborExchange
        let new = try duplicate.wait()
        if let graph = try graph.take()?.wait() { new.neighborExchange = exchange?.with(graph) }
        return new
    }
}

private struct PendingHandle: ~Copyable {
    let parent: Communicator
    let slot: Slot
    var operation: PendingOperation

    init(of parent: Communicator) throws(MPIError) {
        let slot = Slot()
        var request = CMPI_REQUEST_NULL()
        try check("MPI_Comm_idup", MPI_Comm_idup(parent.handle, slot.new, &request))
        self.parent = parent
        self.slot = slot
        self.operation = PendingOperation(unwrapped(request), "MPI_Comm_idup")
    }

    consuming func wait() throws(MPIError) -> Communicator {
        _ = try operation.wait()
        return try type(of: parent).init(unwrapped(slot.new.pointee), from: parent)
    }
}

extension Communicator {
    /// Starts duplicating the communicator; see ``dup()``.
    ///
    /// Collective. The communicator can be used for messages in the meantime.
    ///
    /// MPI: `MPI_Comm_idup`, MPI-3.1 §6.4.2.
    public final func idup() throws(MPIError) -> PendingDuplicate { try PendingDuplicate(of: self) }
}

/// The memory, at a fixed address, where MPI stores the new handle.
private final class Slot {
    let new = allocated(CMPI_COMM_NULL())

    deinit { new.deallocate() }
}

/// Allocates memory for a handle, which is an optional pointer in one MPI and an integer in the other.
private func allocated<Handle>(_ initial: Handle) -> UnsafeMutablePointer<Handle> {
    let pointer = UnsafeMutablePointer<Handle>.allocate(capacity: 1)
    pointer.initialize(to: initial)
    return pointer
}
