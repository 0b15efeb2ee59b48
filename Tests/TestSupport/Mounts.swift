/// Runs a shell script in a mount namespace of its own, where `mount -t tmpfs` needs no privilege and nobody else sees
/// what is mounted.
///
/// - Parameter arguments: What the script gets as `$1`, `$2`, …
public func runWithOwnMounts(
    _ script: String, _ arguments: [String] = [], environment: [String: String] = [:], directory: String? = nil,
    timeLimit: Int = hangLimit
) async throws -> Outcome {
    // Inside, the user is root.
    let root = ["OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"]
    return try await run(
        "unshare", ["-rm", "sh", "-c", script, "sh"] + arguments,
        environment: launcherEnvironment.merging(root) { $1 }.merging(environment) { $1 },
        directory: directory, timeLimit: timeLimit)
}

/// Whether this system lets a user make such a namespace.
public func canMount() async -> Bool { (try? await runWithOwnMounts("mount -t tmpfs none /mnt"))?.status == 0 }
