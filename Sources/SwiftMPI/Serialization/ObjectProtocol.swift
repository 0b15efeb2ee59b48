/// The mpi4py version whose lowercase calls can be mixed with those of a communicator in one job.
///
/// All ranks of a communicator must use the same protocol. `send` and `recv` are identical in both. The collectives
/// send lengths before objects, and mpi4py 4 changed the type of the lengths:
///
/// | | type of lengths | |
/// |---|---|---|
/// | ``mpi4py4`` | `MPI_COUNT`, 8 bytes | mpi4py 4.0 and later; among Swift ranks, objects of any size |
/// | ``mpi4py3`` | `MPI_INT`, 4 bytes | mpi4py 3.1 and earlier, such as Debian 12's; objects below 2 GiB |
///
/// The Python side has to write CBOR: `MPI.pickle.__init__(cbor2.dumps, cbor2.loads)`.
public enum ObjectProtocol: Hashable, Sendable {
    /// The protocol of mpi4py 4, which is the default.
    case mpi4py4
    /// The protocol of mpi4py 3.
    case mpi4py3
}
