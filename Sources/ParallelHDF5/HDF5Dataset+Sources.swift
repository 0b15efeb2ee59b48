internal import CHDF5
internal import Glibc

// The sources of virtual datasets. HDF5 silently returns fill values for the elements of a source that it cannot find.

extension HDF5Dataset {
    /// Throws if a source of a virtual dataset, or a source of its sources, is missing. Serial files only.
    ///
    /// C: H5Pget_virtual_count, H5Pget_virtual_filename, H5Pget_virtual_dsetname
    package func requireSources() throws(HDF5Error) {
        var search = SourceSearch(attempt: "read \(name)")
        try search.requireSources(of: id)
    }
}

extension HDF5File {
    /// Opens a file that contains virtual datasets or their sources, for reading. Not parallel.
    ///
    /// HDF5 opens source files with access properties of its own, and cannot have the same file open in two ways. This
    /// method uses the same properties, unless another program has locked the file.
    package static func openWithSources(_ path: String) throws(HDF5Error) -> HDF5File {
        do throws(HDF5Error) {
            return try open(path, access: .asForSources)
        } catch {
            return try open(path)
        }
    }
}

extension HDF5FileAccess {
    fileprivate static var asForSources: HDF5FileAccess {
        var access = HDF5FileAccess()
        access.isAsForSources = true
        return access
    }
}

private struct SourceSearch {
    /// A dataset that has been visited.
    private struct Place: Hashable {
        var file: HDF5Name
        var path: HDF5Name
    }

    let attempt: String
    private var seen: Set<Place> = []

    init(attempt: String) { self.attempt = attempt }

    mutating func requireSources(of dataset: hid_t) throws(HDF5Error) {
        let sources = try sources(of: dataset)
        if sources.isEmpty { return }
        let ownFile = try text("H5Fget_name") { H5Fget_name(dataset, $0, $1) }
        for (fileName, paths) in sources.sorted(by: { $0.key < $1.key }) {
            let file = try open(fileName, for: dataset, in: ownFile)
            let openName = try text("H5Fget_name") { H5Fget_name(file.id, $0, $1) }
            for path in paths.sorted() where seen.insert(Place(file: openName, path: path)).inserted {
                let id = Library.exclusively { path.withCString { H5Dopen2(file.id, $0, CHDF5_H5P_DEFAULT()) } }
                guard id >= 0 else {
                    throw HDF5Error(attempt, refusedBecause: "its source file \(openName) has no dataset \(path)")
                }
                let source = try Handle("H5Dopen2", attempt, closedBy: H5Dclose, named: "H5Dclose") { id }
                try requireSources(of: source.id)
            }
        }
    }

    /// Returns the source files of a dataset and the dataset paths in each of them; empty if the dataset is not
    /// virtual.
    private func sources(of dataset: hid_t) throws(HDF5Error) -> [HDF5Name: Set<HDF5Name>] {
        let list = try Handle("H5Dget_create_plist", attempt, closedBy: H5Pclose, named: "H5Pclose") {
            H5Dget_create_plist(dataset)
        }
        guard Library.exclusively({ H5Pget_layout(list.id) }) == H5D_VIRTUAL else { return [:] }
        let space = try Handle("H5Dget_space", attempt, closedBy: H5Sclose, named: "H5Sclose") { H5Dget_space(dataset) }
        let shape = try space.extent(attempt)
        var count = 0
        try check("H5Pget_virtual_count", attempt) { H5Pget_virtual_count(list.id, &count) }
        var sources: [HDF5Name: Set<HDF5Name>] = [:]
        for index in 0..<count {
            let file = SourcePattern(
                try text("H5Pget_virtual_filename") { H5Pget_virtual_filename(list.id, index, $0, $1) })
            let path = SourcePattern(
                try text("H5Pget_virtual_dsetname") { H5Pget_virtual_dsetname(list.id, index, $0, $1) })
            let blocks = file.isNumbered || path.isNumbered ? try blocks(of: list, index, in: shape) : 1
            for block in 0..<blocks { sources[file.name(of: block), default: []].insert(path.name(of: block)) }
        }
        return sources
    }

    /// Returns the number of sources with numbered names that fit into the virtual dataset; HDF5 itself stops at the
    /// first missing one. The result is at least 1, because a dataset without any source shows nothing.
    ///
    /// C: H5Pget_virtual_vspace, H5Sget_regular_hyperslab
    private func blocks(of list: borrowing Handle, _ index: Int, in shape: [Int]) throws(HDF5Error) -> Int {
        let id = list.id
        let space = try Handle("H5Pget_virtual_vspace", attempt, closedBy: H5Sclose, named: "H5Sclose") {
            H5Pget_virtual_vspace(id, index)
        }
        var start = [hsize_t](repeating: 0, count: shape.count)
        var (step, count, block) = (start, start, start)
        try check("H5Sget_regular_hyperslab", attempt) {
            H5Sget_regular_hyperslab(space.id, &start, &step, &count, &block)
        }
        guard let axis = count.firstIndex(of: CHDF5_H5S_UNLIMITED()) else { return 1 }
        return max(1, (shape[axis] - Int(start[axis]) + Int(step[axis]) - 1) / Int(step[axis]))
    }

    /// Opens the file of a source in the same place as HDF5.
    private func open(_ name: HDF5Name, for dataset: hid_t, in ownFile: HDF5Name) throws(HDF5Error) -> Handle {
        if name == HDF5Name(".") {
            return try Handle("H5Iget_file_id", attempt, closedBy: H5Fclose, named: "H5Fclose") {
                H5Iget_file_id(dataset)
            }
        }
        let access = try HDF5FileAccess.asForSources.list(attempt, nil)
        for place in places(of: name, besides: ownFile) {
            let id = Library.exclusively { place.withCString { H5Fopen($0, CHDF5_H5F_ACC_RDONLY(), access.id) } }
            if id >= 0 { return try Handle("H5Fopen", attempt, closedBy: H5Fclose, named: "H5Fclose") { id } }
        }
        throw HDF5Error(attempt, refusedBecause: "its source file \(name) is missing or cannot be read")
    }

    /// Returns a name from an HDF5 function that writes it to a buffer of a given size and returns its length.
    private func text(
        _ function: StaticString, _ write: (UnsafeMutablePointer<CChar>?, Int) -> Int
    ) throws(HDF5Error) -> HDF5Name {
        let length = try check(function, attempt) { write(nil, 0) }
        var bytes = [CChar](repeating: 0, count: length + 1)
        try check(function, attempt) { write(&bytes, bytes.count) }
        return HDF5Name(bytes)
    }
}

/// Returns the paths at which HDF5 looks for the file of a source, in order: in the folders of `HDF5_VDS_PREFIX`, in
/// the folder of the virtual dataset's file, in the working directory, and, if that file was opened by a symbolic link,
/// in the folder of the link's target. If no file exists at an absolute path, HDF5 looks for its last component in the
/// same folders.
///
/// Source: HDF5 Reference Manual, H5Pset_virtual_prefix; `H5F_prefix_open_file` of HDF5 1.10.
private func places(of source: HDF5Name, besides file: HDF5Name) -> [HDF5Name] {
    let slash = UInt8(ascii: "/")
    let origin = Array("${ORIGIN}".utf8)
    func folder(_ path: [UInt8]) -> [UInt8] { path.lastIndex(of: slash).map { Array(path[...$0]) } ?? [] }

    var folders: [[UInt8]] = []
    if let variable = getenv("HDF5_VDS_PREFIX") {
        let prefixes = HDF5Name(variable).bytes
        folders = prefixes.split(separator: UInt8(ascii: ":")).map { Array($0) }
        folders.append(
            prefixes.starts(with: origin)
                ? folder(file.bytes) + Array(".".utf8) + prefixes.dropFirst(origin.count) : prefixes)
    }
    folders += [folder(file.bytes), []]
    if let real = file.withCString({ realpath($0, nil) }) {
        folders.append(folder(HDF5Name(real).bytes))
        free(real)
    }
    let isAbsolute = source.bytes.first == slash
    let name = isAbsolute ? Array(source.bytes.dropFirst(folder(source.bytes).count)) : source.bytes
    let places = folders.map { $0.isEmpty || $0.last == slash ? $0 + name : $0 + [slash] + name }
    return ((isAbsolute ? [source.bytes] : []) + places).map { HDF5Name($0) }
}

/// The name of a source, in which `%b` stands for the number of a block and `%%` for a percent sign.
private struct SourcePattern {
    /// The text before, between and after the block numbers.
    private var parts: [[UInt8]] = [[]]

    init(_ pattern: HDF5Name) {
        let percent = UInt8(ascii: "%")
        var rest = pattern.bytes[...]
        while let byte = rest.popFirst() {
            if byte == percent, rest.first == UInt8(ascii: "b") {
                rest.removeFirst()
                parts.append([])
            } else {
                if byte == percent, rest.first == percent { rest.removeFirst() }
                parts[parts.count - 1].append(byte)
            }
        }
    }

    var isNumbered: Bool { parts.count > 1 }

    func name(of block: Int) -> HDF5Name { HDF5Name(parts.joined(separator: Array("\(block)".utf8))) }
}
