import CMPI
import SwiftMPI

/// Programs in which C code, such as a library, initializes MPI before `MPI.run`.
var foreignPrograms: [String: () throws -> Void] {
    [
        "run": {
            // Its errors go to a handler of the C code's own, which is there again afterwards.
            try initialize()
            let before = errorHandler()
            let kept = try MPI.run(threads: .single) { world in
                try expect(errorHandler() == CMPI_ERRORS_RETURN())
                try expect(try world.Allreduce(1, op: .sum), equals: world.size)
                return try world.dup()
            }
            try expect(errorHandler() == before)
            try expect(MPI.isInitialized && !MPI.isFinalized)
            // MPI runs on: calls are possible between two runs, and a run after a run.
            try expect(try kept.Allreduce(1, op: .sum), equals: kept.size)
            try expect(try MPI.run(threads: .single) { try $0.allreduce(1, +) }, equals: kept.size)
            MPI_Finalize()
            try expectThrow {
                try kept.Barrier()
            } where: {
                try expect("\($0)".contains("MPI is not running"), "\($0)")
            }
            print("well")
        },
        "level": {
            try initialize()
            try expectThrow {
                try MPI.run(threads: .multiple) { _ in print("with too few threads") }
            } where: {
                try expect(
                    "\($0)".contains("was initialized with thread level single, multiple was asked for"), "\($0)")
            }
            // It is still the other's, who may use it.
            MPI_Barrier(CMPI_COMM_WORLD())
            MPI_Finalize()
            print("well")
        },
        "finalized": {
            try initialize()
            MPI_Finalize()
            try expectThrow {
                try MPI.run { _ in print("without MPI") }
            } where: {
                try expect("\($0)".contains("MPI was finalized in this process"), "\($0)")
            }
            print("well")
        },
        "job-failure": {
            try initialize()
            try MPI.run(threads: .single) { world in
                try world.failingTogether {
                    if world.rank == world.size - 1 { throw JobFailure(message: "no disk", exitStatus: 74) }
                }
            }
        },
        "uncaught-error": {
            try initialize()
            try MPI.run(threads: .single) { world in
                if world.rank == world.size - 1 { throw Unmet(description: "the sky fell") }
                try waitForever(world)
            }
        },
    ]
}

/// With one thread, as `MPI_Init` does.
private func initialize() throws {
    var provided: CInt = 0
    MPI_Init_thread(nil, nil, CInt(MPI_THREAD_SINGLE), &provided)
    try expect(provided == MPI_THREAD_SINGLE)
}

private func errorHandler() -> MPI_Errhandler? {
    var handler = CMPI_ERRORS_RETURN()
    MPI_Comm_get_errhandler(CMPI_COMM_WORLD(), &handler)
    return handler
}
