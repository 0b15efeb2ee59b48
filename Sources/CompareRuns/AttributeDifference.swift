import ParallelHDF5

/// An attribute that differs between the two files. Attributes describe where a result comes from, not the result
/// itself.
struct AttributeDifference {
    /// The attribute's name, preceded by the object's path and a colon unless it is an attribute of the file.
    var name: String
    /// The attribute's values in A and B; `nil` if the attribute is missing there.
    var a: String?
    var b: String?
}

/// Attributes that dimension scales and netCDF-4 maintain themselves: references, which are meaningful only within
/// their file, and versions.
private let bookkeeping: Set = [HDF5Name("REFERENCE_LIST"), HDF5Name("DIMENSION_LIST"), HDF5Name("_NCProperties")]

/// Returns the attributes of two objects that differ or cannot be compared, in order of name.
///
/// - Parameter path: The path of the objects; `nil` for the files themselves.
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

/// Returns the values of an attribute of both objects as text; `nil` if they are the same.
private func differingValues<Object: HDF5Object & ~Copyable>(
    _ name: HDF5Name, _ a: borrowing Object, _ b: borrowing Object
) throws(HDF5Error) -> (String, String)? {
    guard let valueA = try a.attributeElements(name), let valueB = try b.attributeElements(name) else {
        return (unreadable, unreadable)
    }
    let (textA, textB) = (valueA.text(), valueB.text())
    // The way in which text is stored does not matter.
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
