"""Random parameter files of diff2d, right and wrong: wherever diff2d accepts one, Python does, and sets the same
values.

Started by `Tests/Fuzz/run parameterfiles compare`.
"""

import random
import sys
import warnings

from fuzzed import compare

NAMES = {"D": 1.0, "x1": -10.0, "x2": 10.0, "runtime": 15.0, "dx": 0.0667, "outtime": 0.5, "graphics": False}


def contradiction(text, line):
    values = {}
    try:
        exec(text.decode(), {"__builtins__": {}}, values)
        if unknown := values.keys() - NAMES.keys():
            return f"Python sets {unknown}"
        theirs = [float(values.get(name, default)) for name, default in NAMES.items()]
    except Exception as error:
        return repr(error)
    graphics = values.get("graphics", False)
    ours = [float(word) for word in line.split()[:-1]] + [float(line.split()[-1] == "True")]
    if ours != theirs or not isinstance(graphics, bool):
        return f"Python sets {values}"


def digits(n=6):
    return "".join(random.choice("0123456789") for _ in range(random.randrange(1, n)))


ODD = ["1_0", "0x1F", "0x1p3", "0b1", "0o7", "inf", "nan", "1j", "1L", "١", "１", "1e999", "infinity", "NaN", "1d5",
       "1f", "(1)", "1+1", "True", "", "''", "'#'", "\"1\"", "x1", "1,", "1 2", "9" * 320, "010", "1e", "1e1.5",
       "1e_1", ".", "1.2.3"]


def number():
    if random.random() < 0.1:
        text = random.choice(ODD)
    else:
        text = random.choice([digits(), str(random.randrange(10 ** random.randrange(1, 25))),
                              digits() + "." + digits(20), "." + digits(), digits() + ".",
                              repr(random.uniform(-99, 99)), "0", "00", "1e-400"])
        if random.random() < 0.3:
            text += random.choice("eE") + random.choice(["", "+", "-"]) + digits(4)
    return random.choice(["", "", "-", "+"] * 5 + ["--", "- ", "−"]) + text


BLANKS = ["", " ", " ", "  ", "\t", " \t"]
WEIRD = ["\u00a0", "\u2003", "\u3000", "\x0b", "\x0c", "\x85", "\u2028", "\ufeff", "\u200b", "\u0301", "\u037e",
         "\r", "\0", "\x1a", "\\"]
NOISE = list("0159.=;eE+-_#\\\"'()[]{}:,x \t\n\r") + WEIRD + ["\r\n", "\\\n", '"""', "'''", ";;", "==", "\r\r\n"]


def blanks():
    return random.choice(BLANKS + (WEIRD if random.random() < 0.02 else []))


def statement():
    strange = ["dX", "x", "ｄx", "x1.y", "x1[0]", "*x1", "if"] if random.random() < 0.02 else []
    name = random.choice(list(NAMES) + strange)
    if name == "graphics":
        value = random.choice(["True", "False"] * 20 + ["true", "1", "0", "not 1", "None", "False or True"])
    else:
        value = number()
    sign = random.choice(["="] * 90 + ["==", "+=", ":=", ": float =", "= x2 =", "≠"])
    return name + blanks() + sign + blanks() + value


def line():
    kind = random.random()
    code = "" if kind < 0.15 else statement()
    if kind > 0.98:
        code += "; " + statement()
    indent = blanks() if code == "" or random.random() < 0.03 else ""
    end = random.choice(["", "", ";", ";", " ;", "; "] + ([";;", " ; ;", ",", ";\\"] if random.random() < 0.1 else []))
    comment = random.choice(
        ["", "", "# c", " # dx = 3", "#" + random.choice(NOISE[:30]) + "dx = 7;", " # é \U0001f600"]
    )
    return indent + code + (end if code or random.random() < 0.05 else "") + blanks() + comment


def text():
    end = random.choice(["\n"] * 12 + ["\r\n"] * 8 + ["\r", "\r\r\n"])
    text = end.join(line() for _ in range(random.choice([1, 1, 1, 2, 3, 5]))) + random.choice([end, end, ""])
    if random.random() < 0.03:
        text = "\ufeff" + text
    for _ in range(random.choice([0, 0, 0, 0, 0, 1, 2])):
        i = random.randrange(len(text) + 1)
        text = text[:i] + random.choice(NOISE) + text[i + random.randrange(2):]
    return text.encode()


warnings.simplefilter("ignore")
sys.exit(not compare(text, contradiction))
