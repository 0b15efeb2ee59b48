// Info (MPI-3.1 chapter 9).
// Complete.

internal import CMPI

/// Hints for the library: keys and values, both text.
///
/// An info object is written like a dictionary, `["no_locks": "true"]`. Libraries ignore keys that they do not know.
///
/// MPI: `MPI_Info`, MPI-3.1 §9.
public struct Info: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    /// The hints as a dictionary.
    public var entries: [String: String]

    /// Creates hints from a dictionary.
    public init(_ entries: [String: String] = [:]) { self.entries = entries }

    public init(dictionaryLiteral elements: (String, String)...) {
        entries = Dictionary(elements) { $1 }
    }

    /// Accesses the value of a key; `nil` if the key has no value.
    public subscript(key: String) -> String? {
        get { entries[key] }
        set { entries[key] = newValue }
    }
}

extension Info {
    /// Calls `body` with the hints as an MPI handle.
    ///
    /// - Throws: ``MPIError`` for a key or value that is empty or too long for the library, and any error that `body`
    ///   throws.
    ///
    /// MPI: `MPI_Info_create`, `MPI_Info_set`, `MPI_Info_free`, MPI-3.1 §9.
    func withHandle<R>(_ body: (MPI_Info) throws(MPIError) -> R) throws(MPIError) -> R {
        var new = CMPI_INFO_NULL()
        try check("MPI_Info_create", MPI_Info_create(&new))
        defer { MPI_Info_free(&new) }
        for (key, value) in entries {
            try check("MPI_Info_set", MPI_Info_set(unwrapped(new), key, value))
        }
        return try body(unwrapped(new))
    }

    /// Reads the hints from an MPI handle.
    ///
    /// MPI: `MPI_Info_get_nkeys`, `MPI_Info_get_nthkey`, `MPI_Info_get_valuelen`, `MPI_Info_get`, MPI-3.1 §9.
    init(reading handle: MPI_Info) throws(MPIError) {
        var entries: [String: String] = [:]
        var count: CInt = 0
        try check("MPI_Info_get_nkeys", MPI_Info_get_nkeys(handle, &count))
        for index in 0..<count {
            var key = [CChar](repeating: 0, count: Int(MPI_MAX_INFO_KEY) + 1)
            try check("MPI_Info_get_nthkey", MPI_Info_get_nthkey(handle, index, &key))
            var length: CInt = 0
            var isSet: CInt = 0
            try check("MPI_Info_get_valuelen", MPI_Info_get_valuelen(handle, key, &length, &isSet))
            var value = [CChar](repeating: 0, count: Int(length) + 1)
            try check("MPI_Info_get", MPI_Info_get(handle, key, length, &value, &isSet))
            entries[String(nullTerminated: key)] = String(nullTerminated: value)
        }
        self.init(entries)
    }
}

extension MPI {
    /// The arguments given to the launcher, such as `command`, `maxprocs` and `wdir`; empty if the launcher does not
    /// report them.
    ///
    /// MPI: `MPI_INFO_ENV`, MPI-3.1 §8.7.
    public static var launchInfo: Info {
        get throws(MPIError) {
            try requireRunning("MPI_Info_get_nkeys")
            return try Info(reading: unwrapped(CMPI_INFO_ENV()))
        }
    }
}

extension String {
    fileprivate init(nullTerminated characters: [CChar]) {
        self = characters.withUnsafeBytes { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
