import SwiftMPI
import Testing

/// What is asked of MPI before it is started, here in a process that never does, is refused: MPI would end the process.
@Suite struct OutsideRunTests {
    @Test func mpiIsNotRunning() {
        #expect(!MPI.isInitialized && !MPI.isFinalized)
    }

    @Test(arguments: [
        "ownCommunicator", "Group.empty", "tagUpperBound", "universeSize", "launchInfo", "threadLevel", "isMainThread",
        "AttributeKey",
    ])
    func isRefused(call: String) throws {
        let calls: [String: () throws -> Void] = [
            "ownCommunicator": { _ = try MPI.ownCommunicator() }, "Group.empty": { _ = try Group.empty },
            "tagUpperBound": { _ = try MPI.tagUpperBound }, "universeSize": { _ = try MPI.universeSize },
            "launchInfo": { _ = try MPI.launchInfo }, "threadLevel": { _ = try MPI.threadLevel },
            "isMainThread": { _ = try MPI.isMainThread }, "AttributeKey": { _ = try AttributeKey<Int>() },
        ]
        let body = try #require(calls[call])
        let error = #expect(throws: MPIError.self) { try body() }
        #expect(error?.message.contains("MPI is not running") == true)
    }
}
