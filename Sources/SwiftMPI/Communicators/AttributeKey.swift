internal import CMPI

/// The key under which a value is cached on a communicator.
///
/// A library can attach its own data to the communicators that it is given. A key finds only its own values, which all
/// have one type. A value is kept until it is replaced or removed, or until its communicator is freed. C libraries in
/// the same program that duplicate the communicator also copy its values by the key's rule.
///
/// MPI: caching with keyvals, MPI-3.1 §6.7.
public final class AttributeKey<Value> {
    /// MPI's number for the key.
    public let keyval: CInt
    fileprivate let copy: (Value) -> Value?

    /// Creates a key.
    ///
    /// - Parameter copy: Returns the value to cache on a duplicate of the communicator, or `nil` for none; `{ $0 }`
    ///   copies the value or the reference to the same object. By default, duplicates get no value.
    ///
    /// MPI: `MPI_Comm_create_keyval`, MPI-3.1 §6.7.2.
    public init(copy: @escaping (Value) -> Value? = { _ in nil }) throws(MPIError) {
        var keyval = CMPI_KEYVAL_INVALID()
        // MPI calls these functions for any communicator; everything they need is stored with the value.
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

    /// Cached values are kept and are freed with their communicators.
    deinit {
        var keyval = keyval
        if MPI.isRunning { MPI_Comm_free_keyval(&keyval) }
    }
}

extension Communicator {
    /// Returns the value cached under a key on this rank, or `nil` if there is no value.
    ///
    /// MPI: `MPI_Comm_get_attr`, MPI-3.1 §6.7.2.
    public final func attribute<Value>(for key: AttributeKey<Value>) throws(MPIError) -> Value? {
        var address: UnsafeMutableRawPointer?
        var isSet: CInt = 0
        try check("MPI_Comm_get_attr", MPI_Comm_get_attr(handle, key.keyval, &address, &isSet))
        return isSet == 0 ? nil : (CachedValue.at(address!).value as! Value)
    }

    /// Caches a value on this rank, replacing any previous value.
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

    /// Removes the value cached under a key on this rank.
    ///
    /// - Returns: The removed value, or `nil` if there was no value.
    ///
    /// MPI: `MPI_Comm_delete_attr`, MPI-3.1 §6.7.2.
    @discardableResult
    public final func removeAttribute<Value>(for key: AttributeKey<Value>) throws(MPIError) -> Value? {
        guard let value = try attribute(for: key) else { return nil }
        try check("MPI_Comm_delete_attr", MPI_Comm_delete_attr(handle, key.keyval))
        return value
    }
}

/// A value as MPI stores it: MPI holds the address of this object and owns it.
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

    /// Returns the value for a duplicate of the communicator.
    func duplicate() -> CachedValue? { copy(value).map { CachedValue($0, copy: copy) } }

    var retainedAddress: UnsafeMutableRawPointer { Unmanaged.passRetained(self).toOpaque() }
}
