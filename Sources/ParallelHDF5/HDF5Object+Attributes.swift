internal import CHDF5

// Attributes: small named values of files, groups and datasets. Setting an attribute replaces an existing one. In a
// parallel file this is collective, with the same value on all ranks. Compound types and references are not supported.

extension HDF5Object where Self: ~Copyable {
    /// Sets an attribute to a string, stored as UTF-8 of fixed length.
    ///
    /// C: H5Acreate2, H5Awrite
    public func setAttribute(_ attribute: String, to value: String) throws(HDF5Error) {
        try writeStrings([value], shape: [], to: attribute)
    }

    /// Sets an attribute to a list of strings, stored as UTF-8 of the same fixed length.
    ///
    /// C: H5Acreate2, H5Awrite
    public func setAttribute(_ attribute: String, to values: [String]) throws(HDF5Error) {
        try writeStrings(values, shape: [values.count], to: attribute)
    }

    /// Sets an attribute to a number.
    ///
    /// C: H5Acreate2, H5Awrite
    public func setAttribute<T: HDF5Scalar>(_ attribute: String, to value: T) throws(HDF5Error) {
        try writeNumbers([value], shape: [], to: attribute)
    }

    /// Sets an attribute to a list of numbers.
    ///
    /// C: H5Acreate2, H5Awrite
    public func setAttribute<T: HDF5Scalar>(_ attribute: String, to values: [T]) throws(HDF5Error) {
        try writeNumbers(values, shape: [values.count], to: attribute)
    }

    /// Returns the string in an attribute.
    ///
    /// - Throws: ``HDF5Error`` if there is no such attribute, or if it is not a single string.
    ///
    /// C: H5Aread
    public func attribute(_ attribute: String, as: String.Type = String.self) throws(HDF5Error) -> String {
        let values = try self.attribute(attribute, as: [String].self)
        guard values.count == 1 else { throw notOne(attribute, values.count) }
        return values[0]
    }

    /// Returns the strings in an attribute.
    ///
    /// - Throws: ``HDF5Error`` if there is no such attribute, or if it does not contain strings.
    ///
    /// C: H5Aread
    public func attribute(_ attribute: String, as: [String].Type) throws(HDF5Error) -> [String] {
        let open = try OpenAttribute(of: id, attribute, attempt("read", attribute))
        guard let strings = try open.strings() else {
            throw HDF5Error(open.attempt, refusedBecause: "it is of type \(open.storedType), not text")
        }
        return strings
    }

    /// Returns the number in an attribute.
    ///
    /// - Throws: ``HDF5Error`` if there is no such attribute, if it is not a single number, or if `T` cannot hold all
    ///   numbers of its type.
    ///
    /// C: H5Aread
    public func attribute<T: HDF5Scalar>(_ attribute: String, as: T.Type = T.self) throws(HDF5Error) -> T {
        let values = try self.attribute(attribute, as: [T].self)
        guard values.count == 1 else { throw notOne(attribute, values.count) }
        return values[0]
    }

    /// Returns the numbers in an attribute.
    ///
    /// - Throws: ``HDF5Error`` if there is no such attribute, or if `T` cannot hold all numbers of its type.
    ///
    /// C: H5Aread
    public func attribute<T: HDF5Scalar>(_ attribute: String, as: [T].Type) throws(HDF5Error) -> [T] {
        let open = try OpenAttribute(of: id, attribute, attempt("read", attribute))
        guard let stored = open.storedType.elementType, stored.fits(in: T.hdf5Type) else {
            throw HDF5Error(open.attempt, refusedBecause: "it is of type \(open.storedType), not \(T.hdf5Type)")
        }
        return try open.numbers(T.self)
    }

    /// Returns whether there is an attribute of this name.
    ///
    /// C: H5Aexists
    public func hasAttribute(_ attribute: String) throws(HDF5Error) -> Bool {
        try check("H5Aexists", attempt("look for", attribute)) { H5Aexists(id, attribute) } > 0
    }

    /// Removes an attribute. Collective in a parallel file.
    ///
    /// C: H5Adelete
    public func removeAttribute(_ attribute: String) throws(HDF5Error) {
        try check("H5Adelete", attempt("remove", attribute)) { H5Adelete(id, attribute) }
    }

    /// Returns the names of all attributes, in alphabetical order.
    ///
    /// C: H5Aiterate2
    public func attributeNames() throws(HDF5Error) -> [String] {
        var names: [String] = []
        try check("H5Aiterate2", "list the attributes of \(name)") {
            withUnsafeMutablePointer(to: &names) { names in
                H5Aiterate2(
                    id, H5_INDEX_NAME, H5_ITER_INC, nil,
                    { _, name, _, names in
                        if let name, let names {
                            names.assumingMemoryBound(to: [String].self).pointee.append(String(cString: name))
                        }
                        return 0
                    }, names)
            }
        }
        return names.sorted()
    }

    /// Returns the value of an attribute as text for people, such as `0.25`, `[1, 2]` or `s`; the name of its type if
    /// the value cannot be shown.
    ///
    /// C: H5Aread
    public func attributeText(_ attribute: String) throws(HDF5Error) -> String {
        let open = try OpenAttribute(of: id, attribute, attempt("read", attribute))
        return try open.text()
    }
}

extension HDF5Object where Self: ~Copyable {
    private func attempt(_ verb: String, _ attribute: String) -> String { "\(verb) attribute \(attribute) of \(name)" }

    private func notOne(_ attribute: String, _ count: Int) -> HDF5Error {
        HDF5Error(attempt("read", attribute), refusedBecause: "it has \(count) values, not one")
    }

    private func writeNumbers<T: HDF5Scalar>(_ values: [T], shape: [Int], to attribute: String) throws(HDF5Error) {
        let attempt = attempt("write", attribute)
        let type = try Handle.memoryType(T.hdf5Type, attempt)
        let open = try make(attribute, shape, attempt) { type.id }
        try check("H5Awrite", attempt) { H5Awrite(open.id, type.id, values) }
    }

    private func writeStrings(_ values: [String], shape: [Int], to attribute: String) throws(HDF5Error) {
        let attempt = attempt("write", attribute)
        let length = max(1, values.lazy.map(\.utf8.count).max() ?? 0)  // HDF5 has no strings of length 0.
        let type = try Handle.stringType(length: length, attempt)
        let open = try make(attribute, shape, attempt) { type.id }
        try check("H5Awrite", attempt) { H5Awrite(open.id, type.id, values.padded(to: length)) }
    }

    /// Creates an attribute, replacing an existing one.
    private func make(
        _ attribute: String, _ shape: [Int], _ attempt: String, type: () -> hid_t
    ) throws(HDF5Error) -> Handle {
        if try hasAttribute(attribute) { try removeAttribute(attribute) }
        let space = try Handle.dataspace(shape, attempt)
        return try Handle("H5Acreate2", attempt, closedBy: H5Aclose, named: "H5Aclose") {
            H5Acreate2(id, attribute, type(), space.id, CHDF5_H5P_DEFAULT(), CHDF5_H5P_DEFAULT())
        }
    }
}
