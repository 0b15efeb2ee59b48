public import ParallelHDF5
public import SwiftMPI
public import SystemSupport

/// A result file that all ranks write together and that appears under its name only when it is complete.
///
/// All methods that throw do so on all ranks, with a ``JobFailure`` of exit status 73 or 74.
public struct CollectiveResultFile: ~Copyable {
    private let target: PublishedFile
    private let world: Communicator
    private let file: HDF5File

    /// Whether this rank writes the data that are the same on all ranks.
    public var isRoot: Bool { world.rank == 0 }

    /// Creates the file. Collective.
    ///
    /// - Parameters:
    ///   - target: The file to publish.
    ///   - byteCount: A lower bound of the final size.
    public init(_ target: PublishedFile, byteCount: Int = 0, on world: Communicator) throws {
        try world.onRoot { try target.prepare(byteCount: byteCount) }
        if world.rank == 0 { UnfinishedFile.removeWhenEnded(target.temporaryPath) }
        let file = try world.failingTogether {
            let file = try withStatus(ExitStatus.cannotCreate) {
                try HDF5File.create(target.temporaryPath, communicator: world)
            }
            try withStatus(ExitStatus.ioError) {
                if let run = target.run { try file.setAttribute(runAttribute, to: run) }
            }
            return file
        }
        self.file = file
        self.target = target
        self.world = world
    }

    /// Opens the file that the same run started or finished earlier, to continue writing it. Collective.
    ///
    /// - Parameter replaced: The file that had the final name when the run started.
    /// - Throws: ``JobFailure`` if the file is missing or unreadable, or if another run has written a file of that name
    ///   since. All files then stay where they are.
    public init(continuing target: PublishedFile, replacing replaced: FileStamp?, on world: Communicator) throws {
        try world.onRoot { try target.reopen(replacing: replaced, isOwn: isOwn(target)) }
        let file = try world.failingTogether {
            try withStatus(ExitStatus.ioError) {
                try HDF5File.open(target.temporaryPath, mode: .readWrite, communicator: world)
            }
        }
        self.file = file
        self.target = target
        self.world = world
    }

    /// Runs one collective step of writing, which fails on all ranks if it fails on any rank. Collective.
    public func writing<R: ~Copyable>(_ body: (borrowing HDF5File) throws -> R) throws -> R {
        try world.failingTogether { try withStatus(ExitStatus.ioError) { try body(file) } }
    }

    /// Creates a dataset and allocates its space in the file. Collective.
    ///
    /// - Parameters:
    ///   - shape: The extent along each axis; `[]` for a single value.
    ///   - layout, maximumShape: How the elements are stored, and the extent to which the dataset can grow.
    ///   - units: The units as spelled by UDUNITS; `"1"` for dimensionless values.
    ///   - meaning: The value of the attribute `long_name`.
    public func create<T: HDF5Scalar>(
        _ name: String, of type: T.Type, shape: [Int], layout: HDF5Layout = .contiguous, maximumShape: [Int?]? = nil,
        units: String, meaning: String
    ) throws -> HDF5Dataset {
        let dataset = try writing {
            try $0.createDataset(name, of: T.self, shape: shape, layout: layout, maximumShape: maximumShape)
        }
        try writing { _ in
            try dataset.setAttribute("units", to: units)
            try dataset.setAttribute("long_name", to: meaning)
        }
        return dataset
    }

    /// Fills a dataset, or part of it, with elements that every rank has. Rank 0 writes them. Collective.
    public func fill<T: HDF5Scalar>(
        _ dataset: borrowing HDF5Dataset, with values: [T], at region: Hyperslab? = nil
    ) throws {
        try writing { _ in
            if isRoot { try dataset.write(values, to: region, transfer: .independent) }
        }
    }

    /// Creates a dataset for a single value that every rank has, and writes the value. Collective.
    public func write<T: HDF5Scalar>(_ name: String, _ value: T, units: String = "1", meaning: String) throws {
        try fill(create(name, of: T.self, shape: [], units: units, meaning: meaning), with: [value])
    }

    /// Writes attributes that describe the run: those of the CF conventions, the given parameters, and the provenance.
    /// Collective.
    public func describe(program: String, title: String, parameters: [(name: String, value: Double)]) throws {
        try writing { file in
            try file.setAttribute("Conventions", to: "CF-1.10")
            try file.setAttribute("title", to: title)
            for (name, value) in parameters { try file.setAttribute(name, to: value) }
            for (name, value) in provenance(of: program, on: world) { try file.setAttribute(name, to: value) }
        }
    }

    /// Flushes everything written so far to the disk. Collective.
    public func flush() throws { try writing { try $0.flush() } }

    /// Closes the file and gives it its final name. Collective.
    ///
    /// After a failure the unfinished file is kept, because a run that resumes from a checkpoint needs it.
    public consuming func publish() throws {
        try flush()
        let (world, target) = (world, target)
        var closing = Optional(file)
        try world.failingTogether { try withStatus(ExitStatus.ioError) { try closing.take()!.close(keepsFile: true) } }
        try world.onRoot { try target.publish() }
        if world.rank == 0 { UnfinishedFile.keep() }
    }
}

/// Whether a finished result of the final name belongs to the same run.
private func isOwn(_ target: PublishedFile) -> Bool {
    guard let run = target.run, let file = try? HDF5File.open(target.path) else { return false }
    return (try? file.attribute(runAttribute)) == run
}

private let runAttribute = "run"

/// Writes a complete result file, and removes it if an error occurs. Collective.
public func writing(
    _ target: PublishedFile, on world: Communicator, _ body: (borrowing CollectiveResultFile) throws -> Void
) throws {
    do {
        let file = try CollectiveResultFile(target, on: world)
        try body(file)
        try file.publish()
    } catch {
        if world.rank == 0 { target.discard() }
        throw error
    }
}
