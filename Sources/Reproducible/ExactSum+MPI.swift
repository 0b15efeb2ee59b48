public import SwiftMPI

extension ExactSum {
    /// Makes this the sum of every rank's terms, on every rank.
    ///
    /// Collective. The result has the same bits whatever the number of ranks and however the terms lay on them.
    ///
    /// - Throws: ``MPIError``.
    ///
    /// MPI: one `MPI_Allreduce` of integers, MPI-3.1 §5.9.6.
    public mutating func allreduce(over communicator: Communicator) throws(MPIError) {
        resolveCarries()
        var span = words.mutableSpan
        try communicator.Allreduce(inPlace: &span, op: .sum)
        resolveCarries()
    }
}
