public import SwiftMPI

/// A file, group or dataset, with its identifier, name and attributes.
public protocol HDF5Object: ~Copyable {
    /// The HDF5 identifier, for C functions that this library does not wrap. The object owns it: do not close it.
    var id: Int64 { get }
    /// The path of the file, followed by `:` and the path inside the file unless that is the root: `run.h5:/density`.
    var name: String { get }
    /// The path of the file.
    var filePath: String { get }
    /// The communicator whose ranks opened the file together; nil for a serial file. Changes to the object are
    /// collective among its ranks.
    var communicator: Communicator? { get }
}

extension HDF5Object where Self: ~Copyable {
    /// Whether all ranks of a communicator opened the file together.
    public var isParallel: Bool { communicator != nil }
}

/// An object that contains datasets and groups: a group, or a file as its root group.
public protocol HDF5Container: HDF5Object, ~Copyable {
    /// The path inside the file; `/` for the file itself.
    var path: String { get }
}

extension HDF5Container where Self: ~Copyable {
    public var name: String { path == "/" ? filePath : "\(filePath):\(path)" }

    /// Returns the path of `relative` inside the file; an absolute path is returned unchanged.
    func childPath(_ relative: String) -> String {
        if relative.hasPrefix("/") { return relative }
        return path == "/" ? "/\(relative)" : "\(path)/\(relative)"
    }
}
