// Objects of user-defined types: rank 0 sends a task to every other rank, and each of them sends back an answer.
//
//     mpiexec -n 4 send-codable

import SwiftMPI

struct Task: Codable {
    var name: String
    var samples: [Double]
    var options: [String: Int]?
}

struct Answer: Codable, Equatable {
    var name: String
    var mean: Double?
}

try MPI.run { world in
    if world.rank == 0 {
        for worker in 1..<max(1, world.size) {
            let task = Task(
                name: "task \(worker)", samples: (1...worker).map { Double($0) },
                options: worker.isMultiple(of: 2) ? ["depth": worker] : nil)
            try world.send(task, dest: worker)
        }
        for worker in 1..<max(1, world.size) {
            let answer = try world.recv(Answer.self, source: worker)
            precondition(answer == Answer(name: "task \(worker)", mean: Double(worker + 1) / 2))
            print("rank \(worker) answered: \(answer.name), mean \(answer.mean ?? .nan)")
        }
    } else {
        let task = try world.recv(Task.self, source: 0)
        precondition((task.options != nil) == world.rank.isMultiple(of: 2))
        let mean = task.samples.reduce(0, +) / Double(task.samples.count)
        try world.send(Answer(name: task.name, mean: mean), dest: 0)
    }
}
