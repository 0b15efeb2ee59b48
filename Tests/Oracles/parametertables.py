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
import sys
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
    global commands_run
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
            commands_run += 1
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
# Parts of words in a piece of shell, and what they are.
PARTS = {
    b"x": b"x", b"y.z": b"y.z", b"=": b"=", b"x#": b"x#", b"%": b"%", b"\\'": b"'", b'\\"': b'"', b"\\\\": b"\\",
    b"{1}": b"{1}",
    b"{a}": b"\1", b"{b}": b"\2", b'"{a}"': b"\1", b"'{b}'": b"\2", b'"it\'s {a} # {b}"': b"it's \1 # \2",
    b"'say \"{b}\" {a}'": b'say "\2" \1', b'"\\"{a}\\""': b'"\1"', b'"${{_none-d}"': b"d", b'"$((1+2))"': b"3",
    b'"$(printf %sE {a})"': b"\1E", b'"$(printf %s "{b}"E)"': b"\2E", b"\"$(printf \"%sE\" '{a}')\"": b"\1E",
    b'"$(printf %sE "$(printf %sF {b})")"': b"\2FE", b"\"$(case {a} in ({a}) printf yes;; esac)\"": b"yes",
    b"''": b"", b'""': b"",
    b'"$(printf %s \\\'{a}E # it\'s\n)"': b"'\1E", b"\"(\"{a}')'": b"(\1)",
}
# Pieces of shell that print the words in their middles.
AROUND = [(b"printf '%s\\0' ", b""), (b"# it's \"{b}\nprintf '%s\\0' ", b" # {a} '"),
          (b"f() { printf '%s\\0' \"$@\"; }; f ", b"\n"),
          (b"(printf '%s\\0' ", b") | cat"), (b"if true; then printf \"%s\\\\0\" ", b"; fi"),
          (b"x={a} y=\"{b}\"; printf '%s\\0' ", b""),
          (b"case {b} in *) printf '%s\\0' ", b";; esac"), (b"for i in 1; do printf '%s\\0' ", b"; done"),
          (b"x=`printf %s {a}`; printf '%s\\0' ", b""), (b"x=$(printf %s {b} # it's {a}\n); printf '%s\\0' ", b"")]


def piece():
    """A template of one word, which becomes one of those with an expectation."""
    before, after = random.choice(AROUND)
    words = []
    while not words or random.random() < 0.6:
        parts = [random.choice(list(PARTS)) for _ in range(random.randrange(1, 4))]
        # An empty word is none without quotes.
        words.append((b"".join(parts) + b"''", b"".join(PARTS[part] for part in parts)))
    template = (before + b" ".join(word for word, _ in words) + after,)
    EXPECTED[template] = [text for _, text in words]
    return template


PIECES = [b"'", b'"', b",", b"\n", b"\r", b"\r\n", b"\t", b" ", b"#", b"\\", b"$(touch ran)", b"`touch ran`", b";",
          b"{a}", b"=", b"*", b"~", b"''", b'""', b"\xff", b"\xcc\x81", b"\xe2\x80\xa8", b"\x0c", b"-", b"!", b"&",
          b"|", b"${_taskfarm1}", b"\x01"]
FIXED = list(EXPECTED)
NOISE = [b'"', b'""', b",", b"\t", b"\n", b"\r", b"\r\n", b" ", b"#", b"# ", b"##", b"a", b"\0", b"\xef\xbb\xbf",
         b'\t"', b' "', b'" ', b"\r\r\n"]


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
            lines.append(
                random.choice([b"# no", b"#", b"  ", b"", b"##", b" # x", b"#\tno \"", b"# c\r1,2", b"\t", b"#no,1"])
            )
    text = end.join(lines) + random.choice([end, b""])
    for _ in range(random.choice([0, 0, 0, 1, 2])):
        i = random.randrange(len(text) + 1)
        text = text[:i] + random.choice(NOISE) + text[i + random.randrange(2):]
    return random.choice([b""] * 5 + [b"\xef\xbb\xbf"]) + text


def text():
    template = piece() if random.random() < 0.7 else random.choice(FIXED)
    return b"\x1e".join([*template, table()])


commands_run = 0
is_well = compare(text, contradiction)
print(f"{commands_run} commands run by /bin/sh")
sys.exit(not is_well)
