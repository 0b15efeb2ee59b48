// A task farm: rank 0 sends a task to each worker, receives the answers in any order, and sends the next task to each
// worker that has answered. Receives are posted with `irecv`; their objects may have any size.
//
//     mpiexec -n 4 task-farm

import SwiftMPI

struct Task: Codable {
    var number: Int
}

struct Answer: Codable {
    var worker: Int
    var square: Int
}

func answer(_ task: Task, on worker: Int) -> Answer { Answer(worker: worker, square: task.number * task.number) }

try MPI.run { world in
    if world.rank > 0 {
        // `nil` means that there are no more tasks.
        while let task = try world.recv(Task?.self, source: 0) {
            try world.send(answer(task, on: world.rank), dest: 0)
        }
        return
    }

    var tasks = (1...10).map(Task.init)
    var sum = 0
    var answers = ObjectRequests<ObjectReceiveRequest<Answer>>()
    for worker in 1..<max(1, world.size) {
        guard let task = tasks.popLast() else { break }
        try world.isend(task, dest: worker).wait()
        answers.append(try world.irecv(source: worker))
    }
    while let (_, answer) = try answers.waitAny() {
        sum += answer.square
        guard let task = tasks.popLast() else { continue }
        try world.isend(task, dest: answer.worker).wait()
        answers.append(try world.irecv(source: answer.worker))
    }
    for worker in 1..<max(1, world.size) { try world.send(nil as Task?, dest: worker) }

    // On a single rank there are no workers.
    for task in tasks { sum += answer(task, on: 0).square }
    precondition(sum == 385)
    print("the sum is \(sum)")
}
