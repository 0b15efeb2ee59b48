import SwiftMPI
import Testing

/// Mistakes in a program's own datatypes and operations, which end it with a word about them.
@Suite struct DatatypeTests {
    struct Particle {
        var x: Double
        var place: (Float, Float)
        var speed: Double { x * 2 }
    }

    @Test func aPropertyThatIsNotStoredIsNamed() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = MPIFields<Particle>(\.x, \.speed)
        }
        expect(result, says: "is not a stored property of Particle")
    }

    @Test func fieldsThatShareMemoryAreNamed() async {
        var result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = MPIFields<Particle>(\.x, \.place.0, \.x)
        }
        expect(result, says: "share memory")
        result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            struct Outer { var inner: Inner }
            struct Inner: MPIStructure {
                var a: Int8
                var b: Int8
                static var mpiFields: MPIFields<Self> { MPIFields(\.a, \.b) }
            }
            _ = MPIFields<Outer>(\.inner, \.inner.b)
        }
        expect(result, says: "share memory")
    }

    @Test func aStructNeedsAField() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = MPIFields<Particle>()
        }
        expect(result, says: "Particle has no MPI fields")
    }

    @Test func anOperationOfOnesOwnDoesNotApplyToGaps() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try MPI.run { world in
                let op = try ReductionOperation<Int>(commutative: true) { $0 + $1 }
                var chosen = try [1, 2, 3].selecting(.vector(count: 2, stride: 2))
                try op.combine([1, 2, 3].selecting(.vector(count: 2, stride: 2)), into: &chosen)
            }
        }
        expect(result, says: "a reduction takes elements that follow each other in memory")
    }

    private func expect(_ result: ExitTest.Result?, says text: String) {
        let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(said.contains(text), "\(said)")
    }
}
