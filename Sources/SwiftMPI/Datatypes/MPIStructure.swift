public import CMPI

/// A struct of one's own that MPI can move: it tells which of its stored properties travel.
///
/// ```swift
/// struct Particle: MPIStructure {
///     var x: Double
///     var velocity: SIMD3<Double>
///     var id: Int32
///
///     static var mpiFields: MPIFields<Self> { MPIFields(\.x, \.velocity, \.id) }
/// }
/// ```
///
/// Every uppercase call then takes `[Particle]`. Padding does not travel, nor do properties that are not named: a
/// receive leaves them as they were. A property may be a structure itself, or one may name its parts: `\.place.x`. The
/// elements of a tuple are named one by one, `\.pair.0, \.pair.1`.
///
/// MPI: `MPI_Type_create_struct`, MPI-3.1 §4.1.2.
public protocol MPIStructure: MPIDatatype {
    /// The stored properties that travel; the same on every rank.
    ///
    /// Asked for once, at the first use of the type in a call.
    static var mpiFields: MPIFields<Self> { get }
}

extension MPIStructure {
    /// Made and committed at first use, freed when MPI is finalized.
    public static var mpiDatatype: MPI_Datatype {
        CommittedDatatypes.datatype(of: Self.self) { () throws(MPIError) in try mpiFields.makeDatatype() }
    }
}

/// Which stored properties of a struct MPI moves.
public struct MPIFields<Root> {
    private struct Field {
        let path: AnyKeyPath
        let place: Range<Int>
        let type: any MPIDatatype.Type
    }

    private var fields: [Field] = []

    /// The properties at given key paths, in any order.
    ///
    /// - Precondition: There is at least one, each is stored in the struct itself, and no two share memory.
    public init<each Value: MPIDatatype>(_ paths: repeat KeyPath<Root, each Value>) {
        repeat add(each paths)
        fields.sort { $0.place.lowerBound < $1.place.lowerBound }
        for (field, next) in zip(fields, fields.dropFirst()) where field.place.overlaps(next.place) {
            endJob(mistake: "the MPI fields \(field.path) and \(next.path) share memory")
        }
    }

    /// There is nothing to move.
    ///
    /// - Precondition: Never true. (The optimizer of Swift 6.3 may crash on an empty list of key paths, hence this.)
    public init() { endJob(mistake: "\(Root.self) has no MPI fields") }

    private mutating func add<Value: MPIDatatype>(_ path: KeyPath<Root, Value>) {
        guard let offset = MemoryLayout<Root>.offset(of: path) else {
            endJob(mistake: "the MPI field \(path) is not a stored property of \(Root.self)")
        }
        fields.append(Field(path: path, place: offset..<offset + MemoryLayout<Value>.size, type: Value.self))
    }

    func makeDatatype() throws(MPIError) -> MPI_Datatype {
        var new = CMPI_DATATYPE_NULL()
        var types = Array(repeating: CMPI_DATATYPE_NULL(), count: fields.count)
        for (index, field) in fields.enumerated() { types[index] = field.type.mpiDatatype }
        try check(
            "MPI_Type_create_struct",
            MPI_Type_create_struct(
                CInt(fields.count), fields.map { _ in 1 }, fields.map(\.place.lowerBound), types, &new))
        return try CommittedDatatypes.committed(unwrapped(new), extent: MemoryLayout<Root>.stride)
    }
}
