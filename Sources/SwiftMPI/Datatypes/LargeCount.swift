public import CMPI

/// Describes `count` items to a call whose count is a C `int`.
///
/// Up to 2³¹−1 items, the description is the item's own datatype and costs one comparison. MPI-3.1 has no calls for
/// more items; they become *one* item of a derived datatype that is made for this message and freed after it.
///
/// - Returns: The result of `body`. While MPI is not running, ``MPI/notRunningCode`` without calling `body`.
///
/// MPI: `MPI_Type_contiguous`, `MPI_Type_create_struct`, MPI-3.1 §4.1.2.
@inlinable
func withCount(
    _ count: Int, of item: BufferItem, _ body: (CInt, MPI_Datatype) throws(MPIError) -> CInt
) throws(MPIError) -> CInt {
    if !MPI.isInsideRun && !MPI.isRunning { return MPI.notRunningCode }
    if count <= Int(CInt.max) { return try body(CInt(truncatingIfNeeded: count), item.datatype) }
    return try withLargeDatatype(count, of: item) { (whole) throws(MPIError) in try body(1, whole) }
}

/// Describes `count` elements of a type to a call whose count is a C `int`.
@inlinable
func withCount<T: MPIDatatype>(
    _ count: Int, of type: T.Type, _ body: (CInt, MPI_Datatype) throws(MPIError) -> CInt
) throws(MPIError) -> CInt {
    try withCount(count, of: .element(T.self), body)
}

@usableFromInline
func withLargeDatatype(
    _ count: Int, of item: BufferItem, _ body: (MPI_Datatype) throws(MPIError) -> CInt
) throws(MPIError) -> CInt {
    let chunk = 1 << 30
    let (chunks, rest) = count.quotientAndRemainder(dividingBy: chunk)
    var chunkType = CMPI_DATATYPE_NULL()
    var chunksType = CMPI_DATATYPE_NULL()
    try check("MPI_Type_contiguous", MPI_Type_contiguous(CInt(chunk), item.datatype, &chunkType))
    defer { MPI_Type_free(&chunkType) }
    let chunkCount = try cCount(chunks, "MPI_Type_contiguous")
    try check("MPI_Type_contiguous", MPI_Type_contiguous(chunkCount, chunkType, &chunksType))
    defer { MPI_Type_free(&chunksType) }

    return try withStructDatatype(
        (0, 1, unwrapped(chunksType)), (chunks * chunk * item.extent, CInt(rest), item.datatype), body)
}

/// Describes two pieces of memory as one item of a datatype that is made for one message and freed after it.
///
/// MPI: `MPI_Type_create_struct`, MPI-3.1 §4.1.2.
func withStructDatatype(
    _ first: (displacement: Int, count: CInt, datatype: MPI_Datatype),
    _ second: (displacement: Int, count: CInt, datatype: MPI_Datatype),
    _ body: (MPI_Datatype) throws(MPIError) -> CInt
) throws(MPIError) -> CInt {
    var whole = CMPI_DATATYPE_NULL()
    var types = [whole, whole]
    types[0] = first.datatype
    types[1] = second.datatype
    try check(
        "MPI_Type_create_struct",
        MPI_Type_create_struct(
            2, [first.count, second.count], [first.displacement, second.displacement], &types, &whole))
    defer { MPI_Type_free(&whole) }
    try check("MPI_Type_commit", MPI_Type_commit(&whole))
    return try body(unwrapped(whole))
}
