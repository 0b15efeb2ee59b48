public import ParallelHDF5
public import SwiftMPI
public import SystemSupport

/// A result file that all ranks write together and that appears under its name only when it is complete.
///
/// Whatever throws does so on all ranks, with a ``JobFailure`` of status 73 or 74.
public struct CollectiveResultFile: ~Copyable {
    private let target: PublishedFile
    private let world: Communicator
    private let file: HDF5File

    /// Whether this rank writes what every rank knows.
    public var isRoot: Bool { world.rank == 0 }

    /// Creates the file. Collective.
    ///
    /// - Parameters:
    ///   - target: Where it will be.
    ///   - byteCount: The size it will have at least.
    public init(_ target: PublishedFile, byteCount: Int = 0, on world: Communicator) throws {
        try world.onRoot { try target.prepare(byteCount: byteCount) }
        if world.rank == 0 { UnfinishedFile.removeWhenEnded(target.temporaryPath) }
        let file = try world.together {
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

    /// Opens the file that the same run has begun or finished earlier, to go on writing it. Collective.
    ///
    /// - Parameter replaced: What was under the name when the run began.
    /// - Throws: if there is none, it cannot be read any more, or another run has written a file of the name meanwhile;
    ///   all stays where it is then.
    public init(continuing target: PublishedFile, replacing replaced: FileStamp?, on world: Communicator) throws {
        try world.onRoot { try target.reopen(replacing: replaced, isOwn: isOwn(target)) }
        let file = try world.together {
            try withStatus(ExitStatus.ioError) {
                try HDF5File.open(target.temporaryPath, mode: .readWrite, communicator: world)
            }
        }
        self.file = file
        self.target = target
        self.world = world
    }

    /// Does one collective step of writing: it fails on all ranks if it fails on any. Collective.
    public func writing<R: ~Copyable>(_ body: (borrowing HDF5File) throws -> R) throws -> R {
        try world.together { try withStatus(ExitStatus.ioError) { try body(file) } }
    }

    /// Makes a dataset, its space in the file set aside. Collective.
    ///
    /// - Parameters:
    ///   - shape: `[]` for a single value.
    ///   - layout, maximumShape: How it is stored and how far it can grow.
    ///   - units: In the spelling of UDUNITS, `"1"` for none.
    ///   - meaning: What `long_name` says.
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

    /// Fills a dataset, or part of it, with elements that every rank knows; rank 0 writes them. Collective.
    public func fill<T: HDF5Scalar>(
        _ dataset: borrowing HDF5Dataset, with values: [T], at region: Hyperslab? = nil
    ) throws {
        try writing { _ in
            if isRoot { try dataset.write(values, to: region, transfer: .independent) }
        }
    }

    /// Makes and fills a dataset of a single value that every rank knows. Collective.
    public func write<T: HDF5Scalar>(_ name: String, _ value: T, units: String = "1", meaning: String) throws {
        try fill(create(name, of: T.self, shape: [], units: units, meaning: meaning), with: [value])
    }

    /// Writes what describes the run as attributes of the file: CF's, the given ones, and where it comes from.
    /// Collective.
    public func describe(program: String, title: String, parameters: [(name: String, value: Double)]) throws {
        try writing { file in
            try file.setAttribute("Conventions", to: "CF-1.10")
            try file.setAttribute("title", to: title)
            for (name, value) in parameters { try file.setAttribute(name, to: value) }
            for (name, value) in provenance(of: program, on: world) { try file.setAttribute(name, to: value) }
        }
    }

    /// Brings all that has been written to the disk. Collective.
    public func flush() throws { try writing { try $0.flush() } }

    /// Closes the file and gives it its name. Collective.
    ///
    /// After a failure the file stays where it was being written: a run that goes on from a checkpoint needs it.
    public consuming func publish() throws {
        try flush()
        let (world, target) = (world, target)
        var closing = Optional(file)
        try world.together { try withStatus(ExitStatus.ioError) { try closing.take()!.close(keepsFile: true) } }
        try world.onRoot { try target.publish() }
        if world.rank == 0 { UnfinishedFile.keep() }
    }
}

/// Whether a finished result of the name is that of the same run.
private func isOwn(_ target: PublishedFile) -> Bool {
    guard let run = target.run, let file = try? HDF5File.open(target.path) else { return false }
    return (try? file.attribute(runAttribute)) == run
}

private let runAttribute = "run"

/// Writes a result file in one go; after an error nothing of it is left. Collective.
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
