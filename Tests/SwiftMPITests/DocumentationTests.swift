import Foundation
import TestSupport
import Testing

/// The articles of the documentation say what is so: their links, tables and programs.
@Suite struct DocumentationTests {
    /// Every link leads somewhere, which is how the Swift names in the tables are known to exist, and every symbol has
    /// a place in a topic: what has none is listed in sections made up by the compiler.
    @Test func theCatalogueBuilds() async throws {
        struct Page: Decodable {
            struct Section: Decodable {
                var title: String
                var identifiers: [String]
                var generated: Bool?
            }
            var topicSections: [Section]
        }
        try await withTemporaryDirectory { directory in
            let outcome = try await run(
                packageDirectory + "/scripts/docs", [builtProgram("Modules"), directory + "/docs"], timeLimit: 3600)
            #expect(outcome.status == 0, "\(outcome)")
            for name in ["swiftmpi", "swiftmpi/communicator", "swiftmpi/mpi"] {
                let file = URL(filePath: "\(directory)/docs/data/documentation/\(name).json")
                let page = try JSONDecoder().decode(Page.self, from: Data(contentsOf: file))
                let homeless = page.topicSections.filter { $0.generated == true }.flatMap(\.identifiers)
                #expect(homeless == [], "\(name)")
            }
        }
    }

    @Test func aLinkThatLeadsNowhereIsSeen() async throws {
        try await withTemporaryDirectory { directory in
            try FileManager.default.createDirectory(
                atPath: directory + "/Sources/SwiftMPI", withIntermediateDirectories: true)
            for folder in ["scripts", "Sources/CMPI"] {
                try FileManager.default.copyItem(
                    atPath: "\(packageDirectory)/\(folder)", toPath: "\(directory)/\(folder)")
            }
            let catalogue = directory + "/Sources/SwiftMPI/SwiftMPI.docc"
            try FileManager.default.copyItem(
                atPath: packageDirectory + "/Sources/SwiftMPI/SwiftMPI.docc", toPath: catalogue)
            try Data("# Wrong\n\n``Communicator/Sent(_:dest:tag:)``\n".utf8).write(
                to: URL(filePath: catalogue + "/Wrong.md"))
            let outcome = try await run(
                directory + "/scripts/docs", [builtProgram("Modules"), directory + "/docs"], timeLimit: 3600)
            #expect(outcome.status != 0, "\(outcome)")
            #expect(outcome.standardOutput.contains("'Sent(_:dest:tag:)' doesn't exist"), "\(outcome)")
        }
    }

    /// A cell for Swift holds nothing but links, or says that there is none.
    @Test(arguments: [("FromC", "not yet"), ("FromMPI4py", "not there")])
    func whatIsCalledSwiftIsALink(article: String, nothing: String) throws {
        for row in try rows(of: article, "Swift") {
            let cell = row[1].replacing(/``[^`]+``/, with: "").trimmingCharacters(in: [" ", ","])
            #expect(cell.isEmpty ? row[1].contains("``") : cell == nothing, "\(row)")
        }
    }

    /// In the chapters' tables is what the MPI at hand declares, and nothing else; the last table names what is left to
    /// other chapters.
    @Test func everyCFunctionIsInTheTable() async throws {
        let declared = try await cFunctions()
        let named = try rows(of: "FromC", "Swift").flatMap { quoted($0[0]) }
        let elsewhere = try rows(of: "FromC", "C").flatMap { quoted($0[1]) }
        #expect(named.count > 200 && elsewhere.count > 50)
        #expect(named.filter { !declared.contains($0) } == [], "not in mpi.h")
        #expect(Set(named).count == named.count, "twice in the table")
        #expect(declared.subtracting(named).filter { name in !elsewhere.contains { matches(name, $0) } } == [])
    }

    /// Every public method of mpi4py's classes stands under its class.
    @Test func everyMethodOfMPI4pyIsInTheTable() async throws {
        let program = """
            import mpi4py; mpi4py.rc.initialize = False
            from mpi4py import MPI
            for name in ("Comm Intracomm Topocomm Cartcomm Graphcomm Distgraphcomm Intercomm Group Request Prequest "
                         "Grequest Message Status Datatype Op Info").split():
                for method in vars(getattr(MPI, name)):
                    if not method.startswith("_"): print(name, method)
            """
        let outcome = try await run(python, ["-c", program])
        #expect(outcome.status == 0, "\(outcome)")
        let methods = outcome.standardOutput.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(methods.count > 300)
        let named = try Dictionary(
            tables(in: "FromMPI4py").map { ($0.heading.prefix { $0 != ":" }, $0.rows.flatMap { quoted($0[0]) }) },
            uniquingKeysWith: +)
        for method in methods {
            #expect(named[method[0][...]]?.contains(method[1]) == true, "\(method[0]).\(method[1])")
        }
    }

    @Test(arguments: try programs())
    func everyProgramCompiles(program: Program) async throws {
        try await withTemporaryDirectory { directory in
            let file = "\(directory)/\(program.language == "swift" ? "main.swift" : "program.py")"
            try Data(program.text.utf8).write(to: URL(filePath: file))
            let outcome =
                if program.language == "python" {
                    try await run(python, ["-m", "py_compile", file])
                } else {
                    try await run(
                        compiler,
                        try await ["-swift-version", "6", "-warnings-as-errors", "-typecheck", file] + modules(),
                        timeLimit: 3600)
                }
            #expect(outcome.status == 0, "\(outcome)")
        }
    }

    /// A program in an article.
    struct Program: CustomTestStringConvertible {
        var article: String
        var language: String
        var text: String

        var testDescription: String { "\(article), \(language): \(text.prefix(60))" }

        /// Whether it runs, instead of only declaring functions.
        var isWhole: Bool { language == "swift" && text.contains("try MPI.run") }
    }

    /// What a program may allocate and copy outside of MPI.
    struct Cost: CustomTestStringConvertible {
        /// A line of the program, by which it is known.
        var line: String
        /// What is counted: blocks of at least so many bytes, such as its arrays.
        var bytes: Int
        /// How many such blocks each rank may allocate.
        var allocated: Int
        /// How many it may copy.
        var copied: Int

        var testDescription: String { line }
    }

    /// The programs of the articles, none of which copies its arrays in secret: again in each step of a loop, or
    /// because something else holds them as well.
    static let costs = [
        Cost(line: "let total = try world.Allreduce(halo[0], op: .sum)", bytes: 8000, allocated: 2, copied: 0),
        Cost(line: "on \\(MPI.processorName)", bytes: 8000, allocated: 0, copied: 0),
        Cost(line: "received[999] == Double(left)", bytes: 8000, allocated: 2, copied: 0),
        // The second array begins as a copy of the first.
        Cost(line: "swap(&field, &next)", bytes: 8000, allocated: 2, copied: 1),
        Cost(line: "Sendrecv(exchange, in: &block", bytes: 80_000, allocated: 1, copied: 0),
        Cost(line: "relax(grid, &block", bytes: 80_000, allocated: 2, copied: 1),
        // The numbers, what is received and all of them, each sorted into another array.
        Cost(line: "// A sorted list of all ranks' numbers", bytes: 6000, allocated: 7, copied: 3),
        // What rank 0 sends, and what it receives of both ranks.
        Cost(line: "try RequestSet(0..<world.size)", bytes: 8000, allocated: 3, copied: 0),
        Cost(line: "let settings: CBORValue", bytes: 8000, allocated: 0, copied: 0),
        Cost(line: "world.Gather(part, into: &whole, root: 0)", bytes: 8000, allocated: 2, copied: 0),
        Cost(line: "coefficients: NDArray<Float>", bytes: 8000, allocated: 0, copied: 0),
        Cost(line: "struct JSON: ObjectSerializer", bytes: 8000, allocated: 0, copied: 0),
        // HDF5 allocates one itself.
        Cost(line: "// Every rank writes a row of its own", bytes: 8000, allocated: 2, copied: 0),
        Cost(line: "let interior = Hyperslab(1...rows, 1...columns)", bytes: 8000, allocated: 1, copied: 0),
    ]

    @Test(arguments: costs)
    func aProgramCopiesNoArraysInSecret(cost: Cost) async throws {
        let found = try Self.programs().filter { $0.isWhole && $0.text.contains(cost.line) }
        let program = try #require(found.first)
        #expect(found.count == 1, "\(found)")
        try await withTemporaryDirectory { directory in
            try Data(program.text.utf8).write(to: URL(filePath: directory + "/main.swift"))
            // What an example is linked with, but for its own object.
            let list = builtProgram("jacobi.product") + "/Objects.LinkFileList"
            let objects = try String(contentsOfFile: list, encoding: .utf8).split(separator: "\n").map(String.init)
                .filter { !$0.contains("/jacobi.build/") }
            let libraries = try await (flags("--libs-only-L") + flags("--libs-only-l"))
            let compiled = try await run(
                compiler,
                try await ["-swift-version", "6", "-O", "-o", directory + "/program", directory + "/main.swift"]
                    + modules() + objects + libraries, timeLimit: 3600)
            try #require(compiled.status == 0, "\(compiled)")
            let outcome = try await mpiexec(
                2, "/usr/bin/env",
                [
                    "-C", directory, "LD_PRELOAD=\(try await recorder.value)", "INTERPOSER_BLOCK=\(cost.bytes)",
                    directory + "/program",
                ])
            #expect(outcome.status == 0, "\(outcome)")
            let ranks = outcome.standardError.matches(of: /rank \d: (\d+) allocated, (\d+) copied/)
            #expect(ranks.count == 2, "\(outcome)")
            for rank in ranks {
                let (allocated, copied) = (try #require(Int(rank.1)), try #require(Int(rank.2)))
                #expect(allocated <= cost.allocated && copied <= cost.copied, "\(rank.0)")
            }
        }
    }

    /// No program is without its costs.
    @Test func everyWholeProgramIsCounted() throws {
        for program in try Self.programs() where program.isWhole {
            #expect(Self.costs.contains { program.text.contains($0.line) }, "\(program)")
        }
    }

    /// All of SwiftMPI's articles; of ParallelHDF5's, what is a whole program.
    static func programs() throws -> [Program] {
        let articles = ["SwiftMPI", "GettingStarted", "FromMPI4py", "FromC", "SafetyModel", "WireFormat"]
        return try articles.flatMap { try programs(in: $0, of: "SwiftMPI") }
            + ["ParallelHDF5", "GettingStarted"].flatMap { article in
                try programs(in: article, of: "ParallelHDF5").filter { $0.text.contains("import ParallelHDF5") }
            }
    }

    private static func programs(in article: String, of module: String) throws -> [Program] {
        try text(of: article, in: module).matches(of: /(?s)```(swift|python)\n(.*?)```/).map {
            Program(article: article, language: String($0.1), text: String($0.2))
        }
    }

    // What the compiler needs for a program that imports SwiftMPI, or is the manifest of a package.
    private let environment = ProcessInfo.processInfo.environment
    private var compiler: String { (environment["SWIFT"] ?? "swift") + "c" }

    /// Where the headers of MPI are, and of the HDF5 that belongs to it.
    private func headers() async throws -> [String] { try await flags("--cflags-only-I") }

    /// What pkg-config says of MPI and of the HDF5 that belongs to it.
    private func flags(_ kind: String) async throws -> [String] {
        let mpi = environment["MPI_PKG_CONFIG"] ?? "mpi-c"
        let matching = ["mpich": "hdf5-mpich", "ompi-c": "hdf5-openmpi"][mpi] ?? "hdf5"
        let hdf5 = environment["HDF5_PKG_CONFIG"] ?? matching
        let flags = try await run("pkg-config", [kind, mpi, hdf5])
        return flags.standardOutput.split { $0 == " " || $0 == "\n" }.map(String.init)
    }

    private func modules() async throws -> [String] {
        let target = try await run(compiler, ["-print-target-info"]).standardOutput
        let resources = try #require(target.firstMatch(of: /"runtimeResourcePath": "(.*)"/)?.1)
        let shims = ["CMPI", "CHDF5"].map { "\(packageDirectory)/Sources/\($0)" }
        let folders = [builtProgram("Modules"), "\(resources)/pm/ManifestAPI"] + shims
        // The compiler's own cache does not tell the headers of one MPI from those of another.
        let cache = ["-module-cache-path", builtProgram("ModuleCache")]
        return ["-package-description-version", "6.2"] + cache + folders.flatMap { ["-I", $0] }
            + (try await headers()).flatMap { ["-Xcc", $0] }
    }

    /// The functions that `mpi.h` declares, or defines as macros.
    private func cFunctions() async throws -> Set<String> {
        try await withTemporaryDirectory { directory in
            let file = directory + "/mpi.c"
            try Data("#include <mpi.h>\n".utf8).write(to: URL(filePath: file))
            let outcome = try await run("cc", ["-E", "-P", "-dD", file] + (try await headers()))
            #expect(outcome.status == 0, "\(outcome)")
            let declarations = outcome.standardOutput.matches(
                of: /\b(?:int|double|void|MPI_[A-Z]\w*)\s*\*?\s*\b(MPI_[A-Z]\w*[a-z]\w*)\s*\(/)
            let macros = outcome.standardOutput.matches(of: /#define (MPI_[A-Z]\w*[a-z]\w*)\(/)
            return Set((declarations.map(\.1) + macros.map(\.1)).map(String.init))
        }
    }
}

private func text(of article: String, in module: String = "SwiftMPI") throws -> String {
    let file = "\(packageDirectory)/Sources/\(module)/\(module).docc/\(article).md"
    return try String(contentsOf: URL(filePath: file), encoding: .utf8)
}

/// The tables of an article, each with the heading above it.
private func tables(in article: String) throws -> [(heading: String, columns: [String], rows: [[String]])] {
    var heading = ""
    var tables: [(heading: String, columns: [String], rows: [[String]])] = []
    var isInTable = false
    for line in try text(of: article).split(separator: "\n", omittingEmptySubsequences: false) {
        if line.hasPrefix("## ") { heading = String(line.dropFirst(3)) }
        if !line.hasPrefix("|") {
            isInTable = false
            continue
        }
        let cells = line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespaces) }
        if !isInTable {
            tables.append((heading, cells, []))
            isInTable = true
        } else if !line.hasPrefix("|---") {
            tables[tables.count - 1].rows.append(cells)
        }
    }
    return tables
}

/// The rows of the tables whose second column has a title.
private func rows(of article: String, _ title: String) throws -> [[String]] {
    try tables(in: article).filter { $0.columns.count > 1 && $0.columns[1] == title }.flatMap(\.rows)
}

/// The names between backquotes.
private func quoted(_ cell: String) -> [String] { cell.matches(of: /`([^`]+)`/).map { String($0.1) } }

/// Whether a name is a pattern, or fits one in which stars stand for any characters.
private func matches(_ name: String, _ pattern: String) -> Bool {
    let pieces = pattern.split(separator: "*", omittingEmptySubsequences: false)
    guard pieces.count > 1 else { return name == pattern }
    var rest = name[...]
    guard rest.hasPrefix(pieces[0]) else { return false }
    rest.removeFirst(pieces[0].count)
    for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
        guard let found = rest.firstRange(of: piece) else { return false }
        rest = rest[found.upperBound...]
    }
    return rest.hasSuffix(pieces.last!)
}
