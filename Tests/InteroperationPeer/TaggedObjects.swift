import FoundationEssentials
import SwiftMPI

/// The first Swift rank reads the messages of the Python ranks as values of many types, and answers with what each
/// makes of them, or with nothing where a type refuses one.
func taggedObjects(_ world: Communicator) throws {
    let languages = try world.allgather("Swift")
    if world.rank == languages.firstIndex(of: "Swift") {
        let readers = allReaders()
        for source in languages.indices where languages[source] == "Python" {
            while let message = try world.recv(Data?.self, source: source) {
                try world.send(readers.map { $0(message) }, dest: source)
            }
        }
    }
    try done("tagged objects", on: world)
}

private func reader<T: Codable>(_ type: T.Type) -> (Data) -> Data? {
    { message in
        let serializer = CBORSerializer()
        let value = try? message.withUnsafeBytes { try serializer.decode(type, from: $0) }
        return value.map { Data(try! serializer.encode($0)) }
    }
}

private func allReaders() -> [(Data) -> Data?] {
    [
        reader(CBORValue.self), reader(Int.self), reader(Double.self), reader(Int128.self), reader(Bool.self),
        reader(String.self), reader(Data.self), reader([UInt8].self), reader(Date.self), reader(UUID.self),
        reader(Int?.self), reader([Int].self), reader([Double].self), reader([String].self), reader([Int?].self),
        reader(Set<Int>.self), reader([[Int]].self), reader([[Double]].self), reader([[String]].self),
        reader([[[Int]]].self), reader([CBORValue].self), reader([String: Int].self), reader([Int: Double].self),
        reader([String: CBORValue].self), reader(NDArray<Int>.self), reader(NDArray<Double>.self),
        reader(NDArray<String>.self), reader(NDArray<CBORValue>.self), reader(Complex<Double>.self),
        reader([Complex<Double>].self), reader([[Complex<Double>]].self), reader(Set<Complex<Double>>.self),
        reader(NDArray<Complex<Double>>.self), reader([String: Complex<Double>].self),
    ]
}
