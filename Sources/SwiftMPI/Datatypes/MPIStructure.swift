public import CMPI

/// A struct of your own that MPI can send. The struct lists the stored properties to send.
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
/// Every uppercase call then accepts `[Particle]`. Padding and properties that are not listed are not sent; a receive
/// leaves them unchanged. A property may itself be a structure, or you can list its parts, such as `\.place.x`. List
/// the elements of a tuple one by one: `\.pair.0, \.pair.1`.
///
/// MPI: `MPI_Type_create_struct`, MPI-3.1 §4.1.2.
public protocol MPIStructure: MPIDatatype {
    /// The stored properties to send, which must be the same on every rank.
    ///
    /// MPI reads this property once, when the type is first used in a call.
    static var mpiFields: MPIFields<Self> { get }
}

extension MPIStructure {
    /// A datatype that is made and committed at first use and freed when MPI is finalized.
    public static var mpiDatatype: MPI_Datatype {
        CommittedDatatypes.datatype(of: Self.self) { () throws(MPIError) in try mpiFields.makeDatatype() }
    }
}

/// The stored properties of a struct that MPI sends.
public struct MPIFields<Root> {
    private struct Field {
        let path: AnyKeyPath
        let place: Range<Int>
        let type: any MPIDatatype.Type
    }

    private var fields: [Field] = []

    /// Creates a list of the properties at the given key paths, in any order.
    ///
    /// - Precondition: There is at least one property, each is stored in the struct itself, and no two share memory.
    public init<each Value: MPIDatatype>(_ paths: repeat KeyPath<Root, each Value>) {
        repeat add(each paths)
        fields.sort { $0.place.lowerBound < $1.place.lowerBound }
        for (field, next) in zip(fields, fields.dropFirst()) where field.place.overlaps(next.place) {
            endJob(mistake: "the MPI fields \(field.path) and \(next.path) share memory")
        }
    }

    /// Ends the job, because the list of properties is empty.
    ///
    /// - Precondition: This initializer is never called. It exists because the optimizer of Swift 6.3 may crash on an
    ///   empty list of key paths.
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
