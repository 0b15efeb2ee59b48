internal import CHDF5
package import SwiftMPI

// What a file holds, and its attributes, for a program that does not know the file: names need not be UTF-8.

/// A link of a file and what it leads to.
package enum HDF5Content: Hashable, Sendable {
    case dataset, group, namedType
    /// A soft or external link, with its target.
    case link(String)
}

extension HDF5Container where Self: ~Copyable {
    /// All links below this file or group by their paths. An object is listed under each of its names, what is in a
    /// group under one of them. Soft and external links are not followed.
    ///
    /// C: H5Lvisit
    package func contents() throws(HDF5Error) -> [HDF5Name: HDF5Content] {
        let attempt = "list the contents of \(name)"
        var links: [(name: HDF5Name, type: H5L_type_t, size: Int)] = []
        try check("H5Lvisit", attempt) {
            withUnsafeMutablePointer(to: &links) { links in
                CHDF5_H5Lvisit(
                    id,
                    { path, type, size, links in
                        links?.assumingMemoryBound(to: [(name: HDF5Name, type: H5L_type_t, size: Int)].self).pointee
                            .append((HDF5Name(path), type, size))
                        return 0
                    }, links)
            }
        }
        var contents: [HDF5Name: HDF5Content] = [:]
        let prefix = Array((path == "/" ? "/" : "\(path)/").utf8)
        for link in links {
            let content: HDF5Content
            if link.type == H5L_TYPE_HARD {
                let object = try HDF5AnyObject(link.name, in: self)
                switch Library.exclusively({ H5Iget_type(object.id) }) {
                case H5I_DATASET: content = .dataset
                case H5I_GROUP: content = .group
                default: content = .namedType
                }
            } else {
                content = .link(try target(of: link.name, size: link.size, isExternal: link.type == H5L_TYPE_EXTERNAL))
            }
            contents[HDF5Name(prefix + link.name.bytes)] = content
        }
        return contents
    }

    /// C: H5Lget_val, H5Lunpack_elink_val
    private func target(of link: HDF5Name, size: Int, isExternal: Bool) throws(HDF5Error) -> String {
        var value = [UInt8](repeating: 0, count: size + 1)
        try check("H5Lget_val", "read the link \(link) of \(name)") {
            link.withCString { H5Lget_val(id, $0, &value, size, CHDF5_H5P_DEFAULT()) }
        }
        // An external link: a byte of flags, then the file and the path in it.
        let parts = value.dropFirst(isExternal ? 1 : 0).split(separator: 0).map { printable($0) }
        return parts.joined(separator: ":")
    }
}

/// A file, group, dataset or named type, for the attributes it has.
package struct HDF5AnyObject: ~Copyable, HDF5Object {
    let handle: Handle
    package let name: String
    package let filePath: String
    package let communicator: Communicator?

    package var id: Int64 { handle.id }

    /// Opens an object by its path from a file or group.
    ///
    /// C: H5Oopen
    package init(_ path: HDF5Name, in container: borrowing some HDF5Container & ~Copyable) throws(HDF5Error) {
        let id = container.id
        handle = try Handle("H5Oopen", "open \(path) of \(container.name)", closedBy: H5Oclose, named: "H5Oclose") {
            path.withCString { H5Oopen(id, $0, CHDF5_H5P_DEFAULT()) }
        }
        name = "\(container.filePath):\(path)"
        filePath = container.filePath
        communicator = container.communicator
    }
}
