/// Whose lowercase calls those of a communicator can be mixed with, in one job.
///
/// All ranks of a communicator must speak the same. `send` and `recv` are the same in both. Where lengths go ahead of
/// the objects, in the collectives, mpi4py changed their type:
///
/// | | lengths are | |
/// |---|---|---|
/// | ``mpi4py4`` | `MPI_COUNT`, 8 bytes | mpi4py 4.0 and later; among Swift ranks, objects of any size |
/// | ``mpi4py3`` | `MPI_INT`, 4 bytes | mpi4py 3.1 and earlier, such as Debian 12's; objects below 2 GiB |
///
/// The Python side has to write CBOR: `MPI.pickle.__init__(cbor2.dumps, cbor2.loads)`.
public enum ObjectProtocol: Hashable, Sendable {
    /// As mpi4py 4 does, the default.
    case mpi4py4
    /// As mpi4py 3 does.
    case mpi4py3
}
