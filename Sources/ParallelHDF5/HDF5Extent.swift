/// How many elements a dataset or attribute has along each axis.
package enum HDF5Extent: Hashable, Sendable {
    /// A dataspace without elements or axes.
    case null
    /// The extent along each axis; no axes for a scalar.
    case simple([Int])

    /// `[0]` for a null dataspace.
    package var shape: [Int] {
        switch self {
        case .null: [0]
        case .simple(let shape): shape
        }
    }
}

extension HDF5Extent: CustomStringConvertible {
    /// `31×299×299`, `scalar` or `null`.
    package var description: String {
        switch self {
        case .null: "null"
        case .simple([]): "scalar"
        case .simple(let shape): shape.map { "\($0)" }.joined(separator: "×")
        }
    }
}
