internal import CMPI

/// What a value is cached under on a communicator.
///
/// A library keeps its own data with the communicators it is given: a key of its own finds only its own values, of one
/// type. A value lives until it is replaced or removed, or its communicator is freed. C libraries in the same program
/// that duplicate the communicator treat it alike.
///
/// MPI: caching with keyvals, MPI-3.1 §6.7.
public final class AttributeKey<Value> {
    /// MPI's own number for the key.
    public let keyval: CInt
    fileprivate let copy: (Value) -> Value?

    /// Makes a key.
    ///
    /// - Parameter copy: What a duplicate of the communicator gets under the key; `{ $0 }` for the same value or a
    ///   reference to the same object. As it stands, duplicates get nothing.
    ///
    /// MPI: `MPI_Comm_create_keyval`, MPI-3.1 §6.7.2.
    public init(copy: @escaping (Value) -> Value? = { _ in nil }) throws(MPIError) {
        var keyval = CMPI_KEYVAL_INVALID()
        // MPI calls these for any communicator; what they need to know lies with the value.
        try check(
            "MPI_Comm_create_keyval",
            MPI_Comm_create_keyval(
                { _, _, _, value, copied, isCopied in
                    let duplicate = CachedValue.at(value!).duplicate()
                    isCopied!.pointee = duplicate == nil ? 0 : 1
                    copied!.assumingMemoryBound(to: UnsafeMutableRawPointer?.self).pointee = duplicate?.retainedAddress
                    return MPI_SUCCESS
                },
                { _, _, value, _ in
                    Unmanaged<CachedValue>.fromOpaque(value!).release()
                    return MPI_SUCCESS
                },
                &keyval, nil))
        self.keyval = keyval
        self.copy = copy
    }

    /// Values still cached stay where they are and are freed with their communicators.
    deinit {
        var keyval = keyval
        if MPI.isRunning { MPI_Comm_free_keyval(&keyval) }
    }
}

extension Communicator {
    /// The value cached under a key on this rank; `nil` if there is none.
    ///
    /// MPI: `MPI_Comm_get_attr`, MPI-3.1 §6.7.2.
    public final func attribute<Value>(for key: AttributeKey<Value>) throws(MPIError) -> Value? {
        var address: UnsafeMutableRawPointer?
        var isSet: CInt = 0
        try check("MPI_Comm_get_attr", MPI_Comm_get_attr(handle, key.keyval, &address, &isSet))
        return isSet == 0 ? nil : (CachedValue.at(address!).value as! Value)
    }

    /// Caches a value on this rank, in place of the one before.
    ///
    /// MPI: `MPI_Comm_set_attr`, MPI-3.1 §6.7.2.
    public final func setAttribute<Value>(_ value: Value, for key: AttributeKey<Value>) throws(MPIError) {
        let copy = key.copy
        let cached = CachedValue(value) { copy($0 as! Value) }
        let address = cached.retainedAddress
        do {
            try check("MPI_Comm_set_attr", MPI_Comm_set_attr(handle, key.keyval, address))
        } catch {
            Unmanaged<CachedValue>.fromOpaque(address).release()
            throw error
        }
    }

    /// Removes what is cached under a key on this rank.
    ///
    /// - Returns: The value; `nil` if there was none.
    ///
    /// MPI: `MPI_Comm_delete_attr`, MPI-3.1 §6.7.2.
    @discardableResult
    public final func removeAttribute<Value>(for key: AttributeKey<Value>) throws(MPIError) -> Value? {
        guard let value = try attribute(for: key) else { return nil }
        try check("MPI_Comm_delete_attr", MPI_Comm_delete_attr(handle, key.keyval))
        return value
    }
}

/// A value as MPI keeps it: the address of this object, which it owns.
private final class CachedValue {
    let value: Any
    let copy: (Any) -> Any?

    init(_ value: Any, copy: @escaping (Any) -> Any?) {
        self.value = value
        self.copy = copy
    }

    static func at(_ address: UnsafeMutableRawPointer) -> CachedValue {
        Unmanaged.fromOpaque(address).takeUnretainedValue()
    }

    /// What a duplicate of the communicator gets.
    func duplicate() -> CachedValue? { copy(value).map { CachedValue($0, copy: copy) } }

    var retainedAddress: UnsafeMutableRawPointer { Unmanaged.passRetained(self).toOpaque() }
}
