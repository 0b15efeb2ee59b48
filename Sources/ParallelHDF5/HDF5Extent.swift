/// The extent of a dataset or attribute along each axis.
package enum HDF5Extent: Hashable, Sendable {
    /// A null dataspace, without elements or axes.
    case null
    /// The extent along each axis; empty for a scalar.
    case simple([Int])

    /// The extent along each axis; `[0]` for a null dataspace.
    package var shape: [Int] {
        switch self {
        case .null: [0]
        case .simple(let shape): shape
        }
    }
}

extension HDF5Extent: CustomStringConvertible {
    /// The extent as text: `31×299×299`, `scalar` or `null`.
    package var description: String {
        switch self {
        case .null: "null"
        case .simple([]): "scalar"
        case .simple(let shape): shape.map { "\($0)" }.joined(separator: "×")
        }
    }
}
