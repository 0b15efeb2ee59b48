"""Random tables and command templates of taskfarm: what it accepts has the rows that Python's csv module reads, and the
words that /bin/sh makes of a command are the values.

Started by `Tests/Fuzz/run parametertables compare`.
"""

import csv
import io
import itertools
import random
import re
import subprocess
import tempfile

from fuzzed import compare


def rows(text):
    """The rows of a table by the csv module, without blank lines and comments; blanks at the ends do not count."""
    lines = iter(io.StringIO(text.removeprefix(b"\xef\xbb\xbf").decode("latin-1"), newline=""))
    delimiter = None
    blanks = " \t"
    for line in lines:
        if line.strip(blanks + "\r\n") == "" and not (delimiter == "\t" and "\t" in line):
            continue
        comment = line.lstrip(blanks if delimiter != "\t" else " ").rstrip("\r\n")
        if comment == "#" or comment[:2] in ["# ", "#\t", "##"]:
            continue
        delimiter = delimiter or ("\t" if "\t" in line else ",")
        if delimiter == "\t":
            blanks = " "

        row = next(csv.reader(itertools.chain([line], lines), delimiter=delimiter, skipinitialspace=True))
        yield [value.strip(" \t") for value in row]


def unhex(texts):
    return [bytes.fromhex(text) for text in texts]


def contradiction(text, line):
    *template, table = text.split(b"\x1e")
    names, table_rows, commands = line.split("|")
    ours = [unhex(row.split(",")) for row in [names] + table_rows.split(";")[:-1]]
    try:
        theirs = list(rows(table))
    except csv.Error as error:
        return repr(error)
    if [[value.decode("latin-1").strip(" \t") for value in row] for row in ours] != theirs:
        return f"Python reads {theirs}"
    expected = EXPECTED.get(tuple(template))
    if expected is None or commands == "refused":
        return
    for row, command in zip(ours[1:], unhex(commands.split(";")[:-1])):
        if b"\0" in command:
            continue
        with tempfile.TemporaryDirectory() as directory:
            out = subprocess.run(["/bin/sh", "-c", command], cwd=directory, stdout=subprocess.PIPE).stdout
        columns = dict(zip(ours[0], row))
        values = {b"\1": columns.get(b"a"), b"\2": columns.get(b"b")}
        wanted = [re.sub(b"[\1\2]", lambda match: values[match[0]], word) for word in expected]
        if out != b"".join(word + b"\0" for word in wanted):
            return f"the shell makes {out} of {command}"


# Templates that print words, and the words: 1 stands for the value of a, 2 for that of b. No other template is run.
EXPECTED = {
    (b"printf", b"%s\\0", b"{a}", b"x{b}=y", b"{{a}", b"it's"): [b"\1", b"x\2=y", b"{a}", b"it's"],
    (b"printf", b"%s\\0", b"{a}{b}", b"{ a }", b"$HOME", b"{}"): [b"\1\2", b"{ a }", b"$HOME", b"{}"],
    (b"printf '%s\\0' {a} x{b}y",): [b"\1", b"x\2y"],
    (b"printf '%s\\0' \"{a}\" 'it'\\''s {b}'",): [b"\1", b"it's \2"],
    (b"printf '%s\\0' '{a}'\"'{b}'\" a={a}",): [b"\1'\2'", b"a=\1"],
    (b"x=$(printf %sE {a}); printf '%s\\0' \"${{x%E}\" {b}",): [b"\1", b"\2"],
    (b"x=\"$(printf %sE \"{a}\")\"; printf '%s\\0' \"${{x%E}\" \"$(printf %s '{b}'E)\"",): [b"\1", b"\2E"],
    (b"x=`printf %sE {a}`; printf '%s\\0' \"${{x%E}\" # {b} '\n",): [b"\1"],
    (b"# it's \"{b}\nf() { printf '%s\\0' \"$@\"; }; f {a} \\'{b}\\'",): [b"\1", b"'\2'"],
    (b"case {b} in *) (printf '%s\\0' pre{a}\"post {b}\");; esac",): [b"pre\1post \2"],
}
PIECES = [b"'", b'"', b",", b"\n", b"\r", b"\r\n", b"\t", b" ", b"#", b"\\", b"$(touch ran)", b"`touch ran`", b";", b"{a}", b"=",
          b"*", b"~", b"''", b'""', b"\xff", b"\xcc\x81", b"\xe2\x80\xa8", b"\x0c", b"-", b"!", b"&", b"|", b"${_taskfarm1}", b"\x01"]
NOISE = [b'"', b'""', b",", b"\t", b"\n", b"\r", b"\r\n", b" ", b"#", b"# ", b"##", b"a", b"\0", b"\xef\xbb\xbf", b'\t"', b' "', b'" ', b"\r\r\n"]


def value():
    if random.random() < 0.4:
        return random.choice([b"1", b"0.5", b"-1e-3", b"x y", b"", b"#ff0000", b"a=b", b"\xe9"])
    return b"".join(random.choice(PIECES) if random.random() < 0.6 else bytes([random.randrange(1, 256)])
                    for _ in range(random.randrange(7)))


def field(text, separator):
    if random.random() < 0.4 or any(c in text for c in [b'"', b"\n", b"\r", b"\t", separator]):
        text = b'"' + text.replace(b'"', b'""') + b'"'
    blank = random.choice([b""] * 6 + [b" ", b"  "])
    return blank + text + random.choice([b""] * 6 + [b" ", b"  "])


def table():
    separator = random.choice([b",", b",", b"\t"])
    end = random.choice([b"\n", b"\n", b"\r\n", b"\r\n", b"\r"] if random.random() < 0.1 else [b"\n", b"\r\n"])
    lines = [separator.join([b"a", b"b"])]
    for _ in range(random.randrange(1, 5)):
        lines.append(separator.join(field(value(), separator) for _ in "ab"))
        if random.random() < 0.1:
            lines.append(random.choice([b"# no", b"#", b"  ", b"", b"##", b" # x", b"#\tno \"", b"# c\r1,2", b"\t", b"#no,1"]))
    text = end.join(lines) + random.choice([end, b""])
    for _ in range(random.choice([0, 0, 0, 1, 2])):
        i = random.randrange(len(text) + 1)
        text = text[:i] + random.choice(NOISE) + text[i + random.randrange(2):]
    return random.choice([b""] * 5 + [b"\xef\xbb\xbf"]) + text


def text():
    return b"\x1e".join([*random.choice(list(EXPECTED)), table()])


compare(text, contradiction)
