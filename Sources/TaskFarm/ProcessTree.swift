private import Glibc

/// The processes of a task: its shell and all descendants, in any session or process group.
///
/// This process adopts orphaned descendants (`CChildrenAdoptOrphans`), so the whole tree of a task consists of
/// descendants of this process. A child of this process that is older than the shell was left by an earlier task or
/// belongs to no task.
struct ProcessTree {
    let shell: Int32
    /// A child that belongs to no task.
    let orphanGuard: Int32

    /// Sends signals to all live processes of the task, parents first.
    ///
    /// - Returns: Whether there were any live processes.
    @discardableResult
    func signal(_ signals: Int32...) -> Bool {
        let members = members
        for process in members {
            for signal in signals { kill(process, signal) }
        }
        if !members.isEmpty { return true }
        // If `/proc` cannot be read, the signals go to the process group of the shell, which exists as long as the
        // shell is a zombie.
        for signal in signals { kill(-shell, signal) }
        return false
    }

    var isEmpty: Bool { members.isEmpty }

    /// The live processes, parents before their children; empty if `/proc` cannot be read.
    private var members: [Int32] {
        let processes = runningProcesses()
        guard let age = processes[shell]?.startTime else { return [] }
        let children = Dictionary(grouping: processes.keys) { processes[$0]!.parent }
        var found = (children[getpid()] ?? []).filter { processes[$0]!.startTime >= age && $0 != orphanGuard }
        var index = 0
        while index < found.count {
            found += children[found[index]] ?? []
            index += 1
        }
        return found.filter { !processes[$0]!.isZombie }
    }
}

private struct Process {
    var parent: Int32
    var isZombie: Bool
    /// The start time in clock ticks since the system's boot.
    var startTime: Int
}

/// Returns all processes of the system that `/proc` shows.
private func runningProcesses() -> [Int32: Process] {
    var processes: [Int32: Process] = [:]
    guard let directory = opendir("/proc") else { return [:] }
    defer { closedir(directory) }
    while let entry = readdir(directory) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        if let number = Int32(name), let process = process(number) { processes[number] = process }
    }
    return processes
}

/// Reads `/proc/NUMBER/stat`; see proc(5).
private func process(_ number: Int32) -> Process? {
    let descriptor = open("/proc/\(number)/stat", O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { return nil }
    defer { close(descriptor) }
    var buffer = Bytes(repeating: 0, count: 1024)
    let count = read(descriptor, &buffer, buffer.count)
    // The second field is a name in parentheses that may contain any bytes. The third field follows the last closing
    // parenthesis.
    guard count > 0, let end = buffer[..<count].lastIndex(of: UInt8(ascii: ")")) else { return nil }
    let fields = buffer[end..<count].split(separator: UInt8(ascii: " ")).dropFirst()
        .map { String(decoding: $0, as: UTF8.self) }
    guard fields.count > 19, let parent = Int32(fields[1]), let startTime = Int(fields[19]) else { return nil }
    return Process(parent: parent, isZombie: fields[0] == "Z" || fields[0] == "X", startTime: startTime)
}
