import FoundationEssentials
import TestSupport
import Testing

/// Swift and Python ranks in one job, with mpi4py: what one sends the other receives, in every call both have.
///
/// Each topic is the same sequence of calls in `interoperation-peer` and in a Python script, each of which checks what
/// it gets against the same table.
@Suite struct InteroperationTests {
    @Test(
        arguments: pythons.flatMap { python in
            [
                "object_messages", "object_collectives", "special_objects", "tagged_objects", "numpy_arrays",
                "buffers", "nonblocking", "datatypes",
            ].map {
                (python: python, topic: $0)
            }
        }, [[.swift(1), .python(1)], [.swift(2), .python(3)], [.python(2), .swift(2)]] as [[Ranks]])
    func agree(_ peer: (python: Python, topic: String), ranks: [Ranks]) async throws {
        let outcome = try await job(ranks, peer.topic, peer.python)
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.standardOutput.contains("\(ranks.map(\.count).reduce(0, +)) ranks agree"), "\(outcome)")
    }

    /// Without MPI, with the versions of cbor2 that it is for: scripts/setup installs version 5 beside the newest.
    @Test(arguments: [("6", ""), ("5", packageDirectory + "/.build/cbor2-5")])
    func theHelperOfPythonRanks(version: String, path: String) async throws {
        let script = packageDirectory + "/Tests/InteroperationTests/Python/helper.py"
        let outcome = try await run(python, ["-W", "error", script, version], environment: ["PYTHONPATH": path])
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.standardOutput.contains("checks with cbor2 \(version)."), "\(outcome)")
    }

    @Test func theExampleRunsWithPython() async throws {
        let outcome = try await run(
            launcher,
            ["-n", "2", builtProgram("swift-python"), ":"]
                + ["-n", "2", python, "-m", "mpi4py", packageDirectory + "/Examples/swift_python.py"],
            environment: launcherEnvironment.merging(pythons[0].environment) { $1 })
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.standardOutput.contains("Swift, Swift, Python, Python"), "\(outcome)")
    }

    @Test(arguments: pythons)
    func aPythonRankThatRaisesEndsTheJob(python: Python) async throws {
        let outcome = try await job([.swift(1), .python(1)], "raises", python)
        #expect(outcome.status != 0 && outcome.status != 124, "\(outcome)")
        #expect(outcome.standardError.contains("ValueError: the sky fell"), "\(outcome)")
    }

    /// Bytes that are no object, which the program catches, then an object of another type, which it does not.
    @Test(arguments: pythons)
    func whatSwiftCannotReadIsAnErrorThere(python: Python) async throws {
        let outcome = try await job([.swift(1), .python(1)], "rubbish", python)
        #expect(outcome.status == 1, "\(outcome)")
        #expect(outcome.ownErrorLines.contains { $0.hasPrefix("rank 0: ") && $0.contains("Int") }, "\(outcome)")
    }

    /// Swift ranks that take mpi4py 3 for 4 or 4 for 3 do not wait forever.
    @Test(arguments: pythons, [[.swift(1), .python(1)], [.python(1), .swift(1)]] as [[Ranks]])
    func theOtherProtocolIsNoticed(python: Python, ranks: [Ranks]) async throws {
        var mistaken = python
        mistaken.protocolVersion = python.protocolVersion == 3 ? 4 : 3
        let outcome = try await job(ranks, "object_collectives", mistaken)
        #expect(outcome.status != 0 && outcome.status != 124, "\(outcome)")
        // MPICH has an error of its own for a broadcast that is too long, and its launcher sometimes loses all that
        // ranks wrote right before they aborted.
        let isDiagnosed = ["objectProtocol", "TRUNCATE", "MPI_Bcast"].contains { outcome.standardError.contains($0) }
        #expect(isDiagnosed || outcome.standardError.isEmpty && launcher.hasSuffix(".mpich"), "\(outcome)")
    }
}

/// Ranks of one language that follow each other.
enum Ranks: CustomTestStringConvertible {
    case swift(Int)
    case python(Int)

    var count: Int {
        switch self {
        case .swift(let count), .python(let count): count
        }
    }

    var testDescription: String {
        switch self {
        case .swift(let count): "\(count) Swift"
        case .python(let count): "\(count) Python"
        }
    }
}

/// A Python that has mpi4py, and which protocol Swift ranks should speak with it.
struct Python: CustomTestStringConvertible {
    var path: String
    var environment: [String: String] = [:]
    var protocolVersion: Int

    var testDescription: String { "\(path), mpi4py \(protocolVersion)" }
}

/// mpi4py 4 in the tests' own environment, and the distribution's, which is built with Open MPI.
private let pythons: [Python] =
    if launcher.hasSuffix(".mpich") {
        [Python(path: python, environment: mpichEnvironment, protocolVersion: 4)]
    } else {
        [Python(path: python, protocolVersion: 4)] + debianPython
    }

/// PyPI's mpi4py is made for both MPIs, chooses Open MPI where it finds it, and asks for MPICH by its upstream name.
/// What PyPI has of that brings a UCX of its own, which Tests/Interposer/yield.c does not find.
private let mpichEnvironment = [
    "MPI4PY_MPIABI": "mpich", "LD_PRELOAD": "",
    "LD_LIBRARY_PATH": python.split(separator: "/").dropLast(2).map { "/" + $0 }.joined() + "/lib/mpich",
]

/// Debian 12 has mpi4py 3.1.4; later versions of it have mpi4py 4.
private let debianPython: [Python] = {
    let packages = try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/python3/dist-packages")
    let versions = (packages ?? []).compactMap { $0.firstMatch(of: /^mpi4py-([0-9]+)\./).flatMap { Int($0.1) } }
    return versions.map { Python(path: "/usr/bin/python3", protocolVersion: $0) }
}()

private func job(
    _ ranks: [Ranks], _ topic: String, _ python: Python
) async throws -> Outcome {
    let script = "\(packageDirectory)/Tests/InteroperationTests/Python/\(topic).py"
    let programs = ranks.map { ranks in
        let program =
            switch ranks {
            case .swift: [builtProgram("interoperation-peer"), topic, String(python.protocolVersion)]
            // Run so, an exception that nobody catches ends the whole job.
            case .python: [python.path, "-m", "mpi4py", script]
            }
        return ["-n", String(ranks.count)] + program
    }
    return try await run(
        launcher, Array(programs.joined(separator: [":"])),
        environment: launcherEnvironment.merging(python.environment) { $1 })
}
