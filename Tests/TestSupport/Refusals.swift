import FoundationEssentials
import Testing

/// Expects that a program refuses: a status, one line from one rank, and the directory stays as it is.
///
/// - Parameters:
///   - texts: Parts of what the line says behind the program's name.
///   - run: Runs the program.
/// - Returns: The line.
@discardableResult
public func expectRefusal(
    of program: String, in directory: String, status: Int32, saying texts: [String], sourceLocation: SourceLocation,
    _ run: () async throws -> Outcome
) async throws -> String? {
    let before = try listing(directory)
    let outcome = try await run()
    #expect(outcome.status == status, "\(outcome)", sourceLocation: sourceLocation)
    let line = expectOneLine(outcome, of: program, saying: texts, sourceLocation: sourceLocation)
    #expect(try listing(directory) == before, "\(outcome)", sourceLocation: sourceLocation)
    return line
}

/// Expects that a program has written one line to standard error.
///
/// - Returns: The line.
@discardableResult
public func expectOneLine(
    _ outcome: Outcome, of program: String, saying texts: [String], sourceLocation: SourceLocation
) -> String? {
    // Open MPI's mpiexec closes its pipes too early at times, and says so.
    let lines = outcome.ownErrorLines
    #expect(lines.count == 1, "\(outcome)", sourceLocation: sourceLocation)
    #expect(lines.first?.hasPrefix("\(program): ") == true, "\(outcome)", sourceLocation: sourceLocation)
    for text in texts {
        #expect(lines.first?.contains(text) == true, "\(text): \(outcome)", sourceLocation: sourceLocation)
    }
    return lines.first
}

/// What is in a directory, hidden files included, in order.
public func listing(_ directory: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
}
