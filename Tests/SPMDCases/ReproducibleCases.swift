import Reproducible
import SwiftMPI

var reproducibleCases: [Case] {
    [
        Case("an exact sum over ranks is that of one rank, bit for bit") { world in
            // Terms of all magnitudes that nearly cancel.
            func term(_ index: Int) -> Double {
                let sign = index.isMultiple(of: 2) ? 1.0 : -1.0
                return sign * Double(index * 7919 % 1009 + 1)
                    * Double(sign: .plus, exponent: index % 600 - 300, significand: 1)
            }
            let count = 10_007
            var alone = ExactSum()
            for index in 0..<count { alone.add(term(index)) }
            var shared = ExactSum()
            for index in BlockPartition(count: count, parts: world.size).range(of: world.rank).reversed() {
                shared.add(term(index))
            }
            try shared.allreduce(over: world)
            try expect(shared.value.bitPattern, equals: alone.value.bitPattern)
            // It can go on from there.
            shared.add(1e300)
            alone.add(1e300)
            try expect(shared.value.bitPattern, equals: alone.value.bitPattern)
        },
        Case("special values on one rank are seen by all") { world in
            let isLast = world.rank == world.size - 1
            for (special, expected) in [(Double.infinity, Double.infinity), (-.infinity, -.infinity), (.nan, .nan)] {
                var sum = ExactSum()
                sum.add(isLast ? special : 1)
                try sum.allreduce(over: world)
                try expect(
                    sum.value.isNaN == expected.isNaN && (expected.isNaN || sum.value == expected), "\(sum.value)")
            }
            var zeros = ExactSum()
            zeros.add(-0.0)
            try zeros.allreduce(over: world)
            try expect(zeros.value.sign, equals: .minus)
            var huge = ExactSum()
            huge.add(isLast ? -1.5e308 : 1.5e308)
            try huge.allreduce(over: world)
            let expected = Double(world.size - 2) * 1.5e308
            try expect(huge.value, equals: world.size == 1 ? -1.5e308 : expected)
        },
        Case("a hash of pieces is the hash of the whole") { world in
            let values = (0..<1013).map { Double($0 * $0) / 7 - 100 }
            var whole = PositionalHash()
            whole.add(values.span, at: 0)
            var pieces = PositionalHash()
            let mine = BlockPartition(count: values.count, parts: world.size).range(of: world.rank)
            for start in stride(from: mine.lowerBound, to: mine.upperBound, by: 5) {
                pieces.add(Array(values[start..<min(start + 5, mine.upperBound)]).span, at: start)
            }
            try pieces.allreduce(over: world)
            try expect(pieces, equals: whole)
        },
    ]
}
