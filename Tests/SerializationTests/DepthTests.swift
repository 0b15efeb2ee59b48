import Foundation
import SwiftMPI
import Testing

/// Values inside each other: as many as the serializer allows, and never more than there is stack for.
@Suite struct Depth {
    /// A linked list. Its end and its copies are made in loops, since the compiler's own way is recursion.
    private final class Node: Codable {
        var value = 0
        var next: Node?

        init(_ count: Int) {
            var last = self
            for value in 1..<max(1, count) {
                let node = Node(1)
                node.value = value
                last.next = node
                last = node
            }
        }

        deinit {
            var node = next.take()
            while node != nil, isKnownUniquelyReferenced(&node) { node = node!.next.take() }
        }

        /// The length, if the values are those of `init`.
        var count: Int? {
            var (count, node) = (1, self)
            while let next = node.next {
                if next.value != count { return nil }
                (count, node) = (count + 1, next)
            }
            return count
        }
    }

    private struct Branch: Codable {
        var children: [Branch] = []
        var weight = 1.5

        init(_ depth: Int) { for _ in 1..<max(1, depth) { children = [self] } }

        var depth: Int {
            var (depth, branch) = (1, self)
            while let child = branch.children.first { (depth, branch) = (depth + 1, child) }
            return depth
        }
    }

    private indirect enum Chain: Codable {
        case end
        case link(Int, Chain)

        init(_ depth: Int) {
            self = .end
            for index in 1..<max(1, depth) { self = .link(index, self) }
        }

        var depth: Int {
            var (depth, chain) = (1, self)
            while case .link(_, let next) = chain { (depth, chain) = (depth + 1, next) }
            return depth
        }
    }

    /// Writes to the super encoder of its predecessor, which is recursion that only its own code knows of.
    private final class Heir: Codable {
        var next: Heir?
        init(_ count: Int) { for _ in 1..<max(1, count) { next = Heir(next) } }
        private init(_ next: Heir?) { self.next = next }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Containers.Key.self)
            if container.contains("super") { next = try Heir(from: container.superDecoder()) }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Containers.Key.self)
            if let next { try next.encode(to: container.superEncoder()) }
        }
    }

    private func expectTooDeep(_ location: SourceLocation = #_sourceLocation, _ body: () throws -> Void) {
        do {
            try body()
            Issue.record("it was not too deep", sourceLocation: location)
        } catch {
            #expect((error as? CBORError)?.reason == .tooDeep, "\(error)", sourceLocation: location)
        }
    }

    @Test(arguments: [1, 31, 32, 33, 1055, 1056, 1057, 10_000])
    func levels(count: Int) throws {
        #expect(try decode(Node.self, encode(Node(count))).count == count)
        #expect(try decode(Branch.self, encode(Branch(count))).depth == count)
        #expect(try decode(Chain.self, encode(Chain(count))).depth == count)
        // `Tree` tries one type after another at each level.
        let maps = Array(Array(repeating: hex("a16161"), count: count - 1).joined()) + [0xa0]
        #expect(try encode(decode(Tree.self, maps)) == maps)
    }

    @Test func theLimitIsThatOfTheSerializer() throws {
        for limit in [1, 2, 100, 5000] {
            let serializer = CBORSerializer(maximumDepth: limit)
            func check<T: Codable>(_ make: (Int) -> T) throws {
                let bytes = try serializer.encode(make(limit))
                _ = try decode(T.self, bytes, with: serializer)
                expectTooDeep { _ = try serializer.encode(make(limit + 1)) }
                let deeper = try encode(make(limit + 1))
                expectTooDeep { _ = try decode(T.self, deeper, with: serializer) }
            }
            try check { Node($0) }
            try check { Branch($0) }
            try check { Chain($0) }
        }
        // What is not a value of its own does not count.
        let serializer = CBORSerializer(maximumDepth: 1)
        let nested = [[[["a": [1.5 as Double?]]]]]
        #expect(try decode([[[[String: [Double?]]]]].self, serializer.encode(nested), with: serializer) == nested)
    }

    @Test func aMillionLevelsAreAnError() throws {
        let million = 1_000_000
        expectTooDeep { _ = try encode(Node(million)) }
        let list = Array(Array(repeating: hex("a2 6576616c7565 00 646e657874"), count: million).joined())
        expectTooDeep { _ = try decode(Node.self, list + hex("a1 6576616c7565 00")) }
        for (open, close) in [("81", "80"), ("a16161", "a0"), ("9f", "ff")] {
            var bytes = Array(Array(repeating: hex(open), count: million).joined()) + hex(close)
            if open == "9f" { bytes += Array(repeating: 0xff, count: million - 1) }
            // Also where the type would try something else.
            expectTooDeep { _ = try decode(Tree.self, bytes) }
            #expect(throws: DecodingError.self) { try decode([[Int]].self, bytes) }
        }
    }

    /// Recursion that this library cannot move to another stack is limited more tightly.
    @Test func recursionOfOnesOwn() throws {
        let heir = try decode(Heir.self, encode(Heir(500)))
        var (count, node) = (1, heir)
        while let next = node.next { (count, node) = (count + 1, next) }
        #expect(count == 500)
        expectTooDeep { _ = try encode(Heir(5000)) }
        let bytes = Array(Array(repeating: hex("a1 657375706572"), count: 100_000).joined()) + [0xa0]
        expectTooDeep { _ = try decode(Heir.self, bytes) }
        // Containers without a value of their own.
        let script = Containers.Script { encoder in
            var list = encoder.unkeyedContainer()
            for _ in 0..<100_000 { list = list.nestedUnkeyedContainer() }
            try list.encode(1)
        }
        expectTooDeep { _ = try encode(script) }
        expectTooDeep { _ = try encode([script]) }
    }

    @Test func aDecoderThatIsKeptFreesItsPathInALoop() throws {
        final class Keeper: Decodable {
            nonisolated(unsafe) static var last: (any Decoder)?
            init(from decoder: any Decoder) throws {
                Self.last = decoder
                let container = try decoder.container(keyedBy: Containers.Key.self)
                if container.contains("a") { _ = try container.decode(Keeper.self, forKey: "a") }
            }
        }
        try onSmallStack { () throws in
            _ = try decode(Keeper.self, Array(Array(repeating: hex("a16161"), count: 15_000).joined()) + [0xa0])
            #expect(Keeper.last?.codingPath.count == 15_000)
            Keeper.last = nil
        }
    }

    @Test func aSmallStackIsEnough() throws {
        try onSmallStack { () throws in
            #expect(try decode(Node.self, encode(Node(10_000))).count == 10_000)
            expectTooDeep { _ = try encode(Node(1_000_000)) }
            let list = Array(Array(repeating: hex("a2 6576616c7565 00 646e657874"), count: 1_000_000).joined())
            expectTooDeep { _ = try decode(Node.self, list + hex("a1 6576616c7565 00")) }
        }
    }

    /// Also where an error passes the stacks.
    @Test func errorsPassThrough() throws {
        var bytes = try encode(Node(5000))
        let last = bytes.lastIndex(of: UInt8(ascii: "v"))! + 5
        bytes[last] = 0xf6
        do {
            _ = try decode(Node.self, bytes[...last] + [])
            Issue.record("null was taken for an Int")
        } catch DecodingError.valueNotFound(_, let context) {
            #expect(context.codingPath.count == 64)  // the innermost
            #expect(context.codingPath.last?.stringValue == "value")
        }
    }

    /// A stack of 512 KiB, as secondary threads have on some systems.
    private func onSmallStack(_ body: @escaping () throws -> Void) throws {
        nonisolated(unsafe) let body = body
        nonisolated(unsafe) var result: Result<Void, any Error>?
        let done = DispatchSemaphore(value: 0)
        let thread = Thread {
            result = Result(catching: body)
            done.signal()
        }
        thread.stackSize = 512 << 10
        thread.start()
        done.wait()
        try result!.get()
    }
}
