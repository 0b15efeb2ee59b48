import ParallelHDF5

/// The result of comparing two files, ordered from best to worst.
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

/// The result of comparing a dataset.
enum DatasetOutcome {
    case onlyIn(String)
    /// The reason, with the properties of A and B.
    case notComparable(String)
    case compared(ElementDifferences)
}

/// A dataset that is in one or both files.
struct DatasetComparison {
    var path: HDF5Name
    var extent: HDF5Extent
    var type: HDF5StoredType
    /// Whether the elements are numbers, real or complex.
    var isNumeric: Bool
    var outcome: DatasetOutcome
    /// The tolerance for its elements; `nil` if all bits must be the same.
    var tolerance: Tolerance?

    var shape: [Int] { extent.shape }

    var verdict: Verdict {
        switch outcome {
        case .onlyIn, .notComparable: .notComparable
        case .compared(let differences): differences.verdict(tolerance)
        }
    }
}

/// A group, link or named type that differs between the two files.
struct StructureDifference {
    var path: HDF5Name
    /// Descriptions of the object in A and B; `nil` if nothing has this path there.
    var a: String?
    var b: String?
}

/// The comparison of all datasets of two files, and the other differences between the files.
struct FileComparison {
    var datasets: [DatasetComparison] = []
    var attributes: [AttributeDifference] = []
    var structure: [StructureDifference] = []
    /// The number of external links that both files have, whose targets were not compared.
    var unfollowedLinks = 0
    var tolerances: Tolerances
    /// Whether attributes and structure must be the same, too.
    var isStrict: Bool

    /// The worst of the datasets' verdicts. Files without datasets cannot be compared, because they have nothing to
    /// compare. In strict mode, files with external links cannot be compared either, because the targets of the links
    /// are unknown.
    var verdict: Verdict {
        guard let worst = datasets.map(\.verdict).max() else { return .notComparable }
        guard isStrict else { return worst }
        if unfollowedLinks > 0 { return .notComparable }
        return attributes.isEmpty && structure.isEmpty ? worst : max(worst, .different)
    }

    /// - Throws: ``HDF5Error`` if a file cannot be opened or a dataset cannot be read.
    init(_ pathA: String, _ pathB: String, tolerances: Tolerances, isStrict: Bool = false) throws(HDF5Error) {
        self.tolerances = tolerances
        self.isStrict = isStrict
        let a = try HDF5File.openWithSources(pathA)
        let b = try HDF5File.openWithSources(pathB)
        let contentsOfA = try a.contents()
        let contentsOfB = try b.contents()
        attributes = try differingAttributes(nil, a, b)
        for path in Set(contentsOfA.keys).union(contentsOfB.keys).sorted() {
            switch (contentsOfA[path], contentsOfB[path]) {
            case (.dataset, .dataset): try add(path, a.openDataset(path), b.openDataset(path))
            case (.dataset, nil): try add(path, a.openDataset(path), .onlyIn("A"))
            case (nil, .dataset): try add(path, b.openDataset(path), .onlyIn("B"))
            case (.dataset, let other?):
                try add(
                    path, a.openDataset(path), .notComparable("other kind: A dataset, B \(b.text(of: other, path))"))
            case (let other?, .dataset):
                try add(
                    path, b.openDataset(path), .notComparable("other kind: A \(a.text(of: other, path)), B dataset"))
            case (let contentA, let contentB):
                var isSame = contentA == contentB
                switch (contentA, contentB) {
                case (.group, .group):
                    attributes += try differingAttributes(path, HDF5AnyObject(path, in: a), HDF5AnyObject(path, in: b))
                case (.namedType, .namedType):
                    let typeA = try HDF5AnyObject(path, in: a)
                    let typeB = try HDF5AnyObject(path, in: b)
                    isSame = try typeA.namedType().isSameType(as: typeB.namedType())
                    attributes += try differingAttributes(path, typeA, typeB)
                case (.externalLink, .externalLink) where isSame: unfollowedLinks += 1
                default: break
                }
                if !isSame {
                    structure.append(
                        StructureDifference(
                            path: path,
                            a: try contentA.map { content throws(HDF5Error) in try a.text(of: content, path) },
                            b: try contentB.map { content throws(HDF5Error) in try b.text(of: content, path) }))
                }
            }
        }
    }

    private mutating func add(
        _ path: HDF5Name, _ dataset: borrowing HDF5Dataset, _ outcome: DatasetOutcome
    ) throws(HDF5Error) {
        datasets.append(
            DatasetComparison(
                path: path, extent: dataset.extent, type: dataset.storedType, isNumeric: false, outcome: outcome,
                tolerance: tolerances[path]))
    }

    private mutating func add(
        _ path: HDF5Name, _ a: borrowing HDF5Dataset, _ b: borrowing HDF5Dataset
    ) throws(HDF5Error) {
        attributes += try differingAttributes(path, a, b)
        let (layoutA, layoutB) = (try a.elementLayout(), try b.elementLayout())
        let outcome: DatasetOutcome
        if a.extent != b.extent {
            outcome = .notComparable("other shape: A \(a.extent), B \(b.extent)")
        } else if !layoutA.isSameType(as: layoutB) {
            outcome = .notComparable("other type: A \(layoutA), B \(layoutB)")
        } else if let obstacle = layoutA.obstacle {
            outcome = .notComparable("elements of type \(obstacle) cannot be compared")
        } else {
            outcome = try compare(a, b, tolerances[path])
        }
        datasets.append(
            DatasetComparison(
                path: path, extent: a.extent, type: a.storedType, isNumeric: layoutA.isNumeric, outcome: outcome,
                tolerance: tolerances[path]))
    }

    private func compare(
        _ a: borrowing HDF5Dataset, _ b: borrowing HDF5Dataset, _ tolerance: Tolerance?
    ) throws(HDF5Error) -> DatasetOutcome {
        try a.requireSources()
        try b.requireSources()
        do throws(HDF5Error) {
            return .compared(try compareElements(a, b, tolerance))
        } catch {
            let filters = Set(try a.missingFilters() + b.missingFilters()).sorted()
            if filters.isEmpty { throw error }
            return .notComparable(
                "this HDF5 has no filter \(filters.joined(separator: ", ")) (plugins: HDF5_PLUGIN_PATH)")
        }
    }
}

extension HDF5File {
    /// Returns a description of the contents of a place in the file.
    fileprivate func text(of content: HDF5Content, _ path: HDF5Name) throws(HDF5Error) -> String {
        switch content {
        case .dataset: "dataset"
        case .group: "group"
        case .namedType: "named type \(try HDF5AnyObject(path, in: self).namedType())"
        case .enclosingGroup(let group): "group \(group), in which it lies"
        case .softLink(let target): "link to \(target)"
        case .externalLink(let target): "link to \(target.map(\.description).joined(separator: ":"))"
        }
    }
}
