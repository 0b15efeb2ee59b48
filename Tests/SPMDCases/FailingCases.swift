import SwiftMPI

/// Cases that fail, but for the first: tests require that their job fails too.
var failingCases: [Case] {
    [
        Case("passes") { _ in },
        Case("a condition does not hold") { _ in try expect(false, "no") },
        Case("a condition does not hold on the last rank") { try expect($0.rank < $0.size - 1, "the last") },
        Case("two values are not equal") { _ in try expect(1, equals: 2) },
        Case("no error is thrown") { _ in try expectThrow {} },
        Case("an unexpected error is thrown") { _ in throw Unforeseen() },
        Case("an unexpected error is thrown on the last rank") { if $0.rank == $0.size - 1 { throw Unforeseen() } },
    ]
}

private struct Unforeseen: Error {}
