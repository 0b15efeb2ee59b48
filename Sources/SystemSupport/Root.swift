public import SwiftMPI

extension Communicator {
    /// Does something on rank 0, and fails on all ranks if it fails there. Collective.
    ///
    /// - Returns: What `body` returned; `nil` on the other ranks.
    @discardableResult
    public func onRoot<R>(_ body: () throws -> R) throws -> R? {
        try failingTogether { rank == 0 ? try body() : nil }
    }
}
