import Diffusion
import Glibc

// stencil-benchmark N STEPS: runs the kernel alone, on one rank, with the problem of twin.cpp.

guard CommandLine.arguments.count == 3, let n = Int(CommandLine.arguments[1]),
    let steps = Int(CommandLine.arguments[2])
else {
    fatalError("usage: stencil-benchmark N STEPS")
}

var old = Field(rows: n, columns: n)
var new = Field(rows: n, columns: n)
for row in 1...n {
    for column in 1...n { old[row, column] = sin(0.1 * Double(row)) * cos(0.2 * Double(column)) }
}
let clock = ContinuousClock()
let elapsed = clock.measure {
    var done = 0
    while done < steps {
        let some = min(stepsPerPass(rows: n, columns: n), steps - done)
        advance(&old, &new, steps: some, k: 0.25)
        if !some.isMultiple(of: 2) { swap(&old, &new) }
        done += some
    }
}
var sum = 0.0
for row in 1...n {
    for column in 1...n { sum += old[row, column] }
}
let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
print(Double(n) * Double(n) * Double(steps) / seconds, "updates/s, sum", sum)
