public import SwiftMPI

extension ExactSum {
    /// Replaces this sum by the sum of all ranks' terms, on every rank. Collective.
    ///
    /// The result has the same bits for any number of ranks and any distribution of the terms.
    ///
    /// - Throws: ``MPIError`` if the reduction fails.
    ///
    /// MPI: one `MPI_Allreduce` of integers, MPI-3.1 §5.9.6.
    public mutating func allreduce(over communicator: Communicator) throws(MPIError) {
        resolveCarries()
        var span = words.mutableSpan
        try communicator.Allreduce(inPlace: &span, op: .sum)
        resolveCarries()
    }
}
