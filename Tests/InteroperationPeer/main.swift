import SwiftMPI

// mpiexec -n N interoperation-peer TOPIC 3|4 : -n M python3 -m mpi4py TOPIC.py
//
// The Swift ranks of a job in which they and Python ranks make the same calls, against mpi4py 3 or 4. A rank that gets
// something else than the table says ends the job.

let topics: [String: (Communicator) throws -> Void] = [
    "object_messages": objectMessages,
    "object_collectives": objectCollectives,
    "special_objects": specialObjects,
    "tagged_objects": taggedObjects,
    "numpy_arrays": numpyArrays,
    "buffers": buffers,
    "nonblocking": nonblocking,
    "datatypes": datatypes,
    "rubbish": { world in
        do { _ = try world.recv([Int].self, source: world.size - 1, tag: 1) } catch is CBORError {
            _ = try world.recv([String: Int].self, source: world.size - 1, tag: 2)
        }
    },
    "raises": { _ = try $0.recv(Int.self, source: $0.rank, tag: 77) },
]

guard CommandLine.arguments.count == 3, let topic = topics[CommandLine.arguments[1]] else {
    fatalError("usage: interoperation-peer \(topics.keys.sorted().joined(separator: "|")) 3|4")
}
try MPI.run { world in
    if CommandLine.arguments[2] == "3" { world.objectProtocol = .mpi4py3 }
    try topic(world)
}

/// Ends a topic: every rank says that it came to the end, and rank 0, whatever its language, prints it.
func done(_ topic: String, on world: Communicator) throws {
    if let ended = try world.gather(topic) {
        try expect(ended, [String](repeating: topic, count: world.size))
        print("\(topic): \(world.size) ranks agree")
    }
}

struct Unmet: Error, CustomStringConvertible {
    let description: String
}

/// Throws unless both values are equal.
func expect<T: Equatable>(_ actual: T, _ expected: T, file: String = #fileID, line: Int = #line) throws {
    if actual == expected { return }
    let (actual, expected) = ("\(actual)".prefix(200), "\(expected)".prefix(200))
    throw Unmet(description: "\(file):\(line): \(actual), expected \(expected)")
}
