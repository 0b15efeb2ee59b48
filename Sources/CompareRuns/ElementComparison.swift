private import Glibc
import ParallelHDF5

/// The maximum number of bytes of each dataset in memory at a time.
private let blockBytes = 8 << 20

/// Compares all elements of two datasets of the same shape and type, block by block.
func compareElements(
    _ a: borrowing HDF5Dataset, _ b: borrowing HDF5Dataset, _ tolerance: Tolerance?
) throws(HDF5Error) -> ElementDifferences {
    var differences = ElementDifferences(shape: a.shape)
    try forEachDifference(a, b, tolerance) { element, difference, textA, textB in
        differences.note(element, difference, textA(), textB())
    }
    differences.count = a.elementCount
    return differences
}

/// Calls `note` for each pair of elements that differ between two datasets of the same shape and type, with the
/// row-major number of the element, the difference, and both values as text.
func forEachDifference(
    _ a: borrowing HDF5Dataset, _ b: borrowing HDF5Dataset, _ tolerance: Tolerance?,
    note: (Int, ValueDifference, () -> String, () -> String) -> Void
) throws(HDF5Error) {
    let (layoutA, layoutB) = (try a.elementLayout(), try b.elementLayout())
    for (first, region) in Blocks(of: a.shape, limit: max(1, blockBytes / max(1, layoutA.byteCount))) {
        let blockA = try a.elements(from: region)
        let blockB = try b.elements(from: region)
        if layoutA == layoutB && memcmp(blockA[0], blockB[0], blockA.bytes.count) == 0 { continue }
        if case .number(let number, _) = layoutA {
            number.differences(blockA[0], blockB[0], count: blockA.count, tolerance) { index, difference in
                let (placeA, placeB) = (blockA[index], blockB[index])
                note(first + index, difference, { layoutA.text(at: placeA) }, { layoutB.text(at: placeB) })
            }
            continue
        }
        for index in 0..<blockA.count {
            let (placeA, placeB) = (blockA[index], blockB[index])
            if let difference = layoutA.difference(placeA, layoutB, placeB, tolerance) {
                note(first + index, difference, { layoutA.text(at: placeA) }, { layoutB.text(at: placeB) })
            }
        }
    }
}
