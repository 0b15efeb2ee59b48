import Foundation
import TestSupport
import Testing

/// The library, made of the header of the MPI under test; built once, beside the programs.
let recorder = Task {
    let library = builtProgram("libinterposer.so")
    let module = ProcessInfo.processInfo.environment["MPI_PKG_CONFIG"] ?? "mpi-c"
    let script = """
        cd '\(packageDirectory)/Tests/Interposer'
        flags=$(pkg-config --cflags --libs '\(module)')
        echo '#include <mpi.h>' | cc -E -P $flags -x c - > '\(library).h'
        '\(python)' interpose.py < '\(library).h' > '\(library).c'
        cc -shared -fPIC -fno-builtin -o '\(library)' recorder.c '\(library).c' $flags
        """
    let outcome = try await run("sh", ["-ec", script])
    try #require(outcome.status == 0, "\(outcome)")
    return library
}
