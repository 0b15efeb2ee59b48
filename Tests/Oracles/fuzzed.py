"""What the programs of Tests/Fuzz make of texts, beside Python's own reading of the same texts."""

import os
import random
import subprocess
import sys
import tempfile


def outputs(program, files):
    """The line that a program prints for each file."""
    lines = []
    for start in range(0, len(files), 500):
        some = files[start:start + 500]
        run = subprocess.run([program, "-detect_leaks=0"] + some, env=os.environ | {"FUZZ_REPORT": "1"},
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        new = run.stdout.decode().splitlines()
        if run.returncode or len(new) != len(some):
            sys.exit(f"{program}: {run.stderr.decode(errors='replace')[-2000:]}")
        lines += new
    return lines


def compare(random_text, contradiction):
    """Arguments: PROGRAM SEED COUNT FOLDER…. Compares COUNT random texts and those in the folders, and prints a line.

    contradiction(text, line) tells what Python contradicts in the line that the program prints for an accepted text.
    Returns whether all is well.
    """
    program, seed, count, *folders = sys.argv[1:]
    random.seed(int(seed))
    with tempfile.TemporaryDirectory() as directory:
        files = [f"{directory}/{i}" for i in range(int(count))]
        for file in files:
            with open(file, "wb") as f:
                f.write(random_text())
        files += [f"{folder}/{name}" for folder in folders for name in sorted(os.listdir(folder))]
        accepted = contradicted = 0
        for file, line in zip(files, outputs(program, files)):
            if line == "refused":
                continue
            accepted += 1
            with open(file, "rb") as f:
                text = f.read()
            if what := contradiction(text, line):
                contradicted += 1
                print(f"{text!r} is {line}: {what}", file=sys.stderr)
    print(f"{len(files)} texts, {accepted} accepted, {contradicted} of them contradicted by Python")
    return contradicted == 0 and accepted * 10 >= int(count)
