import ParallelHDF5
import TestSupport
import Testing

/// What a test file holds; a copy is changed and compared with the original.
private struct Contents {
    var density: [Double] = (0..<60).map { Double($0) / 7 }
    var counts: [Int64] = [.min, -1, 0, 1, .max]
    var flags: [UInt8] = [0, 255]
    var halves: [Float] = [0.5, 1.5]
    var densityShape = [3, 4, 5]
    var history = "first run"
    var units = "m-2"
    var hasMass = true

    func write(_ path: String) throws {
        let file = try HDF5File.create(path)
        try file.setAttribute("history", to: history)
        try file.setAttribute("title", to: "the same")
        let density = try file.createDataset("density", of: Double.self, shape: densityShape)
        try density.write(self.density)
        try density.setAttribute("units", to: units)
        try file.createDataset("counts", of: Int64.self, shape: [counts.count]).write(counts)
        let group = try file.createGroup("extra")
        try group.createDataset("flags", of: UInt8.self, shape: [flags.count]).write(flags)
        try group.createDataset("halves", of: Float.self, shape: [halves.count]).write(halves)
        if hasMass {
            let mass = try file.createDataset("mass", of: Double.self, shape: [])
            try mass.write([2.5])
        }
        try file.close()
    }
}

/// Writes the contents and a changed copy, and compares the files.
private func compare(
    _ options: String..., original: Contents = Contents(), change: (inout Contents) -> Void
) async throws -> Outcome {
    var changed = original
    change(&changed)
    return try await withTemporaryDirectory { directory in
        try original.write(directory + "/a.h5")
        try changed.write(directory + "/b.h5")
        return try await run(
            builtProgram("compare-runs"), ["results", directory + "/a.h5", directory + "/b.h5"] + options)
    }
}

/// The line of a dataset in the report, its columns separated by one space.
private func line(_ dataset: String, _ outcome: Outcome) -> String {
    outcome.standardOutput.split(separator: "\n").first { $0.hasPrefix(dataset + " ") }.map {
        $0.split(separator: " ").joined(separator: " ")
    } ?? "no line for \(dataset):\n\(outcome)"
}

private func verdict(_ outcome: Outcome) -> Substring { outcome.standardOutput.split(separator: "\n").last ?? "" }

@Suite struct CompareRunsTests {
    @Test func identical() async throws {
        let outcome = try await compare { _ in }
        #expect(outcome.status == 0 && outcome.standardError == "", "\(outcome)")
        #expect(line("/density", outcome) == "/density 64-bit float 3×4×5 identical")
        #expect(line("/mass", outcome) == "/mass 64-bit float scalar identical")
        #expect(line("/extra/flags", outcome) == "/extra/flags unsigned 8-bit integer 2 identical")
        #expect(verdict(outcome) == "identical: 5 datasets, 70 elements; attributes and groups are the same, too")
        #expect(!outcome.standardOutput.contains("attributes that differ"))
    }

    @Test func oneBit() async throws {
        let outcome = try await compare { $0.density[47] = $0.density[47].nextUp }
        #expect(outcome.status == 1, "\(outcome)")
        #expect(
            line("/density", outcome) == "/density 64-bit float 3×4×5 different: 1 of 60; "
                + "max |A-B| \((47.0 / 7).ulp) at [2, 1, 2]; "
                + "max relative \((47.0 / 7).ulp / (47.0 / 7).nextUp) at [2, 1, 2]; "
                + "first at [2, 1, 2]: A \(47.0 / 7), B \((47.0 / 7).nextUp)")
        #expect(line("/counts", outcome).hasSuffix("identical"))
        #expect(verdict(outcome) == "different: 1 of 5 datasets")
    }

    @Test func largestAndFirstAreTwoPlaces() async throws {
        let outcome = try await compare {
            $0.density[1] += 0.25
            $0.density[59] += 0.5
        }
        #expect(outcome.status == 1)
        let found = line("/density", outcome)
        #expect(found.contains("different: 2 of 60; max |A-B| 0.5 at [2, 3, 4]; "), "\(found)")
        #expect(found.contains("max relative 0.63"), "\(found)")
        #expect(found.contains(" at [0, 0, 1]; first at [0, 0, 1]: A 0.14"), "\(found)")
    }

    @Test func sixtyFourBitIntegersAreExact() async throws {
        var outcome = try await compare { $0.counts[4] -= 1 }
        #expect(outcome.status == 1)
        #expect(line("/counts", outcome).contains("max |A-B| 1 at [4]"), "\(outcome)")
        #expect(line("/counts", outcome).contains("A 9223372036854775807, B 9223372036854775806"), "\(outcome)")
        outcome = try await compare { $0.counts[0] = .max }
        #expect(
            line("/counts", outcome).contains("max |A-B| 18446744073709551615 at [0]; max relative 2.0"), "\(outcome)")
    }

    @Test func signedZeros() async throws {
        let outcome = try await compare { $0.density[0] = -0.0 }
        #expect(outcome.status == 1)
        #expect(
            line("/density", outcome).contains(
                "different: 1 of 60; max |A-B| 0.0 at [0, 0, 0]; max relative 0.0 at [0, 0, 0]; "
                    + "1 only in bits (-0 and 0, or NaNs); first at [0, 0, 0]: A 0.0, B -0.0"), "\(outcome)")
        #expect(try await compare("--tolerance", "0") { $0.density[0] = -0.0 }.status == 0)
    }

    @Test func notANumber() async throws {
        var withNaN = Contents()
        withNaN.density[7] = .nan
        let same = try await compare(original: withNaN) { _ in }
        #expect(same.status == 0, "\(same)")
        let otherBits = try await compare(original: withNaN) { $0.density[7] = Double(nan: 5, signaling: false) }
        #expect(otherBits.status == 1 && otherBits.standardOutput.contains("1 only in bits"), "\(otherBits)")
        let tolerated = try await compare("--tolerance", "1e-9", original: withNaN) {
            $0.density[7] = Double(nan: 5, signaling: false)
        }
        #expect(tolerated.status == 0, "\(tolerated)")
        let oneSide = try await compare("--tolerance", "1e300", original: withNaN) { $0.density[7] = 1 }
        #expect(oneSide.status == 1, "\(oneSide)")
        #expect(
            line("/density", oneSide).contains("1 NaN on one side only; first at [0, 1, 2]: A nan, B 1.0"), "\(oneSide)"
        )
    }

    @Test func infinities() async throws {
        var infinite = Contents()
        infinite.density[3] = .infinity
        infinite.halves[0] = -.infinity
        #expect(try await compare(original: infinite) { _ in }.status == 0)
        for change in [5, -Double.infinity] {
            let outcome = try await compare("--tolerance", "1e300", original: infinite) { $0.density[3] = change }
            #expect(outcome.status == 1, "\(outcome)")
            #expect(line("/density", outcome).contains("max |A-B| inf at [0, 0, 3]; max relative inf"), "\(outcome)")
        }
        // A difference that overflows is no infinity in the file.
        var large = Contents()
        large.density[3] = 1e308
        let outcome = try await compare("--tolerance", "2.5", original: large) { $0.density[3] = -1e308 }
        #expect(outcome.status == 0, "\(outcome)")
    }

    @Test func withinTolerance() async throws {
        let relative = try await compare("--tolerance", "1e-12") { $0.density[47] *= 1 + 1e-13 }
        #expect(relative.status == 0, "\(relative)")
        #expect(line("/density", relative).contains("same within tolerance: 1 of 60 not identical; max |A-B|"))
        #expect(verdict(relative) == "same within tolerance 1e-12: 5 datasets, 70 elements")
        // Nothing is near zero, unless an absolute tolerance says how near.
        let tiny = try await compare("--tolerance", "1e-12") { $0.density[0] = 1e-13 }
        #expect(tiny.status == 1, "\(tiny)")
        let absolute = try await compare("--tolerance", "1e-12,abs=1e-12") { $0.density[0] = 1e-13 }
        #expect(absolute.status == 0, "\(absolute)")
        #expect(verdict(absolute) == "same within tolerance 1e-12 (absolute 1e-12): 5 datasets, 70 elements")
        #expect(try await compare("--tolerance", "abs=2") { $0.counts[2] = 2 }.status == 0)
        #expect(try await compare("--tolerance", "abs=1.9") { $0.counts[2] = 2 }.status == 1)
        let beyond = try await compare("--tolerance", "1e-12") {
            $0.density[10] *= 1 + 1e-13
            $0.density[20] *= 1 + 1e-6
        }
        #expect(beyond.status == 1, "\(beyond)")
        #expect(
            line("/density", beyond).contains("different: 1 of 60 beyond tolerance, 2 not identical"), "\(beyond)")
        #expect(line("/density", beyond).contains("first beyond at [1, 0, 0]:"), "\(beyond)")
    }

    @Test func provenanceIsShownNotCompared() async throws {
        let outcome = try await compare {
            $0.history = "second run"
            $0.units = "kg"
        }
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.standardOutput.contains("attributes that differ (not compared):"))
        #expect(line("  history", outcome) == "history A first run")
        #expect(outcome.standardOutput.contains("B  second run"))
        #expect(line("  /density:units", outcome) == "/density:units A m-2")
        #expect(!outcome.standardOutput.contains("title"))
        #expect(
            verdict(outcome) == "identical: 5 datasets, 70 elements; not compared: 2 attributes that differ")
        let strict = try await compare("--strict") { $0.units = "kg" }
        #expect(strict.status == 1, "\(strict)")
        #expect(verdict(strict) == "different: 0 of 5 datasets; 1 attribute that differs")
        #expect(try await compare("--strict") { _ in }.status == 0)
    }
}

@Suite struct IncomparableRunsTests {
    @Test func missingDataset() async throws {
        let outcome = try await compare { $0.hasMass = false }
        #expect(outcome.status == 2, "\(outcome)")
        #expect(line("/mass", outcome) == "/mass 64-bit float scalar not comparable: only in A")
        #expect(verdict(outcome) == "not comparable: 1 of 5 datasets")
    }

    @Test func otherShapeAndDifferences() async throws {
        let outcome = try await compare {
            $0.densityShape = [4, 3, 5]
            $0.counts[0] = 0
        }
        #expect(outcome.status == 2, "\(outcome)")
        #expect(
            line("/density", outcome)
                == "/density 64-bit float 3×4×5 not comparable: other shape: A 3×4×5, B 4×3×5")
        #expect(verdict(outcome) == "not comparable: 1 of 5 datasets; different: 1")
    }

    @Test func otherType() async throws {
        let outcome = try await withTemporaryDirectory { directory in
            let a = try HDF5File.create(directory + "/a.h5")
            try a.createDataset("n", of: Int32.self, shape: [1]).write([1 as Int32])
            try a.close()
            let b = try HDF5File.create(directory + "/b.h5")
            try b.createDataset("n", of: Float.self, shape: [1]).write([1 as Float])
            try b.close()
            return try await run(builtProgram("compare-runs"), ["results", directory + "/a.h5", directory + "/b.h5"])
        }
        #expect(outcome.status == 2, "\(outcome)")
        #expect(
            line("/n", outcome)
                == "/n 32-bit integer 1 not comparable: other type: A 32-bit integer, B 32-bit float", "\(outcome)")
    }

    @Test func filesThatCannotBeRead() async throws {
        try await withTemporaryDirectory { directory in
            let good = directory + "/good.h5"
            try Contents().write(good)
            let bad = [
                (directory + "/none.h5", "No such file or directory"),
                (directory, "Is a directory"),
                (packageDirectory + "/Package.swift", "not an HDF5 file"),
                (good + "/x.h5", "Not a directory"),
            ]
            for (path, cause) in bad {
                for files in [[good, path], [path, good]] {
                    let outcome = try await run(builtProgram("compare-runs"), ["results"] + files)
                    #expect(outcome.status == 2 && outcome.standardOutput == "", "\(outcome)")
                    #expect(outcome.standardError == "compare-runs: cannot open \(path): \(cause)\n")
                }
            }
            let short = directory + "/short.h5"
            let cut = try await run("sh", ["-c", "head -c 3000 \"$0\" >\"$1\"", good, short])
            #expect(cut.status == 0)
            let outcome = try await run(builtProgram("compare-runs"), ["results", good, short])
            #expect(outcome.status == 2, "\(outcome)")
            #expect(outcome.standardError == "compare-runs: cannot open \(short): the file is truncated\n")
        }
    }

    @Test func filesWithoutDatasets() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/empty.h5"
            try HDF5File.create(path).close()
            let outcome = try await run(builtProgram("compare-runs"), ["results", path, path])
            #expect(outcome.status == 2, "\(outcome)")
            #expect(verdict(outcome) == "not comparable: neither file has a dataset")
        }
    }

    @Test(arguments: [
        (["results", "a.h5"], "Missing expected argument '<b>'"),
        (["results", "a.h5", "b.h5", "--tolerance=-1"], "--tolerance is -1.0, but must be a number from 0 up"),
        (["results", "a.h5", "b.h5", "--tolerance", "nan"], "--tolerance is nan, but must be a number from 0 up"),
        (["results", "a.h5", "b.h5", "--tolerance", "much"], "The value 'much' is invalid for"),
        (
            ["results", "a.h5", "b.h5", "--tolerance", "x=1,abs=-2"],
            "--tolerance is -2.0, but must be a number from 0 up"
        ),
        (["results", "a.h5", "b.h5", "--tolerance", "1,2"], "The value '1,2' is invalid for"),
        (["results", "a.h5", "b.h5", "--tolerance", "abs=1,abs=2"], "The value 'abs=1,abs=2' is invalid for"),
        (["results", "a.h5", "b.h5", "c.h5"], "Unexpected argument 'c.h5'"),
        (["figures"], "Unexpected argument 'figures'"),
    ])
    func wrongArguments(arguments: [String], message: String) async throws {
        let outcome = try await run(builtProgram("compare-runs"), arguments)
        #expect(outcome.status == 64 && outcome.standardOutput == "", "\(outcome)")
        #expect(outcome.standardError.hasPrefix("compare-runs: \(message)"), "\(outcome)")
        #expect(outcome.standardError.split(separator: "\n").count == 1, "\(outcome)")
    }

    @Test func helpAndVersion() async throws {
        let help = try await run(builtProgram("compare-runs"), ["results", "--help"])
        #expect(help.status == 0 && help.standardOutput.contains("--tolerance"), "\(help)")
        #expect(try await run(builtProgram("compare-runs"), ["--version"]).status == 0)
    }
}

@Suite struct LargeComparisonTests {
    /// Blocks of 8 MiB: the element that differs is in the last of several, in a shape whose rows do not fill blocks.
    @Test func severalBlocks() async throws {
        try await withTemporaryDirectory { directory in
            let shape = [3, 7, 150_001]
            var elements = [Double](repeating: 1, count: shape.reduce(1, *))
            for (name, last) in [("a", 1.0), ("b", 1.5)] {
                elements[elements.count - 2] = last
                let file = try HDF5File.create("\(directory)/\(name).h5")
                try file.createDataset("density", of: Double.self, shape: shape).write(elements)
                try file.close()
            }
            let files = [directory + "/a.h5", directory + "/b.h5"]
            let outcome = try await run(builtProgram("compare-runs"), ["results"] + files)
            #expect(outcome.status == 1, "\(outcome)")
            #expect(
                line("/density", outcome).contains("different: 1 of 3150021; max |A-B| 0.5 at [2, 6, 149999]"),
                "\(outcome)")
            let oracle = try await run("h5diff", ["-v"] + files)
            #expect(oracle.standardOutput.contains("[ 2 6 149999 ]"), "\(oracle)")
        }
    }
}
