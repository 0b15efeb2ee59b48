private import ArgumentParser

/// Returns a `transform:` that parses the value of an option or argument, and throws an error that names what is
/// expected.
///
/// - Parameters:
///   - expected: A description of valid values.
///   - read: Parses a text; returns `nil` if it is not valid.
public func reading<Value>(
    _ expected: String, _ read: @escaping @Sendable (String) -> Value?
) -> @Sendable (String) throws -> Value {
    { text in
        guard let value = read(text) else { throw ValidationError("it must be \(expected)") }
        return value
    }
}

/// Parses a nonnegative integer of up to 64 bits.
public let wholeNumber = reading("a whole number from 0 to \(UInt64.max)") { UInt64($0) }

/// Throws if an option is given that another option makes meaningless.
///
/// - Parameters:
///   - options: The names of the options, and whether they are given.
///   - reason: The text of the message after the name of the option.
/// - Throws: `ValidationError` for the first option that is given.
public func refuse(_ options: KeyValuePairs<String, Bool>, which reason: String) throws {
    if let option = options.first(where: \.value) { throw ValidationError("\(option.key) \(reason)") }
}
