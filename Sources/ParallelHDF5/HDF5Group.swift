internal import CHDF5
public import SwiftMPI

/// A group of an HDF5 file: a directory of datasets and groups.
public struct HDF5Group: ~Copyable, HDF5Container {
    private let handle: Handle
    public let filePath: String
    public let path: String
    public let communicator: Communicator?

    public var id: Int64 { handle.id }

    fileprivate init(handle: consuming Handle, filePath: String, path: String, communicator: Communicator?) {
        self.handle = handle
        self.filePath = filePath
        self.path = path
        self.communicator = communicator
    }
}

extension HDF5Container where Self: ~Copyable {
    /// Creates a group. Collective in a parallel file.
    ///
    /// - Throws: ``HDF5Error``, for example if the name is taken or the enclosing group is missing.
    ///
    /// C: H5Gcreate2
    public func createGroup(_ relative: String) throws(HDF5Error) -> HDF5Group {
        let path = childPath(relative)
        let creation = try Handle.propertyList(CHDF5_H5P_GROUP_CREATE)
        let order = CHDF5_H5P_CRT_ORDER_TRACKED() | CHDF5_H5P_CRT_ORDER_INDEXED()
        let attempt = "create group \(path) in \(filePath)"
        try check("H5Pset_link_creation_order", attempt) { H5Pset_link_creation_order(creation.id, order) }
        try check("H5Pset_attr_creation_order", attempt) { H5Pset_attr_creation_order(creation.id, order) }
        let handle = try Handle("H5Gcreate2", attempt, closedBy: H5Gclose, named: "H5Gclose") {
            H5Gcreate2(id, path, CHDF5_H5P_DEFAULT(), creation.id, CHDF5_H5P_DEFAULT())
        }
        return HDF5Group(handle: handle, filePath: filePath, path: path, communicator: communicator)
    }

    /// Opens a group.
    ///
    /// C: H5Gopen2
    public func openGroup(_ relative: String) throws(HDF5Error) -> HDF5Group {
        let path = childPath(relative)
        let handle = try Handle("H5Gopen2", "open group \(path) of \(filePath)", closedBy: H5Gclose, named: "H5Gclose")
        {
            H5Gopen2(id, path, CHDF5_H5P_DEFAULT())
        }
        return HDF5Group(handle: handle, filePath: filePath, path: path, communicator: communicator)
    }

    /// Returns the paths of all datasets below this file or group, sorted.
    ///
    /// The paths start at the root of the file. A dataset with several hard links is listed once; soft and external
    /// links are not followed.
    ///
    /// C: H5Ovisit
    public func datasetPaths() throws(HDF5Error) -> [String] {
        var relative: [String] = []
        try check("H5Ovisit", "list the contents of \(name)") {
            withUnsafeMutablePointer(to: &relative) { relative in
                CHDF5_H5Ovisit(
                    id,
                    { path, type, relative in
                        if type == H5O_TYPE_DATASET, let path, let relative {
                            relative.assumingMemoryBound(to: [String].self).pointee.append(String(cString: path))
                        }
                        return 0
                    }, relative)
            }
        }
        return relative.map { childPath($0) }.sorted()
    }
}
