"""Random interleavings of runs that are stopped, go on, or write the same result meanwhile, in the current folder.

PROGRAM STEPS SEED LAUNCHER...: fails where a result is not bit for bit that of an undisturbed run, or where a finished
result is lost that the run which replaces it had not seen when it began.
"""

import collections
import os
import random
import subprocess
import sys

program, steps, seed, launcher = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]
name = os.path.basename(program)
compare = os.path.join(os.path.dirname(program), "compare-runs")
variants = {
    "diff2d": [["--dx", "0.25", "--runtime", "1", "--outtime", "0.1", "--quiet"] + other for other in
               ([], ["--diffusion", "1.0000001"], ["--x1", "0", "--x2", "20"])],
    "pimc": [["200000000", "--quiet", "--seed", other] for other in "123"],
}[name]
random.seed(seed)


def run(variant, *options, stops=False, output="result.h5"):
    environment = dict(os.environ, SLURM_JOB_END_TIME="1") if stops else os.environ
    command = launcher + ["-n", str(random.randint(1, 3)), program, *variants[variant], "--output", output, *options]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600)


def stamp(path="result.h5"):
    if not os.path.exists(path):
        return None
    status = os.stat(path)
    return status.st_ino, status.st_mtime_ns


def is_undisturbed(variant):
    outcome = subprocess.run([compare, "results", "result.h5", f"whole{variant}.h5"], capture_output=True)
    return outcome.returncode == 0


for variant in range(3):
    outcome = run(variant, output=f"whole{variant}.h5")
    assert outcome.returncode == 0, outcome

begun = {}  # checkpoint folder -> the variant, and what was there when the run began
counts = collections.Counter()
for step in range(steps + 4):
    folder = random.choice("AB") if step < steps else "AB"[step % 2]
    kind = random.choice(["stop", "stop", "finish", "other", "move"]) if step < steps else "finish"
    before = stamp()
    if step >= steps and before or kind == "move":
        if before:
            os.remove("result.h5")
        before = None
    if kind == "move":
        counts["moved"] += 1
        continue
    if kind == "other":
        variant = random.randrange(3)
        outcome = run(variant)
        assert outcome.returncode == 0 and is_undisturbed(variant), (step, outcome)
        counts["other"] += 1
        continue
    variant, seen = begun.get(folder, (random.randrange(3), before))
    outcome = run(variant, "--checkpoint", folder, stops=kind == "stop")
    if outcome.returncode == 75:
        assert kind == "stop" and stamp() == before, (step, outcome)
        begun[folder] = variant, seen
    elif outcome.returncode == 73:
        assert folder in begun and before not in (None, seen) and stamp() == before, (step, outcome)
    else:
        assert outcome.returncode == 0 and before in (None, seen) and is_undisturbed(variant), (step, outcome)
        begun.pop(folder, None)
    counts[outcome.returncode] += 1

left = [file for file in os.listdir() if file.startswith(".")]
assert not begun and not left and counts[75] and counts[0], (begun, left, counts)
print(f"{name}, seed {seed}: " + ", ".join(f"{count} x {kind}" for kind, count in sorted(counts.items(), key=str)))
