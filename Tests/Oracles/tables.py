"""Random text tables of samples, right and wrong: writes N files 0.csv … and prints a line
"arguments of auc|area or refused|other areas" for each.

The area is what Python's float() and csv module make of each line by the rules of auc's manual; the other areas are
those of numpy.loadtxt and of the csv module for the whole file, where they take it for two columns of numbers.
"""

import csv
import io
import random
import re
import sys

import numpy as np

SIGNS = r"#|(?:(?<=^)|(?<=[ \t]))(?:%|!|//)"


def number(text):
    text = text.strip(" \t")
    if not re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)([eEdD][-+]?\d+)?|[-+]?(inf|nan|infinity)", text, re.I | re.A):
        raise ValueError(text)
    return float(re.sub("[dD]", "e", text) if "n" not in text.lower() else text)


def missing(text):
    return text.strip(" \t").lower() in ["", "-", "--", "?", "na", "n/a", "nan", "null", "none", "missing"]


def fields(line, separator):
    if separator:
        return next(csv.reader([line], delimiter=separator, skipinitialspace=True, strict=False))
    return [f for f in next(csv.reader([line.replace("\t", " ")], delimiter=" ", skipinitialspace=True))]


def uncommented(line):
    """A line up to the comment, which does not begin within quotes."""
    line = line.strip(" \t")
    quoted = False
    for i, c in enumerate(line):
        if c == '"':
            quoted = not quoted
        rest = line[i:]
        if quoted or not rest.startswith(("#", "%", "!", "//")):
            continue
        sign = "//" if c == "/" else c
        after = rest[1:2]
        if c == "#" or i == 0:
            return line[:i].rstrip(" \t")
        begins_text = after in " \t" and rest[1:].strip(" \t")
        followed = after == c or after.isalpha() or ord(after or " ") > 127 or begins_text
        if after and line[i - 1] in " \t" and followed:
            return line[:i].rstrip(" \t")
    return line


def reading(data, skip, skips_missing):
    """The samples of a text, by the manual; raises ValueError where they must be refused."""
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    rows, separators, heading = [], set(), None
    for line in text.split("\n")[skip:]:
        line = line.rstrip("\r")
        if "\r" in line:
            raise ValueError("lone CR")
        line = uncommented(line)
        if not line:
            continue
        if line.count('"') % 2:
            raise ValueError("open quote")
        outside = re.sub('"[^"]*"', "", line)
        separator = ";" if ";" in outside else "," if "," in outside else None
        row = [f.rstrip(" \t") for f in fields(line, separator)]
        if heading is None and not rows:
            def is_number(f):
                try:
                    return number(f) == 0 or True
                except ValueError:
                    return missing(f) or re.match(r"\D*\d", f) and not re.match(r"[^\d]*?[^\W\d_]", f)
            if not any(is_number(f) for f in row):
                heading = (row, separator)
                continue
            if len(row) > 2 and row[0] == "" and not any(is_number(f) for f in row[1:]):
                heading = (row, separator)
                continue
        rows.append(row)
        separators.add(separator)
    if len(separators) > 1 or (heading and heading[1] == ";" and separators != {";"}):
        raise ValueError("separators")
    widths = {len(row) for row in rows}
    if widths == {3} and heading and (len(heading[0]) == 2 or heading[0][0] == ""):
        rows = [row[1:] for row in rows]
    elif widths != {2}:
        raise ValueError("columns")
    if skips_missing:
        rows = [row for row in rows if not any(missing(f) for f in row)]
    return [(number(a), number(b)) for a, b in rows]


def area(samples):
    x, y = [s[0] for s in samples], [s[1] for s in samples]
    if len(x) < 2 or not np.all(np.isfinite(x + y)) or not np.all(np.diff(x) > 0):
        raise ValueError("samples")
    return float(sum((b - a) / 2 * (c + d) for a, b, c, d in zip(x, x[1:], y, y[1:])))


def others(data, skip):
    """What readers that know nothing of auc take the file for."""
    text = data.decode("utf-8-sig", "replace")
    for separator in (None, ",", ";"):
        for heading in (0, 1):
            try:
                lines = io.StringIO(text, newline=None)
                table = np.loadtxt(lines, delimiter=separator, skiprows=skip + heading, ndmin=2)
                if table.shape[1] == 2 and not (heading and numeric(text, skip, separator)):
                    yield area(table.tolist())
            except ValueError:
                pass
        try:
            lines = list(io.StringIO(text, newline=None))[skip:]
            rows = [r for r in csv.reader(lines, delimiter=separator or " ", skipinitialspace=True) if r]
            yield area([(float(a), float(b)) for a, b in rows])
        except (ValueError, csv.Error):
            pass


def numeric(text, skip, separator):
    """Whether the first line, which is left out as a heading, has a number."""
    lines = list(io.StringIO(text, newline=None))[skip:]
    try:
        return any(re.search(r"\d", f) for f in lines[0].split("#")[0].split(separator))
    except (ValueError, IndexError):
        return False


def value(x):
    text = random.choice([repr(x), f"{x:.3f}", f"{x:.17e}", f"{x:E}", f"{x:+g}", str(round(x))])
    return text.replace("e", random.choice("eEdD")) if random.random() < 0.3 else text


WEIRD = ["NA", "nan", "", "-", "0x10", "1_0", "−1", "１", "\u00a01", "1\u00a0", '"1"', '"', "1,5", "(0)", "[0", "TRUE",
         "1e", "l", "inf", "1e999", "1d2", "*", "---", "x", "#N/A", "1%", "2 %", "$1", "\ufeff1", "1\x00", "1\x0c",
         "\x85", "\u2028", "1f"]
NOISE = list("0159.,;eEdD+-# %!/\t\r\n\"'xnai_()")
NOISE += ["\r\n", "\r", " # c", "NA", "\ufeff", "\x0b", "\u2028", "\u00a0", "−", "//", '""']


def table():
    separator = random.choice([",", ";", " ", "\t", " , ", "; ", "   "])
    end = random.choice(["\n"] * 3 + ["\r\n"] * 2 + ["\r\r\n", "\r"])
    rows = [[value(float(i)), value(random.uniform(-9, 9))] for i in range(random.randrange(2, 6))]
    indexed = random.random() < 0.1
    if indexed:
        rows = [[str(i)] + row for i, row in enumerate(rows)]
    lines = [separator.join(row) for row in rows]
    if random.random() < 0.15:
        lines.insert(random.randrange(len(lines) + 1), separator.join(random.choice(WEIRD) for _ in range(2)))
    if random.random() < 0.2:
        row = random.choice(rows)
        row[random.randrange(len(row))] = random.choice(WEIRD)
        lines = [separator.join(row) for row in rows]
    if indexed or random.random() < 0.4:
        names = random.choice([["x", "y"], ["t (s)", "v"], ['"x"', '"y"'], ["µ", "Ω"], ["x1", "x2"], ["x-y", "é"]])
        lines.insert(0, separator.join(([""] if indexed and separator.strip() else []) + names))
    for _ in range(random.choice([0, 0, 1, 2])):
        comment = random.choice(["# c", "", "  ", "% c", "! c", "// c", " # 1 2", "#1,2", "# a\"b"])
        lines.insert(random.randrange(len(lines) + 1), comment)
    if random.random() < 0.3:
        index = random.randrange(len(lines))
        lines[index] += random.choice([" # c", " ", "\t", " % a", "#x", " ! 7", " //c", " %", separator])
    skip = random.choice([0] * 5 + [1, 2])
    lines = [random.choice(["Run 5", "a,b;c", "", "# 7", '"open']) for _ in range(skip)] + lines
    text = end.join(lines) + random.choice([end, end, ""])
    if random.random() < 0.2:
        text = "\ufeff" + text
    for _ in range(random.choice([0, 0, 0, 1, 2])):
        i = random.randrange(len(text) + 1)
        text = text[:i] + random.choice(NOISE) + text[i + random.randrange(2):]
    return text.encode(), skip, random.random() < 0.2


random.seed(int(sys.argv[1]))
for k in range(int(sys.argv[2])):
    data, skip, skips_missing = table()
    with open(f"{k}.csv", "wb") as f:
        f.write(data)
    try:
        own = area(reading(data, skip, skips_missing))
    except (ValueError, csv.Error):
        own = "refused"
    arguments = (["--skip", str(skip)] if skip else []) + (["--skip-missing"] if skips_missing else [])
    others_areas = [] if skips_missing else sorted(set(others(data, skip)))
    print(" ".join(arguments), own, " ".join(map(repr, others_areas)), sep="|")
