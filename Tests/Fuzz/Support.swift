// What the programs beside this file share.

import Glibc

private let isReporting = getenv("FUZZ_REPORT") != nil

/// Prints what is made of an input for Tests/Oracles/fuzzed.py, which compares it with Python's reading.
func report(_ line: @autoclosure () -> String) {
    if isReporting { print(line()) }
}

/// A message is one line that can be seen.
func expectOneLine(_ message: String) {
    guard message.unicodeScalars.allSatisfy({ $0.value >= 32 && $0.value != 127 }) else { fatalError(message) }
}
