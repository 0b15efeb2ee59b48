internal import CHDF5

/// Elements of any type, in memory in the machine's native representation. See ``HDF5ElementLayout``.
package struct HDF5Elements: ~Copyable {
    package let layout: HDF5ElementLayout
    package let extent: HDF5Extent
    /// The distance from one element to the next in bytes.
    package let stride: Int
    package let count: Int
    private let memory: UnsafeMutableRawBufferPointer
    private let type: Handle
    private let space: Handle

    /// - Parameter read: Fills `memory` with elements of the given type.
    fileprivate init(
        _ layout: HDF5ElementLayout, _ type: consuming Handle, _ extent: HDF5Extent, _ attempt: String,
        read: (_ type: hid_t, _ memory: UnsafeMutableRawPointer) throws(HDF5Error) -> Void
    ) throws(HDF5Error) {
        let typeID = type.id
        let stride = Library.exclusively { H5Tget_size(typeID) }
        let count = extent.shape.reduce(1, *)
        let space = try Handle.dataspace([count], attempt)
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, count * stride), alignment: 16)
        // Zeros the padding between members, and the pointers in case reading fails halfway.
        memory.initializeMemory(as: UInt8.self, repeating: 0)
        do throws(HDF5Error) {
            if count > 0 { try read(typeID, memory.baseAddress!) }
        } catch {
            memory.deallocate()
            throw error
        }
        self.layout = layout
        self.extent = extent
        self.stride = stride
        self.count = count
        self.memory = memory
        self.type = type
        self.space = space
    }

    /// The bytes of all elements, one after the other.
    package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[..<(count * stride)]) }

    /// The address of an element.
    package subscript(index: Int) -> UnsafeRawPointer { UnsafeRawPointer(memory.baseAddress!) + index * stride }

    deinit {
        // HDF5 allocated the parts of variable length.
        if count > 0 { _ = Library.exclusively { CHDF5_H5Treclaim(type.id, space.id, memory.baseAddress) } }
        memory.deallocate()
    }
}

extension HDF5Dataset {
    /// Returns the complete type of the elements.
    ///
    /// C: H5Tget_native_type
    package func elementLayout() throws(HDF5Error) -> HDF5ElementLayout {
        try nativeType(of: fileType("read \(name)"), "read \(name)").layout
    }

    /// Reads part of a dataset with elements of any type.
    ///
    /// - Throws: ``HDF5Error`` if reading fails, or if the elements cannot be read (see
    ///   ``HDF5ElementLayout/obstacle``).
    ///
    /// C: H5Dread
    package func elements(from region: Hyperslab) throws(HDF5Error) -> HDF5Elements {
        let attempt = "read \(name)"
        let native = try nativeType(of: fileType(attempt), attempt)
        if let obstacle = native.layout.obstacle {
            throw HDF5Error(attempt, refusedBecause: "elements of type \(obstacle) cannot be read")
        }
        let shape = region.memoryShape(count: region.elementCount)
        let plan = try plan(attempt, shape, Hyperslab(all: shape), .slab(region), .collective)
        let layout = native.layout
        return try HDF5Elements(layout, native.take(), .simple(shape), attempt) { type, memory throws(HDF5Error) in
            try check("H5Dread", attempt) {
                H5Dread(id, type, plan.memory.id, plan.file.id, transferList.id, memory)
            }
        }
    }

    /// Returns the names and numbers of the dataset's filters that this HDF5 library does not have.
    ///
    /// C: H5Pget_filter2, H5Zfilter_avail
    package func missingFilters() throws(HDF5Error) -> [String] {
        let attempt = "look at the filters of \(name)"
        let list = try Handle("H5Dget_create_plist", attempt, closedBy: H5Pclose, named: "H5Pclose") {
            H5Dget_create_plist(id)
        }
        return Library.exclusively {
            (0..<CUnsignedInt(max(0, H5Pget_nfilters(list.id)))).compactMap { index in
                var (flags, values) = (CUnsignedInt(0), 0)
                var text = [CChar](repeating: 0, count: 256)
                let filter = H5Pget_filter2(list.id, index, &flags, &values, nil, text.count - 1, &text, nil)
                if filter < 0 || H5Zfilter_avail(filter) > 0 { return nil }
                let name = HDF5Name(text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) })
                return name.bytes.isEmpty ? "\(filter)" : "\(name) (\(filter))"
            }
        }
    }
}

extension HDF5AnyObject {
    /// Returns the layout of elements of a named type.
    package func namedType() throws(HDF5Error) -> HDF5ElementLayout {
        try nativeType(of: handle, "read the type \(name)").layout
    }
}

extension HDF5Object where Self: ~Copyable {
    /// Returns the names of all attributes, sorted.
    ///
    /// C: H5Aiterate2
    package func namesOfAttributes() throws(HDF5Error) -> [HDF5Name] {
        var names: [HDF5Name] = []
        try check("H5Aiterate2", "list the attributes of \(name)") {
            withUnsafeMutablePointer(to: &names) { names in
                H5Aiterate2(
                    id, H5_INDEX_NAME, H5_ITER_INC, nil,
                    { _, name, _, names in
                        names?.assumingMemoryBound(to: [HDF5Name].self).pointee.append(HDF5Name(name))
                        return 0
                    }, names)
            }
        }
        return names.sorted()
    }

    /// Reads an attribute of any type. Returns nil if its elements cannot be read.
    ///
    /// C: H5Aread
    package func attributeElements(_ attribute: HDF5Name) throws(HDF5Error) -> HDF5Elements? {
        let attempt = "read attribute \(attribute) of \(name)"
        let open = try Handle("H5Aopen", attempt, closedBy: H5Aclose, named: "H5Aclose") {
            attribute.withCString { H5Aopen(id, $0, CHDF5_H5P_DEFAULT()) }
        }
        let type = try Handle("H5Aget_type", attempt, closedBy: H5Tclose, named: "H5Tclose") { H5Aget_type(open.id) }
        let space = try Handle("H5Aget_space", attempt, closedBy: H5Sclose, named: "H5Sclose") {
            H5Aget_space(open.id)
        }
        let extent = space.isNull ? .null : HDF5Extent.simple(try space.extent(attempt))
        let native = try nativeType(of: type, attempt)
        if native.layout.obstacle != nil { return nil }
        let layout = native.layout
        return try HDF5Elements(layout, native.take(), extent, attempt) { type, memory throws(HDF5Error) in
            try check("H5Aread", attempt) { H5Aread(open.id, type, memory) }
        }
    }
}

/// The native type for a stored type.
private struct NativeType: ~Copyable {
    let layout: HDF5ElementLayout
    let handle: Handle

    consuming func take() -> Handle { handle }
}

private func nativeType(of stored: borrowing Handle, _ attempt: String) throws(HDF5Error) -> NativeType {
    let id = stored.id
    let handle = try Handle("H5Tget_native_type", attempt, closedBy: H5Tclose, named: "H5Tclose") {
        H5Tget_native_type(id, H5T_DIR_ASCEND)
    }
    return NativeType(layout: HDF5ElementLayout(stored: stored, native: handle), handle: handle)
}
