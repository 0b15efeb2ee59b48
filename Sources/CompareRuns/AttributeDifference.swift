import ParallelHDF5

/// An attribute that is not the same in both files. It tells where a result comes from, not what it is.
struct AttributeDifference {
    /// The attribute's name, after the dataset's path and a colon unless it is the file's own.
    var name: String
    /// Its value in A and B; nil where there is none.
    var a: String?
    var b: String?
}

/// What HDF5's dimension scales and netCDF-4 note for themselves.
private let bookkeeping: Set = [
    "CLASS", "NAME", "REFERENCE_LIST", "DIMENSION_LIST", "DIMENSION_LABELS", "_NCProperties", "_FillValue",
]

/// The attributes of two objects that differ, in order of name.
func differingAttributes<Object: HDF5Object & ~Copyable>(
    _ path: String, _ a: borrowing Object, _ b: borrowing Object
) throws(HDF5Error) -> [AttributeDifference] {
    let namesInA = Set(try a.attributeNames())
    let namesInB = Set(try b.attributeNames())
    var differences: [AttributeDifference] = []
    for name in namesInA.union(namesInB).sorted() where !bookkeeping.contains(name) && !name.hasPrefix("_Netcdf4") {
        let valueInA = namesInA.contains(name) ? try a.attributeText(name) : nil
        let valueInB = namesInB.contains(name) ? try b.attributeText(name) : nil
        if valueInA != valueInB {
            differences.append(
                AttributeDifference(name: path.isEmpty ? name : "\(path):\(name)", a: valueInA, b: valueInB))
        }
    }
    return differences
}
