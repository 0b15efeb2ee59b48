import Testing

/// Where in an object its coders say that they are.
@Suite struct CodingPaths {
    @Test func codingPaths() throws {
        struct Inner: Codable { var values: [String: [Bool]] }
        struct Outer: Codable { var list: [Inner] }
        do {
            _ = try decode(Outer.self, "a1 646c697374 82 a1 6676616c756573 a0 a1 6676616c756573 a1 6178 82 f5 01")
            Issue.record("an integer was taken for a Bool")
        } catch DecodingError.typeMismatch(let type, let context) {
            #expect(ObjectIdentifier(type) == ObjectIdentifier(Bool.self))
            #expect(context.codingPath.map(\.stringValue) == ["list", "Index 1", "values", "x", "Index 1"])
            #expect(context.codingPath.map(\.intValue) == [nil, 1, nil, nil, 1])
            #expect(context.debugDescription == "Expected Bool but the message has an integer.")
        }
        var paths: [[String]] = []
        let script = Containers.Script { encoder in
            var map = encoder.container(keyedBy: Containers.Key.self)
            try map.encode([Containers.Script { paths.append($0.codingPath.map(\.stringValue)) }], forKey: "a")
            var list = map.nestedUnkeyedContainer(forKey: "b")
            try list.encode(0)
            paths.append(list.superEncoder().codingPath.map(\.stringValue))
        }
        _ = try encode(script)
        #expect(paths == [["a", "Index 0"], ["b", "Index 1"]])
    }

    @Test func pathsOfWhatIsMissingOrWrong() throws {
        struct Inner: Decodable { var x: Int }
        func path(_ body: () throws -> Void) -> [String] {
            do {
                try body()
            } catch DecodingError.typeMismatch(_, let context) {
                return context.codingPath.map(\.stringValue)
            } catch DecodingError.valueNotFound(_, let context) {
                return context.codingPath.map(\.stringValue)
            } catch DecodingError.dataCorrupted(let context) {
                return context.codingPath.map(\.stringValue)
            } catch DecodingError.keyNotFound(let key, let context) {
                return context.codingPath.map(\.stringValue) + ["no " + key.stringValue]
            } catch { Issue.record(error) }
            return []
        }
        #expect(path { _ = try decode([String: Inner].self, "a1 6161 a0") } == ["a", "no x"])
        #expect(path { _ = try decode([Int: [Inner?]].self, "a1 07 82 f6 a1 6178 f6") } == ["7", "Index 1", "x"])
        #expect(path { _ = try decode([[Int8]].self, "81 d84d 42 ff00") } == ["Index 0"])
        #expect(
            path { _ = try decode([String: ContiguousArray<Int8>].self, "a1 676e756d62657273 d84d 42 ff00") } == [
                "numbers", "Index 0",
            ])
        #expect(
            path { _ = try decode(Containers.Dog.self, "a2 646e616d65 6161 657375706572 a0") } == ["super", "no legs"])
        #expect(path { _ = try decode(Containers.Dog.self, "a1 646e616d65 6161") } == ["no super"])
    }
}
