import MonteCarlo

// pi-benchmark SAMPLES: counts the hits among the samples of key 2017 on one core, as twin.c and twin.py do.

guard CommandLine.arguments.count == 2, let samples = UInt64(CommandLine.arguments[1]) else {
    fatalError("usage: pi-benchmark SAMPLES")
}
var hits: UInt64 = 0
let elapsed = ContinuousClock().measure { hits = QuarterCircle(key: 2017).hits(in: 0..<samples) }
print(Double(samples) / (elapsed / .seconds(1)), "samples/s, hits", hits)
