import Glibc
import SwiftMPI

// mpiexec -n N spmd-cases CHAPTER [TEXT]: runs every case of a chapter (whose name contains TEXT) on N ranks. Rank 0
// prints a line for each that failed anywhere, and how many passed; the job exits with 1 if any failed, or if there is
// none to run.
//
// spmd-cases --list: prints the names of the chapters.
//
// mpiexec -n N spmd-cases --ending NAME: ends in one of several bad ways.
//
// mpiexec -n N spmd-cases --disagreement 3|4 CALL: a lowercase call where the last rank speaks mpi4py 3 or 4, the
// others the other.
//
// mpiexec -n N spmd-cases --schedules FIRST COUNT: that many random schedules, whose seeds begin with the first.
//
// mpiexec -n N spmd-cases --outside: makes calls before and after MPI.run, and tells which of them were not refused.
//
// mpiexec -n N spmd-cases --foreign NAME: a program in which C code initializes MPI.

let chapters: [String: [Case]] = [
    "point-to-point": pointToPointCases,
    "send-modes": sendModeCases,
    "probes": probeCases,
    "requests": requestCases + failedRequestCases + requestLifetimeCases,
    "collectives": collectiveCases,
    "reductions": reductionCases,
    "scans": scanCases,
    "variable-collectives": variableCollectiveCases,
    "nonblocking-collectives": nonblockingCollectiveCases,
    "collective-errors": collectiveErrorCases,
    "one-call": oneCallCases,
    "allocation": allocationCases,
    "objects": objectCases,
    "object-failures": objectFailureCases,
    "object-requests": objectRequestCases + postedReceiveCases + detachedSendCases,
    "large-objects": largeObjectCases,
    "large-totals": largeTotalCases,
    "large": largeCountCases + largeObjectTotalCases,
    "environment": environmentCases,
    "groups": groupCases,
    "communicators": communicatorCases,
    "inter-communicators": interCommunicatorCases,
    "attributes": attributeCases,
    "topologies": cartesianCases + graphCases,
    "neighborhoods": neighborCases,
    "datatypes": datatypeCases,
    "layouts": layoutCases,
    "operations": operationCases,
    "guarded-operations": guardedOperationCases,
    "reproducible": reproducibleCases,
    "hdf5": parallelHDF5Cases,
    "checkpoints": checkpointCases,
    "schedules": scheduleCases,
    "failing": failingCases,
]

let arguments = CommandLine.arguments.dropFirst()
if arguments.first == "--ending", let ending = arguments.last.flatMap({ endings[$0] }) {
    try MPI.run { try ending($0) }
} else if arguments.first == "--disagreement", let call = arguments.last.flatMap({ disagreements[$0] }) {
    try MPI.run { world in
        let isThree = arguments.dropFirst().first == "3"
        world.objectProtocol = (world.rank == world.size - 1) == isThree ? .mpi4py3 : .mpi4py4
        try call(world)
        try waitForever(world)
    }
} else if arguments.first == "--schedules", let first = arguments.dropFirst().first.flatMap({ UInt64($0) }),
    let count = arguments.last.flatMap({ UInt64($0) })
{
    try MPI.run { world in
        for seed in first..<first + count { try runSchedule(seed: seed, on: world) }
        if world.rank == 0 { print("\(count) schedules passed on \(world.size) ranks") }
    }
} else if arguments == ["--list"] {
    for chapter in chapters.keys.sorted() { print(chapter) }
} else if arguments == ["--outside"] {
    try outsideRun()
} else if arguments.first == "--foreign", let program = arguments.last.flatMap({ foreignPrograms[$0] }) {
    try program()
} else if let cases = arguments.first.flatMap({ chapters[$0] }) {
    let selected = arguments.count > 1 ? cases.filter { $0.name.contains(arguments.last!) } : cases
    try MPI.run { try run(selected, on: $0) }
} else {
    writeToStandardError("usage: spmd-cases CHAPTER [TEXT] | --list | --ending NAME (\(endings.keys.sorted()))\n")
    exit(64)
}

func run(_ cases: [Case], on world: Communicator) throws {
    var failures: [String] = []
    for item in cases {
        var failure: String?
        do { try item.body(world) } catch { failure = "rank \(world.rank): \(error)" }
        // Also keeps the ranks in step, so that a failed case does not confuse the next one.
        let found = try world.allgather(failure).compactMap(\.self)
        if !found.isEmpty { failures.append("FAILED \(item.name)\n  " + found.joined(separator: "\n  ")) }
    }
    if world.rank == 0 {
        for failure in failures { print(failure) }
        if cases.isEmpty { print("FAILED: no case is selected") }
        print("\(cases.count - failures.count) of \(cases.count) cases passed on \(world.size) ranks")
    }
    if cases.isEmpty { throw JobFailure(message: "no case was run", exitStatus: 1) }
    if !failures.isEmpty { throw JobFailure(message: "\(failures.count) cases failed", exitStatus: 1) }
}
