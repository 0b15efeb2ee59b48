import ParallelHDF5

/// How two files compare, the worse the later.
enum Verdict: Int, Comparable {
    case identical, withinTolerance, different, notComparable

    static func < (a: Verdict, b: Verdict) -> Bool { a.rawValue < b.rawValue }

    var exitStatus: Int32 {
        switch self {
        case .identical, .withinTolerance: 0
        case .different: 1
        case .notComparable: 2
        }
    }
}

/// What was found about a dataset.
enum DatasetOutcome {
    case onlyIn(String)
    /// The reason, with what A and B have.
    case notComparable(String)
    case compared(ElementDifferences)
}

/// One dataset, of one file or both.
struct DatasetComparison {
    var path: String
    var shape: [Int]
    var type: HDF5StoredType
    var outcome: DatasetOutcome
    /// How far apart its elements may be; nil: every bit counts.
    var tolerance: Double?

    var verdict: Verdict {
        switch outcome {
        case .onlyIn, .notComparable: .notComparable
        case .compared(let differences): differences.verdict(tolerance)
        }
    }
}

/// All datasets of two files, compared; and the attributes that differ.
struct FileComparison {
    var datasets: [DatasetComparison] = []
    var attributes: [AttributeDifference] = []
    var tolerances: Tolerances

    /// The worst of the datasets' verdicts. Files without a dataset cannot be compared: there is nothing to be the same.
    var verdict: Verdict { datasets.map(\.verdict).max() ?? .notComparable }

    /// - Throws: HDF5Error for a file that cannot be opened or a dataset that cannot be read.
    init(_ pathA: String, _ pathB: String, tolerances: Tolerances) throws(HDF5Error) {
        self.tolerances = tolerances
        let a = try HDF5File.open(pathA)
        let b = try HDF5File.open(pathB)
        let pathsInA = Set(try a.datasetPaths())
        let pathsInB = Set(try b.datasetPaths())
        attributes = try differingAttributes("", a, b)
        for path in pathsInA.union(pathsInB).sorted() {
            if !pathsInB.contains(path) {
                try addLone(path, of: a, "A")
            } else if !pathsInA.contains(path) {
                try addLone(path, of: b, "B")
            } else {
                try add(path, a.openDataset(path), b.openDataset(path))
            }
        }
    }

    private mutating func addLone(_ path: String, of file: borrowing HDF5File, _ side: String) throws(HDF5Error) {
        let dataset = try file.openDataset(path)
        datasets.append(
            DatasetComparison(path: path, shape: dataset.shape, type: dataset.storedType, outcome: .onlyIn(side)))
    }

    private mutating func add(
        _ path: String, _ a: borrowing HDF5Dataset, _ b: borrowing HDF5Dataset
    ) throws(HDF5Error) {
        attributes += try differingAttributes(path, a, b)
        let outcome: DatasetOutcome
        if a.shape != b.shape {
            outcome = .notComparable("other shape: A \(shapeText(a.shape)), B \(shapeText(b.shape))")
        } else if !a.storedType.isSame(as: b.storedType) {
            outcome = .notComparable("other type: A \(a.storedType), B \(b.storedType)")
        } else if let differences = try compareElements(a, b, tolerances[path]) {
            outcome = .compared(differences)
        } else {
            outcome = .notComparable("elements of type \(a.storedType) cannot be compared")
        }
        datasets.append(
            DatasetComparison(
                path: path, shape: a.shape, type: a.storedType, outcome: outcome, tolerance: tolerances[path]))
    }
}

extension HDF5StoredType {
    /// Whether elements of both types have the same values, be the bytes in another order.
    fileprivate func isSame(as other: HDF5StoredType) -> Bool {
        kind == other.kind && size == other.size && isSigned == other.isSigned
            && (isBigEndian == other.isBigEndian || elementType != nil)
    }
}
