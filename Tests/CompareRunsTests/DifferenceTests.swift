import FoundationEssentials
import ParallelHDF5
import TestSupport
import Testing

/// Two files with a field of 6 frames and a row, of which the second is changed, and what `compare-runs results` says.
private func compare(
    _ options: String..., change: (inout [Double], inout [Double]) -> Void,
    inspect: (String) async throws -> Void = { _ in }
) async throws -> Outcome {
    try await withTemporaryDirectory { directory in
        var field = (0..<(6 * 20 * 30)).map { 1 + Double($0) / 7 }
        var row = (0..<50).map { Double($0) }
        for name in ["a", "b"] {
            if name == "b" { change(&field, &row) }
            let file = try HDF5File.create("\(directory)/\(name).h5")
            try file.createDataset("density", of: Double.self, shape: [6, 20, 30]).write(field)
            try file.createDataset("mass", of: Double.self, shape: [50]).write(row)
            try file.close()
        }
        let outcome = try await run(
            builtProgram("compare-runs"), ["results", "a.h5", "b.h5"] + options, directory: directory)
        try await inspect(directory)
        return outcome
    }
}

@Suite struct DifferenceTests {
    @Test func toleranceOfOneDataset() async throws {
        func outcome(_ options: String...) async throws -> Int32 {
            try await compare(options[0], options[1], options[2], options[3]) {
                $0[5] *= 1 + 1e-10
                $1[7] += 0.5
            }.status
        }
        #expect(try await outcome("--tolerance", "density=1e-9", "--tolerance", "/mass=0.5") == 0)
        #expect(try await outcome("--tolerance", "density=1e-9,abs=0", "--tolerance", "mass=abs=0.5") == 0)
        #expect(try await outcome("--tolerance", "density=abs=1e-9,rel=0", "--tolerance", "mass=0,abs=0.49") == 1)
        #expect(try await outcome("--tolerance", "density=rel=1e-9", "--tolerance", "mass=abs=0.5,0") == 0)
        #expect(try await outcome("--tolerance", "0.5", "--tolerance", "density=1e-11") == 1)
        #expect(try await outcome("--tolerance", "density=1e-9", "--tolerance", "density=1e-11") == 1)
        #expect(try await outcome("--tolerance", "density=1e-9", "--tolerance", "mass=0.01") == 1)
        // A dataset that is not named has to be the same in every bit.
        #expect(try await outcome("--tolerance", "density=1e-9", "--json", "x.json") == 1)
        let wrong = try await compare("--tolerance", "desnity=1") { _, _ in }
        #expect(wrong.status == 64, "\(wrong)")
        #expect(wrong.standardError == "compare-runs: --tolerance: there is no dataset /desnity in either file\n")
        for text in ["density=", "=1", "density=x", "density=1,abs=", "density=1,2", "density=abs=1,abs=1", "=abs=1"] {
            #expect(try await compare("--tolerance", text) { _, _ in }.status == 64)
        }
    }

    @Test func framesThatDiffer() async throws {
        let outcome = try await compare { field, row in
            for frame in [0, 2, 3, 4] { field[frame * 600 + 17] += 1 }
            row[3] = 0
        }
        #expect(outcome.status == 1)
        #expect(
            outcome.standardOutput.contains(
                "frames that differ (places along the first axis):\n  /density  0, 2-4; 4 of 6\n"), "\(outcome)")
        #expect(!outcome.standardOutput.contains("/mass  3"))
    }

    @Test func json() async throws {
        let outcome = try await compare("--json", "r.json", "--tolerance", "mass=1,abs=0.5") { field, row in
            field[2 * 600 + 31] = 1e9
            field[3 * 600] = .nan
            row[4] += 1
        } inspect: {
            let source = """
                import json; r = json.load(open("r.json")); d, m = r["datasets"]
                assert (r["a"], r["b"], r["verdict"]) == ("a.h5", "b.h5", "different")
                assert (d["path"], d["shape"], d["elements"]) == ("/density", [6, 20, 30], 3600)
                assert d["verdict"] == "different"
                assert (d["differing"], d["beyondTolerance"], d["nanOnOneSide"]) == (2, 2, 1) and "tolerance" not in d
                assert d["largestAbsolute"]["index"] == [2, 1, 1] == d["first"]["index"]
                assert d["first"]["b"] == "1000000000.0"
                assert d["frames"] == [{"frame": 2, "differing": 1}, {"frame": 3, "differing": 1}]
                assert (m["tolerance"], m["absoluteTolerance"]) == (1, 0.5) and r["structure"] == [] and not r["strict"]
                assert (m["tolerance"], m["differing"], m["beyondTolerance"]) == (1, 1, 0)
                assert m["verdict"] == "withinTolerance"
                """
            try Data(source.utf8).write(to: URL(filePath: $0 + "/check.py"))
            let check = try await run(python, ["check.py"], directory: $0)
            #expect(check.status == 0, "\(check)")
        }
        #expect(outcome.status == 1, "\(outcome)")
    }

    /// A picture, whole and alone under its name.
    @Test func map() async throws {
        let outcome = try await compare("--plot", "m.png") { field, _ in
            for y in 10..<20 { for x in 0..<15 { field[4 * 600 + y * 30 + x] += 1 + 1e-3 * Double(x) } }
            field[600 + 3 * 30 + 25] = .nan
        } inspect: { directory in
            let names = try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
            #expect(names == ["a.h5", "b.h5", "m.png"])
            // The picture's own size and colors, by a decoder of its own.
            let source = """
                import struct, zlib
                data = open("m.png", "rb").read(); place = 8; pixels = b""
                while place < len(data):
                    size, kind = struct.unpack(">I4s", data[place:place + 8])
                    if kind == b"IHDR": width, height, depth, color = struct.unpack(">IIBB", data[place + 8:place + 18])
                    if kind == b"IDAT": pixels += data[place + 8:place + 8 + size]
                    place += size + 12
                assert (width, height) == (1400, 640) and len(zlib.decompress(pixels)) > width * height // 8
                """
            try Data(source.utf8).write(to: URL(filePath: directory + "/check.py"))
            let check = try await run(python, ["check.py"], directory: directory)
            #expect(check.status == 0, "\(check)")
        }
        #expect(outcome.status == 1 && outcome.standardOutput.hasSuffix("map of /density: m.png\n"), "\(outcome)")
        #expect(outcome.standardError == "")
        let row = try await compare("--plot", "m.png") { $1[3] += 1 }
        #expect(row.status == 1 && row.standardOutput.hasSuffix("map of /mass: m.png\n"), "\(row)")
        #expect(row.standardError == "")
        let same = try await compare("--plot", "m.png") { _, _ in
        } inspect: {
            let names = try FileManager.default.contentsOfDirectory(atPath: $0).sorted()
            #expect(names == ["a.h5", "b.h5"])
        }
        #expect(same.status == 0 && same.standardOutput.hasSuffix("no map: no dataset of numbers differs\n"), "\(same)")
    }

    /// The name of a dataset and that of the picture are text, not commands of gnuplot or of a shell.
    @Test func foreignText() async throws {
        try await withTemporaryDirectory { directory in
            let text = "x'' \n!touch p1\nsystem('touch p2')\n`touch p3`\"; system('touch p4') #\\"
            for (name, value) in [("a", 1.0), ("b", 2.0)] {
                let file = try HDF5File.create("\(directory)/\(name).h5")
                try file.createDataset(text, of: Double.self, shape: [2, 2]).write([value, 1, 1, 1])
                try file.close()
            }
            let folder = "\(directory)/| touch p5;"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
            let picture = "| touch p5;/'\n!touch p6\n.png"
            let outcome = try await run(
                builtProgram("compare-runs"), ["results", "a.h5", "b.h5", "--plot", picture], directory: directory)
            #expect(outcome.status == 1 && outcome.standardError == "", "\(outcome)")
            // Names that would look like lines of the report do not.
            #expect(
                outcome.standardOutput.hasSuffix("#\\: | touch p5;/'\\n!touch p6\\n.png\n")
                    && !outcome.standardOutput.contains("\n!touch"), "\(outcome)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["'\n!touch p6\n.png"])
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
                    == ["a.h5", "b.h5", "| touch p5;"])
        }
    }

    /// Reports and pictures of compare-runs make way for newer ones, and foreign files only by force.
    @Test func foreignFiles() async throws {
        try await withTemporaryDirectory { directory in
            for (name, value) in [("a", 1.0), ("b", 2.0)] {
                let file = try HDF5File.create("\(directory)/\(name).h5")
                try file.createDataset("density", of: Double.self, shape: [2, 2]).write([value, 1, 1, 1])
                try file.close()
            }
            func compare(_ options: [String]) async throws -> Outcome {
                try await run(
                    builtProgram("compare-runs"), ["results", "a.h5", "b.h5"] + options, directory: directory)
            }
            let options = ["--json", "r.json", "--plot", "p.png"]
            for _ in 1...2 {
                let outcome = try await compare(options)
                #expect(outcome.status == 1 && outcome.standardError == "", "\(outcome)")
            }
            let check = try await run(
                python, ["\(packageDirectory)/Tests/Oracles/png.py", "p.png", "compare-runs"], directory: directory)
            #expect(check.status == 0, "\(check)")
            // A picture that was cropped, and a document of another program.
            _ = try await run("sh", ["-c", "printf x >> p.png; echo '{}' > r.json"], directory: directory)
            for (option, name) in [("--json", "r.json"), ("--plot", "p.png")] {
                let refused = try await compare([option, name])
                #expect(refused.status == 73 && refused.standardOutput == "", "\(refused)")
                #expect(
                    refused.standardError == "compare-runs: cannot write \(name): the file of that name was not "
                        + "written by compare-runs; --force replaces it\n", "\(refused)")
            }
            #expect(try await compare(options + ["--force"]).status == 1)
            #expect(try await compare(options).status == 1)
        }
    }

    @Test func placesThatCannotBeWritten() async throws {
        for option in ["--plot", "--json"] {
            let outcome = try await compare(option, "none/x") { _, _ in }
            #expect(outcome.status == 73 && outcome.standardOutput == "", "\(outcome)")
            #expect(outcome.standardError.hasPrefix("compare-runs: cannot write none/x: "), "\(outcome)")
        }
    }
}
