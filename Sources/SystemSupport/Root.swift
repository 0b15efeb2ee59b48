public import SwiftMPI

extension Communicator {
    /// Runs `body` on rank 0, and throws on all ranks if it fails there. Collective.
    ///
    /// - Returns: The value that `body` returns; `nil` on the other ranks.
    @discardableResult
    public func onRoot<R>(_ body: () throws -> R) throws -> R? {
        try failingTogether { rank == 0 ? try body() : nil }
    }
}
