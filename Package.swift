// swift-tools-version: 6.2
import PackageDescription

// The suite is for Linux with glibc.

// Which MPI and which parallel HDF5 to build against: the names of their pkg-config modules.
// `mpi-c` and `hdf5` are the distribution's defaults; MPI_PKG_CONFIG=mpich (or ompi-c) picks one MPI,
// and the HDF5 that belongs to it follows unless HDF5_PKG_CONFIG names another.
let mpiModule = Context.environment["MPI_PKG_CONFIG"] ?? "mpi-c"
let matchingHDF5 = ["mpich": "hdf5-mpich", "ompi-c": "hdf5-openmpi"]
let hdf5Module = Context.environment["HDF5_PKG_CONFIG"] ?? matchingHDF5[mpiModule] ?? "hdf5"

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    // Ties a request to the span it uses.
    .enableExperimentalFeature("Lifetimes"),
]

// One-file programs in one folder: name and file.
let exampleFiles = [
    "ring": "Ring.swift", "send-codable": "SendCodable.swift", "reduce": "Reduce.swift", "split": "Split.swift",
    "cartesian-halo": "CartesianHalo.swift", "scatter-gather": "ScatterGather.swift", "task-farm": "TaskFarm.swift",
    "swift-python": "SwiftPython.swift", "user-defined-reduction": "UserDefinedReduction.swift",
    "nonblocking-ring": "NonblockingRing.swift", "hdf5-snapshots": "HDF5Snapshots.swift", "pipeline": "Pipeline.swift",
    "matrix-vector": "MatrixVector.swift", "sample-sort": "SampleSort.swift", "jacobi": "Jacobi.swift",
    "file-slabs": "FileSlabs.swift",
]
let examples = exampleFiles.map { name, file in
    Target.executableTarget(
        name: name, dependencies: ["SwiftMPI", "Reproducible", "ParallelHDF5"], path: "Examples",
        exclude: exampleFiles.values.filter { $0 != file } + ["swift_python.py"], sources: [file],
        swiftSettings: settings)
}

let package = Package(
    name: "SwiftMPI",
    // What other packages can use. They resolve only what is needed for this, which is nothing: no product may come to
    // depend on ArgumentParser, Subprocess or SystemPackage. Here every program is a product all the same.
    products: [
        .library(name: "SwiftMPI", targets: ["SwiftMPI"]),
        .library(name: "ParallelHDF5", targets: ["ParallelHDF5"]),
        .library(name: "Reproducible", targets: ["Reproducible"]),
        .library(name: "Checkpointing", targets: ["Checkpointing"]),
        .library(name: "Diffusion", targets: ["Diffusion"]),
        .library(name: "Expressions", targets: ["Expressions"]),
        .library(name: "Quadrature", targets: ["Quadrature"]),
        .library(name: "MonteCarlo", targets: ["MonteCarlo"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    ],
    targets: [
        // Libraries, lowest first. Dependencies point one way: up this list.
        .systemLibrary(
            name: "CMPI", pkgConfig: mpiModule,
            providers: [.apt(["libopenmpi-dev", "openmpi-bin"])]),
        .systemLibrary(
            name: "CHDF5", pkgConfig: hdf5Module,
            providers: [.apt(["libhdf5-openmpi-dev"])]),
        .systemLibrary(name: "CProcessor"),
        .systemLibrary(name: "CChildren"),
        .systemLibrary(name: "CChecksum"),
        .target(name: "SwiftMPI", dependencies: ["CMPI"], swiftSettings: settings),
        .target(name: "Reproducible", dependencies: ["SwiftMPI"], swiftSettings: settings),
        .target(name: "ParallelHDF5", dependencies: ["SwiftMPI", "CHDF5"], swiftSettings: settings),
        .target(name: "Diffusion", dependencies: ["CProcessor"], swiftSettings: settings),
        .target(name: "Expressions", swiftSettings: settings),
        .target(name: "Quadrature", dependencies: ["Expressions"], swiftSettings: settings),
        .target(name: "MonteCarlo", swiftSettings: settings),
        .target(name: "SystemSupport", dependencies: ["SwiftMPI"], swiftSettings: settings),
        .target(
            name: "Checkpointing", dependencies: ["SwiftMPI", "SystemSupport", "CChecksum"], swiftSettings: settings),

        // What programs share.
        .target(
            name: "CommandSupport", dependencies: ["SwiftMPI", "SystemSupport", "Checkpointing", argumentParser],
            swiftSettings: settings),
        .target(
            name: "ResultFiles", dependencies: ["SwiftMPI", "ParallelHDF5", "SystemSupport"], swiftSettings: settings),
        .target(name: "Plotting", dependencies: ["SystemSupport", subprocess, systemPackage], swiftSettings: settings),

        // Programs.
        .executableTarget(
            name: "diff2d",
            dependencies: [
                "SwiftMPI", "Reproducible", "ParallelHDF5", "Diffusion", "SystemSupport", "Checkpointing",
                "CommandSupport", "ResultFiles", argumentParser,
            ],
            path: "Sources/Diff2D", swiftSettings: settings),
        .executableTarget(
            name: "auc",
            dependencies: [
                "SwiftMPI", "Reproducible", "ParallelHDF5", "Expressions", "Quadrature", "SystemSupport",
                "CommandSupport", "ResultFiles", argumentParser,
            ],
            path: "Sources/AUC", swiftSettings: settings),
        .executableTarget(
            name: "pimc",
            dependencies: [
                "SwiftMPI", "Reproducible", "ParallelHDF5", "MonteCarlo", "SystemSupport", "Checkpointing",
                "CommandSupport", "ResultFiles", argumentParser,
            ],
            path: "Sources/PiMC", swiftSettings: settings),
        .executableTarget(
            name: "compare-runs",
            dependencies: [
                "SwiftMPI", "ParallelHDF5", "Expressions", "SystemSupport", "CommandSupport", "Plotting",
                argumentParser, subprocess, systemPackage,
            ],
            path: "Sources/CompareRuns", swiftSettings: settings),
        .executableTarget(
            name: "plotdens",
            dependencies: [
                "SwiftMPI", "ParallelHDF5", "SystemSupport", "CommandSupport", "Plotting", argumentParser, subprocess,
                systemPackage,
            ],
            path: "Sources/PlotDensity", swiftSettings: settings),
        .executableTarget(
            name: "taskfarm",
            dependencies: ["SwiftMPI", "SystemSupport", "CommandSupport", "CChildren", argumentParser],
            path: "Sources/TaskFarm", swiftSettings: settings),

        // Tests. What needs several ranks is a case of `spmd-cases`, which the suites start under mpiexec.
        .target(name: "TestSupport", dependencies: [subprocess, systemPackage], path: "Tests/TestSupport"),
        .executableTarget(
            name: "spmd-cases",
            dependencies: [
                "SwiftMPI", "Reproducible", "ParallelHDF5", "SystemSupport", "Checkpointing", "ResultFiles",
            ],
            path: "Tests/SPMDCases"),
        .executableTarget(
            name: "interoperation-peer", dependencies: ["SwiftMPI"], path: "Tests/InteroperationPeer"),
        .testTarget(name: "SwiftMPITests", dependencies: ["SwiftMPI", "TestSupport", "spmd-cases"]),
        .testTarget(
            name: "InteroperationTests", dependencies: ["TestSupport", "interoperation-peer"], exclude: ["Python"]),
        .testTarget(name: "SerializationTests", dependencies: ["SwiftMPI"]),
        .testTarget(name: "DiffusionTests", dependencies: ["Diffusion", "CProcessor", "TestSupport"]),
        .testTarget(name: "ExpressionsTests", dependencies: ["Expressions", "TestSupport"]),
        .testTarget(name: "QuadratureTests", dependencies: ["Expressions", "Quadrature", "TestSupport"]),
        .testTarget(
            name: "CommandSupportTests", dependencies: ["SwiftMPI", "CommandSupport", "SystemSupport", "TestSupport"]),
        .testTarget(name: "CheckpointingTests", dependencies: ["Checkpointing", "TestSupport", "spmd-cases"]),
        .testTarget(name: "MonteCarloTests", dependencies: ["MonteCarlo", "TestSupport"]),
        .testTarget(name: "ReproducibleTests", dependencies: ["Reproducible", "TestSupport"]),
        .testTarget(name: "ParallelHDF5Tests", dependencies: ["ParallelHDF5", "TestSupport", "spmd-cases"]),
        .testTarget(
            name: "CompareRunsTests",
            dependencies: ["ParallelHDF5", "TestSupport", "diff2d", "auc", "pimc", "compare-runs"]),
        .testTarget(name: "TaskFarmTests", dependencies: ["TestSupport", "taskfarm", "auc"]),
        .testTarget(name: "AUCTests", dependencies: ["ParallelHDF5", "TestSupport", "auc", "compare-runs"]),
        .testTarget(name: "PiMCTests", dependencies: ["ParallelHDF5", "TestSupport", "pimc", "compare-runs"]),
        .testTarget(name: "PlotDensityTests", dependencies: ["ParallelHDF5", "TestSupport", "diff2d", "plotdens"]),
        .testTarget(
            name: "Diff2DTests",
            dependencies: [
                "ParallelHDF5", "Diffusion", "TestSupport", "diff2d", "auc", "pimc", "compare-runs",
            ]),
        .testTarget(
            name: "SlurmTests", dependencies: ["TestSupport", "diff2d", "auc", "pimc", "compare-runs"],
            exclude: ["cluster"]),
    ] + examples,
    swiftLanguageModes: [.v6]
)
