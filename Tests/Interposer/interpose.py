"""Writes a C source that stands before every function of MPI and tells recorder.c of each call.

    echo '#include <mpi.h>' | cc -E -P -x c - | interpose.py > interposed.c

Every prototype PMPI_X of the preprocessed header becomes a function MPI_X that calls it. The result contains the
declarations of the header, but not its macros, some of which have the names of functions.
"""

import re
import sys

header = sys.stdin.read()
print(header)
print("void interposer_enter(const char *);\nvoid interposer_leave(void);")

prototype = re.compile(r"\b([A-Za-z_][\w ]*?[\s*]+)PMPI_(\w+)\s*\(([^;{}]*?)\)\s*(?:__attribute__[^;]*)?;")
identifier = re.compile(r"[A-Za-z_]\w*")


def named(parameter, name):
    """The parameter under another name; some have none."""
    words = [word for word in identifier.finditer(parameter) if word.group() not in ("const", "struct", "unsigned")]
    if len(words) < 2:
        return f"{parameter} {name}"
    return parameter[: words[-1].start()] + name + parameter[words[-1].end() :]


for result, name, parameters in prototype.findall(header):
    parameters = " ".join(parameters.split())
    if "..." in parameters:  # MPI_Pcontrol: such arguments cannot be passed on
        continue
    types = [] if parameters in ("", "void") else parameters.split(",")
    names = [f"a{number}" for number in range(len(types))]
    print(f"{result} MPI_{name}({', '.join(map(named, types, names)) or 'void'}) {{")
    print(f'    interposer_enter("MPI_{name}");')
    print(f"    {result} result = PMPI_{name}({', '.join(names)});")
    print("    interposer_leave();\n    return result;\n}")
