private import ParallelHDF5
public import SystemSupport

extension OwnFiles {
    /// HDF5 files whose attribute `source` (or `software`, as in openPMD) names the program.
    public static func results(of program: String) -> OwnFiles {
        OwnFiles(of: program) { path in
            guard let file = try? HDF5File.open(path) else { return false }
            return ["source", "software"].contains { name in
                guard let source: String = try? file.attribute(name) else { return false }
                return source == program || source.hasPrefix(program + " ")
            }
        }
    }
}
