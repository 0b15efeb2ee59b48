public import SwiftMPI

/// What files, groups and datasets have in common: an identifier, a name, and attributes.
public protocol HDF5Object: ~Copyable {
    /// The HDF5 identifier, for the calls this library does not wrap. It stays the object's own: do not close it.
    var id: Int64 { get }
    /// The path of the file, then `:` and the path inside it where that is not the root: `run.h5:/density`.
    var name: String { get }
    /// The path of the file.
    var filePath: String { get }
    /// The ranks that opened the file together; whatever changes it is collective among them. Nil for a serial file.
    var communicator: Communicator? { get }
}

extension HDF5Object where Self: ~Copyable {
    /// Whether the file was opened by all ranks of a communicator.
    public var isParallel: Bool { communicator != nil }
}

/// What holds datasets and groups: a file (its root group) or a group.
public protocol HDF5Container: HDF5Object, ~Copyable {
    /// The path inside the file, `/` for the file itself.
    var path: String { get }
}

extension HDF5Container where Self: ~Copyable {
    public var name: String { path == "/" ? filePath : "\(filePath):\(path)" }

    /// The path inside the file of `relative`, which may be absolute already.
    func childPath(_ relative: String) -> String {
        if relative.hasPrefix("/") { return relative }
        return path == "/" ? "/\(relative)" : "\(path)/\(relative)"
    }
}
