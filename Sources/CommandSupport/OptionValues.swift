private import ArgumentParser

/// Reads the value of an option or argument, or says what it must be: its `transform:`.
///
/// - Parameters:
///   - expected: What the value must be.
///   - read: Gives `nil` for any other text.
public func reading<Value>(
    _ expected: String, _ read: @escaping @Sendable (String) -> Value?
) -> @Sendable (String) throws -> Value {
    { text in
        guard let value = read(text) else { throw ValidationError("it must be \(expected)") }
        return value
    }
}

/// Reads a number from 0 up, of which every bit counts.
public let wholeNumber = reading("a whole number from 0 to \(UInt64.max)") { UInt64($0) }

/// Refuses options that ask for something which another one switches off.
///
/// - Parameters:
///   - options: Their names, and whether they are given.
///   - reason: What a message says behind the name.
/// - Throws: `ValidationError` for the first that is given.
public func refuse(_ options: KeyValuePairs<String, Bool>, which reason: String) throws {
    if let option = options.first(where: \.value) { throw ValidationError("\(option.key) \(reason)") }
}
