import FoundationEssentials
import TestSupport
import Testing

/// Every target of Sources and what it may depend on, lowest first: a dependency stands above what needs it.
///
/// A new edge is written here first, and one that is gone is taken out here.
private let layers: KeyValuePairs = [
    // Headers.
    "CMPI": [], "CHDF5": [], "CProcessor": [], "CChildren": [], "CChecksum": [],

    // Numerics, which know neither MPI nor HDF5.
    "Expressions": [],
    "Quadrature": ["Expressions"],
    "Diffusion": ["CProcessor"],
    "MonteCarlo": [],

    "SwiftMPI": ["CMPI"],

    // On MPI.
    "Reproducible": ["SwiftMPI"],
    "ParallelHDF5": ["SwiftMPI", "CHDF5"],
    "SystemSupport": ["SwiftMPI"],
    "Checkpointing": ["SwiftMPI", "SystemSupport", "CChecksum"],

    // For programs.
    "CommandSupport": ["SwiftMPI", "SystemSupport", "Checkpointing", "ArgumentParser"],
    "ResultFiles": ["SwiftMPI", "ParallelHDF5", "SystemSupport"],
    "Plotting": ["SystemSupport", "Subprocess", "SystemPackage"],

    // Programs.
    "diff2d": [
        "Diffusion", "SwiftMPI", "Reproducible", "ParallelHDF5", "SystemSupport", "Checkpointing", "CommandSupport",
        "ResultFiles", "ArgumentParser",
    ],
    "auc": [
        "Expressions", "Quadrature", "SwiftMPI", "Reproducible", "ParallelHDF5", "SystemSupport", "CommandSupport",
        "ResultFiles", "ArgumentParser",
    ],
    "pimc": [
        "MonteCarlo", "SwiftMPI", "Reproducible", "ParallelHDF5", "SystemSupport", "Checkpointing", "CommandSupport",
        "ResultFiles", "ArgumentParser",
    ],
    "compare-runs": [
        "Expressions", "SwiftMPI", "ParallelHDF5", "SystemSupport", "CommandSupport", "Plotting", "ArgumentParser",
        "Subprocess", "SystemPackage",
    ],
    "plotdens": [
        "SwiftMPI", "ParallelHDF5", "SystemSupport", "CommandSupport", "Plotting", "ArgumentParser", "Subprocess",
        "SystemPackage",
    ],
    "taskfarm": ["CChildren", "SwiftMPI", "SystemSupport", "CommandSupport", "ArgumentParser"],
]

/// Modules of other packages. Nothing that is a product for others may need one.
private let otherPackages: Set = ["ArgumentParser", "Subprocess", "SystemPackage"]

/// Modules of the toolchain and the system, which no manifest names.
private let toolchain: Set = ["Foundation", "FoundationEssentials", "Glibc", "Synchronization"]

/// The order of the targets, and what they import.
@Suite struct LayerTests {
    @Test func everyDependencyIsInTheTable() async throws {
        let targets = try await Package.described().libraryAndProgramTargets
        #expect(targets.count == layers.count)
        #expect(edgeProblems(targets, table: layers) == [])
    }

    @Test func everyDependencyStandsAboveWhatNeedsIt() {
        var above = otherPackages
        for (target, dependencies) in layers {
            #expect(above.isSuperset(of: dependencies), "\(target): \(Set(dependencies).subtracting(above))")
            #expect(above.insert(target).inserted, "\(target) is in the table twice")
        }
    }

    /// In both directions: nothing is imported by way of another module, and nothing is named that is not needed.
    @Test func targetsImportWhatTheyName() async throws {
        let targets = try await Package.described().libraryAndProgramTargets
        let problems = try targets.flatMap { importProblems($0, imports: try $0.imports()) }
        #expect(problems == [])
    }

    @Test func productsNeedNoOtherPackage() async throws {
        let package = try await Package.described()
        let products = package.products.filter { $0.type["library"] != nil }
        #expect(products.contains { $0.name == "Checkpointing" })
        for product in products {
            let needed = product.targets.reduce(into: Set<String>()) { $0.formUnion(everythingBelow($1)) }
            #expect(needed.isDisjoint(with: otherPackages), "\(product.name): \(needed)")
        }
    }

    @Test(arguments: [
        ("Checkpointing", "CHDF5"), ("CommandSupport", "CHDF5"), ("taskfarm", "CHDF5"), ("Expressions", "CMPI"),
        ("Quadrature", "CMPI"), ("Diffusion", "CMPI"), ("MonteCarlo", "CMPI"),
    ])
    func doesWithout(_ target: String, _ module: String) throws {
        let table = try #require(layers.first { $0.key == target })
        #expect(!everythingBelow(table.key).contains(module))
    }

    /// The checks themselves, on a package in which everything is wrong.
    @Test func whatIsWrongIsFound() {
        let target = Package.Target(
            name: "A", path: "Sources/A", sources: nil, targetDependencies: ["B", "C"], productDependencies: ["P"])
        #expect(
            edgeProblems([target], table: ["A": ["B", "D"], "E": []])
                == ["A -> C is new", "A -> P is new", "A -> D is gone", "E is gone"])
        #expect(edgeProblems([target], table: [:]) == ["A is new"])
        #expect(
            importProblems(target, imports: ["B", "F", "Glibc"])
                == [
                    "A imports F, which it does not name", "A names C, which it does not import",
                    "A names P, which it does not import",
                ])
        let source = """
            // import A
            import B
            public import C
            @preconcurrency private import D
                import struct E.Point
            importF()
            """
        #expect(importedModules(in: source) == ["B", "C", "D", "E"])
    }
}

/// What `swift package describe` tells of this package.
private struct Package: Decodable {
    struct Product: Decodable {
        var name: String
        /// Such as `{"library": ["automatic"]}` or `{"executable": null}`.
        var type: [String: [String]?]
        var targets: [String]
    }

    struct Target: Decodable {
        var name: String
        var path: String
        var sources: [String]?
        var targetDependencies: [String]?
        var productDependencies: [String]?

        var dependencies: [String] { (targetDependencies ?? []) + (productDependencies ?? []) }

        /// The modules that its sources import.
        func imports() throws -> Set<String> {
            try (sources ?? []).filter { $0.hasSuffix(".swift") }.reduce(into: []) { modules, source in
                let place = URL(filePath: "\(packageDirectory)/\(path)/\(source)")
                modules.formUnion(importedModules(in: try String(contentsOf: place, encoding: .utf8)))
            }
        }
    }

    var products: [Product]
    var targets: [Target]

    /// Without those of examples and tests.
    var libraryAndProgramTargets: [Target] { targets.filter { $0.path.hasPrefix("Sources/") } }

    /// In a folder of its own, as the build in which the tests run may be locked.
    static func described() async throws -> Package {
        try await withTemporaryDirectory { directory in
            let outcome = try await run(
                ProcessInfo.processInfo.environment["SWIFT"] ?? "swift",
                ["package", "--scratch-path", directory + "/scratch", "describe", "--type", "json"],
                environment: ["GIT_ALLOW_PROTOCOL": ""], directory: packageDirectory, timeLimit: 300)
            try #require(outcome.status == 0, "\(outcome)")
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            return try decoder.decode(Package.self, from: Data(outcome.standardOutput.utf8))
        }
    }
}

/// Where the dependencies of targets are not those of the table.
private func edgeProblems(_ targets: [Package.Target], table: KeyValuePairs<String, [String]>) -> [String] {
    let allowed = Dictionary(table.map { ($0, $1) }) { first, _ in first }
    var problems: [String] = []
    for target in targets {
        guard let known = allowed[target.name] else {
            problems.append("\(target.name) is new")
            continue
        }
        problems += target.dependencies.filter { !known.contains($0) }.map { "\(target.name) -> \($0) is new" }
        problems += known.filter { !target.dependencies.contains($0) }.map { "\(target.name) -> \($0) is gone" }
    }
    let names = Set(targets.map(\.name))
    return problems + table.map(\.key).filter { !names.contains($0) }.map { "\($0) is gone" }
}

/// Where what a target imports is not what its manifest names.
private func importProblems(_ target: Package.Target, imports: Set<String>) -> [String] {
    let named = Set(target.dependencies)
    return imports.subtracting(toolchain).subtracting(named).sorted().map {
        "\(target.name) imports \($0), which it does not name"
    } + named.subtracting(imports).sorted().map { "\(target.name) names \($0), which it does not import" }
}

private func importedModules(in source: String) -> Set<String> {
    let declaration = /\s*((@\w+|public|package|internal|fileprivate|private)\s+)*import\s+(?<words>[\w. ]+)/
    return Set(
        source.split(separator: "\n").compactMap { line in
            // The module, or behind the kind of a declaration the module and its name.
            line.prefixMatch(of: declaration)?.words.split(separator: " ").last?.split(separator: ".").first
                .map(String.init)
        })
}

/// Everything that a target depends on, directly or not, and itself.
private func everythingBelow(_ target: String) -> Set<String> {
    let direct = layers.first { $0.key == target }?.value ?? []
    return direct.reduce(into: [target]) { $0.formUnion(everythingBelow($1)) }
}
