internal import CHDF5
package import SwiftMPI

// The contents and attributes of a file, for programs that do not know the file beforehand. Names need not be UTF-8.

/// The target of a link in a file.
package enum HDF5Content: Hashable, Sendable {
    case dataset, group, namedType
    /// A group that contains the link itself, with the path of that group. Its members are listed under that path.
    case enclosingGroup(HDF5Name)
    /// A soft link, with the path of its target.
    case softLink(HDF5Name)
    /// An external link, with the file and the path of its target; or a user-defined link, with its value.
    case externalLink([HDF5Name])
}

extension HDF5Container where Self: ~Copyable {
    /// Returns all links below this file or group, keyed by path.
    ///
    /// An object is listed under each of its names, and the members of a group under each name of the group. Soft and
    /// external links are not followed.
    ///
    /// C: H5Literate
    package func contents() throws(HDF5Error) -> [HDF5Name: HDF5Content] {
        var contents: [HDF5Name: HDF5Content] = [:]
        let top = HDF5Name(path)
        var groups = try [(path: top, enclosing: [place(of: id, name): top])]
        while let group = groups.popLast() {
            let open = try HDF5AnyObject(group.path, in: self)
            let prefix = group.path.bytes + (group.path.bytes.last == UInt8(ascii: "/") ? [] : [UInt8(ascii: "/")])
            for link in try open.links() {
                let path = HDF5Name(prefix + link.name.bytes)
                guard link.type == H5L_TYPE_HARD else {
                    let target = try open.target(of: link.name, type: link.type, size: link.size)
                    contents[path] =
                        link.type == H5L_TYPE_SOFT ? .softLink(target.first ?? HDF5Name("")) : .externalLink(target)
                    continue
                }
                let object = try HDF5AnyObject(path, in: self)
                switch Library.exclusively({ H5Iget_type(object.id) }) {
                case H5I_DATASET: contents[path] = .dataset
                case H5I_GROUP:
                    let place = try place(of: object.id, object.name)
                    if let known = group.enclosing[place] {
                        contents[path] = .enclosingGroup(known)
                    } else {
                        contents[path] = .group
                        groups.append((path, group.enclosing.merging([place: path]) { $1 }))
                    }
                default: contents[path] = .namedType
                }
            }
        }
        return contents
    }
}

/// The identity of an object within its file, independent of the name it was opened by.
private struct ObjectPlace: Hashable {
    var first: UInt64
    var second: UInt64
}

private typealias Link = (name: HDF5Name, type: H5L_type_t, size: Int)

/// C: H5Oget_info
private func place(of object: hid_t, _ name: String) throws(HDF5Error) -> ObjectPlace {
    var place = CHDF5_object_place_t()
    try check("H5Oget_info", "look at \(name)") { CHDF5_H5Oget_place(object, &place) }
    return ObjectPlace(first: place.first, second: place.second)
}

extension HDF5AnyObject {
    /// Returns the links of a group.
    ///
    /// C: H5Literate
    fileprivate func links() throws(HDF5Error) -> [Link] {
        var links: [Link] = []
        try check("H5Literate", "list the contents of \(name)") {
            withUnsafeMutablePointer(to: &links) { links in
                CHDF5_H5Literate(
                    id,
                    { name, type, size, links in
                        links?.assumingMemoryBound(to: [Link].self).pointee.append((HDF5Name(name), type, size))
                        return 0
                    }, links)
            }
        }
        return links
    }

    /// Returns the target path of a soft link, or the file and target path of an external link.
    ///
    /// C: H5Lget_val, H5Lunpack_elink_val
    fileprivate func target(of link: HDF5Name, type: H5L_type_t, size: Int) throws(HDF5Error) -> [HDF5Name] {
        var value = [UInt8](repeating: 0, count: size + 1)
        try check("H5Lget_val", "read the link \(link) of \(name)") {
            link.withCString { H5Lget_val(id, $0, &value, size, CHDF5_H5P_DEFAULT()) }
        }
        // The value of an external link is a byte of flags, the file, and the path in the file.
        return value.dropFirst(type == H5L_TYPE_EXTERNAL ? 1 : 0).split(separator: 0).map { HDF5Name($0) }
    }
}

/// A file, group, dataset or named type, opened for its attributes.
package struct HDF5AnyObject: ~Copyable, HDF5Object {
    let handle: Handle
    package let name: String
    package let filePath: String
    package let communicator: Communicator?

    package var id: Int64 { handle.id }

    /// Opens the object at a path relative to a file or group.
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
