import SwiftMPI

/// One check that runs on every rank of a job (single program, multiple data).
///
/// A case fails when its body throws on any rank. The table of all cases is the program `spmd-cases`, which the
/// test suites start under mpiexec on several rank counts.
struct Case {
    let name: String
    let body: (Communicator) throws -> Void

    init(_ name: String, _ body: @escaping (Communicator) throws -> Void) {
        self.name = name
        self.body = body
    }
}

/// A condition of a case did not hold.
struct Unmet: Error, CustomStringConvertible {
    let description: String
}

/// Throws unless `condition` holds.
func expect(
    _ condition: Bool, _ explanation: @autoclosure () -> String = "", file: String = #fileID, line: Int = #line
) throws {
    if !condition { throw Unmet(description: "\(file):\(line): not so: \(explanation())") }
}

/// Throws unless both values are equal.
func expect<T: Equatable>(_ actual: T, equals expected: T, file: String = #fileID, line: Int = #line) throws {
    if actual != expected { throw Unmet(description: "\(file):\(line): \(actual), expected \(expected)") }
}

/// Throws unless `body` throws, and gives the error to `check`.
func expectThrow(
    _ body: () throws -> Void, file: String = #fileID, line: Int = #line,
    where check: (any Error) throws -> Void = { _ in }
) throws {
    do { try body() } catch { return try check(error) }
    throw Unmet(description: "\(file):\(line): no error was thrown")
}

/// The neighbors of this rank in a ring of all ranks. A rank alone is its own; a blocking send to oneself may then wait
/// forever for a receive that comes after it.
func ringNeighbors(_ world: Communicator) -> (left: Int, right: Int) {
    ((world.rank + world.size - 1) % world.size, (world.rank + 1) % world.size)
}
