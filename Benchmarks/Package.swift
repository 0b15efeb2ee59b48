// swift-tools-version: 6.2
import PackageDescription

// Each benchmark is a folder with the Swift program and its twin in C, C++ or Python; `make bench` runs them in turn.
let mpiModule = Context.environment["MPI_PKG_CONFIG"] ?? "mpi-c"

let package = Package(
    name: "Benchmarks",
    dependencies: [.package(name: "SwiftMPI", path: "..")],
    targets: [
        .executableTarget(
            name: "stencil-benchmark",
            dependencies: [.product(name: "Diffusion", package: "SwiftMPI")],
            path: "Stencil", exclude: ["twin.cpp", "twin-mpi.cpp", "twin.f90", "twin.py"]),
        .executableTarget(
            name: "area-benchmark",
            dependencies: [
                .product(name: "Expressions", package: "SwiftMPI"), .product(name: "Quadrature", package: "SwiftMPI"),
            ],
            path: "Area", exclude: ["twin.cpp", "twin.py"]),
        .executableTarget(
            name: "pi-benchmark",
            dependencies: [.product(name: "MonteCarlo", package: "SwiftMPI")],
            path: "Pi", exclude: ["twin.c", "twin.py"]),
        .systemLibrary(name: "CPingPong", path: "PingPong/C", pkgConfig: mpiModule),
        .executableTarget(
            name: "pingpong-benchmark",
            dependencies: ["CPingPong", .product(name: "SwiftMPI", package: "SwiftMPI")],
            path: "PingPong", exclude: ["C", "pingpong.py"]),
        .systemLibrary(name: "CExchange", path: "Exchange/C", pkgConfig: mpiModule),
        .executableTarget(
            name: "exchange-benchmark",
            dependencies: ["CExchange", .product(name: "SwiftMPI", package: "SwiftMPI")],
            path: "Exchange", exclude: ["C"]),
        .systemLibrary(name: "CFieldWrite", path: "FieldWrite/C", pkgConfig: mpiModule),
        .executableTarget(
            name: "fieldwrite-benchmark",
            dependencies: [
                "CFieldWrite", .product(name: "SwiftMPI", package: "SwiftMPI"),
                .product(name: "ParallelHDF5", package: "SwiftMPI"),
            ],
            path: "FieldWrite", exclude: ["C"]),
        .executableTarget(
            name: "checkpoint-benchmark",
            dependencies: [
                .product(name: "SwiftMPI", package: "SwiftMPI"), .product(name: "Checkpointing", package: "SwiftMPI"),
            ],
            path: "Checkpoint"),
    ],
    swiftLanguageModes: [.v6]
)
