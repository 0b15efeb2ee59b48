import SwiftMPI

// mpiexec -n N spmd-cases CHAPTER [TEXT]: runs every case of a chapter (whose name contains TEXT) on N ranks. Rank 0
// prints a line for each that failed anywhere, and how many passed; the job exits with 1 if any failed.
//
// mpiexec -n N spmd-cases --ending NAME: ends in one of several bad ways.
//
// mpiexec -n N spmd-cases --disagreement 3|4 CALL: a lowercase call where the last rank speaks mpi4py 3 or 4, the others
// the other.

let chapters: [String: [Case]] = [
    "point-to-point": pointToPointCases,
    "send-modes": sendModeCases,
    "probes": probeCases,
    "requests": requestCases,
    "collectives": collectiveCases,
    "reductions": reductionCases,
    "scans": scanCases,
    "variable-collectives": variableCollectiveCases,
    "nonblocking-collectives": nonblockingCollectiveCases,
    "collective-errors": collectiveErrorCases,
    "one-call": oneCallCases,
    "allocation": allocationCases,
    "objects": objectCases,
    "object-requests": objectRequestCases,
    "large-objects": largeObjectCases,
    "environment": environmentCases,
    "groups": groupCases,
    "communicators": communicatorCases,
    "inter-communicators": interCommunicatorCases,
    "attributes": attributeCases,
    "topologies": cartesianCases + graphCases,
    "neighbourhoods": neighbourCases,
    "datatypes": datatypeCases,
    "layouts": layoutCases,
    "operations": operationCases,
    "reproducible": reproducibleCases,
    "hdf5": parallelHDF5Cases,
    "checkpoints": checkpointCases,
    "large": largeCountCases,
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
} else if let cases = arguments.first.flatMap({ chapters[$0] }) {
    let selected = arguments.count > 1 ? cases.filter { $0.name.contains(arguments.last!) } : cases
    try MPI.run { try run(selected, on: $0) }
} else {
    fatalError(
        "usage: spmd-cases CHAPTER [TEXT] (\(chapters.keys.sorted())) | --ending NAME (\(endings.keys.sorted()))")
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
        print("\(cases.count - failures.count) of \(cases.count) cases passed on \(world.size) ranks")
    }
    if !failures.isEmpty { throw JobFailure(message: "\(failures.count) cases failed", exitStatus: 1) }
}
