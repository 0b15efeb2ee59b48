import ParallelHDF5

/// An attribute that is not the same in both files. It tells where a result comes from, not what it is.
struct AttributeDifference {
    /// The attribute's name, after the object's path and a colon unless it is the file's own.
    var name: String
    /// Its value in A and B; nil where there is none.
    var a: String?
    var b: String?
}

/// What dimension scales and netCDF-4 note for themselves: references, which mean something in their file only, and
/// versions.
private let bookkeeping: Set = [HDF5Name("REFERENCE_LIST"), HDF5Name("DIMENSION_LIST"), HDF5Name("_NCProperties")]

/// The attributes of two objects that differ, in order of name, and those of which it cannot be told.
///
/// - Parameter path: Of the objects; nil for the files themselves.
func differingAttributes<Object: HDF5Object & ~Copyable>(
    _ path: HDF5Name?, _ a: borrowing Object, _ b: borrowing Object
) throws(HDF5Error) -> [AttributeDifference] {
    let namesInA = Set(try a.namesOfAttributes())
    let namesInB = Set(try b.namesOfAttributes())
    var differences: [AttributeDifference] = []
    for name in namesInA.union(namesInB).sorted()
    where !bookkeeping.contains(name) && !name.description.hasPrefix("_Netcdf4") {
        var difference = AttributeDifference(name: path.map { "\($0):\(name)" } ?? "\(name)")
        if namesInA.contains(name) && namesInB.contains(name) {
            guard let texts = try differingValues(name, a, b) else { continue }
            (difference.a, difference.b) = texts
        } else if namesInA.contains(name) {
            difference.a = try a.attributeElements(name)?.text() ?? unreadable
        } else {
            difference.b = try b.attributeElements(name)?.text() ?? unreadable
        }
        differences.append(difference)
    }
    return differences
}

private let unreadable = "(of a type that cannot be compared)"

/// The values of an attribute of both objects as text; nil if they are the same.
private func differingValues<Object: HDF5Object & ~Copyable>(
    _ name: HDF5Name, _ a: borrowing Object, _ b: borrowing Object
) throws(HDF5Error) -> (String, String)? {
    guard let valueA = try a.attributeElements(name), let valueB = try b.attributeElements(name) else {
        return (unreadable, unreadable)
    }
    let (textA, textB) = (valueA.text(), valueB.text())
    // Text is the same however it is stored.
    if valueA.layout.isText && valueB.layout.isText && valueA.extent == valueB.extent {
        let isSame = (0..<valueA.count).allSatisfy {
            valueA.layout.textBytes(at: valueA[$0]) == valueB.layout.textBytes(at: valueB[$0])
        }
        return isSame ? nil : (textA, textB)
    }
    guard valueA.layout.isSameType(as: valueB.layout) && valueA.extent == valueB.extent else {
        return ("\(textA), \(valueA.layout)", "\(textB), \(valueB.layout)")
    }
    let isSame = (0..<valueA.count).allSatisfy {
        valueA.layout.difference(valueA[$0], valueB.layout, valueB[$0], nil) == nil
    }
    return isSame ? nil : (textA, textB)
}
