import ParallelHDF5
import SwiftMPI

extension HDF5Elements {
    /// Returns all elements on one line, as a person would write them: lists in brackets, a single text without quotes.
    func text() -> String {
        if extent == .null { return "null" }
        if extent == .simple([]) && layout.isText { return printable(layout.textBytes(at: self[0])) }
        let shown = (0..<min(count, 100)).map { layout.text(at: self[$0]) }
        if extent == .simple([]) { return shown[0] }
        return "[" + shown.joined(separator: ", ") + (count > shown.count ? ", …]" : "]")
    }
}

extension HDF5ElementLayout {
    /// Returns an element in memory on one line, as a person would write it.
    func text(at place: UnsafeRawPointer) -> String {
        switch self {
        case .number(let number, _): return number.text(at: place)
        case .string, .variableLengthString: return "\"\(printable(textBytes(at: place)))\""
        case .enumeration(let number, _, let constants):
            let value = number.integer(at: place)
            return constants.first { $0.value == value }.map { "\($0.name)" } ?? "\(value)"
        case .compound(_, let members):
            let texts = members.map { "\($0.name): \($0.layout.text(at: place + $0.offset))" }
            return "{\(texts.joined(separator: ", "))}"
        case .array(let shape, let element): return element.text(at: place, count: shape.reduce(1, *))
        case .sequence(let element):
            let (count, first) = Self.sequence(at: place)
            return first.map { element.text(at: $0, count: count) } ?? "[]"
        case .opaque, .bitfield:
            let bytes = UnsafeRawBufferPointer(start: place, count: byteCount)
            return "0x" + bytes.prefix(16).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        case .other: preconditionFailure("elements of type \(self) cannot be read")
        }
    }

    private func text(at place: UnsafeRawPointer, count: Int) -> String {
        let shown = (0..<min(count, 8)).map { text(at: place + $0 * byteCount) }
        return "[" + shown.joined(separator: ", ") + (count > shown.count ? ", …]" : "]")
    }
}

extension HDF5ElementLayout.Number {
    fileprivate func text(at place: UnsafeRawPointer) -> String {
        switch self {
        case .float16: "\(place.loadUnaligned(as: Float16.self))"
        case .float32: "\(place.loadUnaligned(as: Float.self))"
        case .float64: "\(place.loadUnaligned(as: Double.self))"
        case .longDouble: "\(place.loadUnaligned(as: LongDouble.self))"
        case .uint64: "\(place.loadUnaligned(as: UInt64.self))"
        default: "\(integer(at: place))"
        }
    }
}
