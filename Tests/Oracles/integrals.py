"""Integrals to 20 digits: prints a line "expression|from|to|value" for each.

The values are closed forms where there is one, else mpmath's, computed with 25 digits.
"""

import mpmath as mp

mp.mp.dps = 25
inf, pi = mp.inf, mp.pi

INTEGRALS = [  # expression, from, to, closed form or points to split the range at
    # Smooth.
    ("0.7*x**3 - 2*x**2 + 4", 0, 3, "8.175"),
    ("exp(x)", 0, 1, "e - 1"),
    ("sin(x)", 0, pi, "mpf(2)"),
    ("1/(1+x**2)", -5, 5, "2*atan(5)"),
    ("x**20", -1, 1, "mpf(2)/21"),
    ("(x-1)**20", 0, 2, "mpf(2)/21"),
    ("sinh(x)/cosh(x)**2", 0, 10, "1 - 1/cosh(10)"),
    ("log10(x)", 1, 100, "200 - 99/log(10)"),
    ("tan(x)", 0, 1.5, "-log(cos(1.5))"),
    ("exp(cos(x))", 0, 2 * pi, "2*pi*besseli(0, 1)"),
    ("1/(3+cos(x))", 0, 10 * pi, "10*pi/sqrt(8)"),
    ("x**x", 0, 1, []),
    ("expm1(x)/x", 0, 1, []),
    ("asin(x)*acos(x)", -1, 1, []),
    # Singular at the ends.
    ("sqrt(x)", 0, 1, "mpf(2)/3"),
    ("1/sqrt(x)", 0, 1, "mpf(2)"),
    ("x**(1/3)", 0, 1, "mpf(3)/4"),
    ("x**-0.9", 0, 1, "1/(1-mpf(0.9))"),
    ("log(x)", 0, 1, "mpf(-1)"),
    ("log(x)**2", 0, 1, "mpf(2)"),
    ("log(x)/sqrt(x)", 0, 1, "mpf(-4)"),
    ("log(x)*log(1-x)", 0, 1, "2 - pi**2/6"),
    ("sqrt(1-x**2)", -1, 1, "pi/2"),
    ("1/sqrt(1-x**2)", -1, 1, "pi"),
    ("sqrt(x*(1-x))", 0, 1, "pi/8"),
    ("1/sqrt(x*(1-x))", 0, 1, "pi"),
    ("1/sqrt(4-x**2)", -2, 2, "pi"),
    ("1/sqrt(1-x)", 0, 1, "mpf(2)"),
    ("1/sqrt(x-1)", 1, 2, "mpf(2)"),
    ("1/sqrt(100-x)", 0, 100, "mpf(20)"),
    ("log(1-x)", 0, 1, "mpf(-1)"),
    ("log(x-1)", 1, 3, "2*log(2) - 2"),
    ("log(1-x**2)", -1, 1, "4*log(2) - 4"),
    ("log(x)*sqrt(x)", 0, 1, "-mpf(4)/9"),
    ("log(x)**3", 0, 1, "mpf(-6)"),
    ("x**-0.9*log(x)", 0, 1, "-1/(1-mpf(0.9))**2"),
    ("(1-x**2)**-0.25", -1, 1, "sqrt(pi)*gamma(mpf(3)/4)/gamma(mpf(5)/4)"),
    ("1/sqrt(sin(x))", 0, 1, []),
    ("1/((1+x)*sqrt(x))", 0, inf, "pi"),
    # Kinks and jumps.
    ("abs(x-0.25)", 0, 1, "mpf(5)/16"),
    ("where(x < 0.3, 1, 2)", 0, 1, "2-mpf(0.3)"),
    ("floor(x)", 0, 5, "mpf(10)"),
    ("min(x, 1-x)", 0, 1, "mpf(1)/4"),
    ("max(sin(x), cos(x))", 0, 2 * pi, "2*sqrt(2)"),
    # Oscillating.
    ("sin(50*x)**2", 0, 10, "5 - sin(1000)/200"),
    ("sin(1000*x)*exp(-x)", 0, 10, "(1000 - exp(-10)*(sin(10000) + 1000*cos(10000)))/1000001"),
    ("cos(100*sin(x))", 0, pi, "pi*besselj(0, 100)"),
    ("cos(x**2)", 0, 20, "sqrt(pi/2)*fresnelc(20*sqrt(2/pi))"),
    ("x**2*sin(30*x)/sqrt(1+x)", 0, 6, [k / 4 for k in range(1, 24)]),
    # Peaked.
    ("1/(1e-6+(x-0.25)**2)", 0, 1,
     "(atan(mpf(0.75)/sqrt(mpf(1e-6))) + atan(mpf(0.25)/sqrt(mpf(1e-6))))/sqrt(mpf(1e-6))"),
    ("1e-4/(1e-8+(x-0.75)**2)", -1, 1,
     "1e-4*(atan(mpf(0.25)/sqrt(mpf(1e-8))) + atan(mpf(1.75)/sqrt(mpf(1e-8))))/sqrt(mpf(1e-8))"),
    ("exp(-1000*(x-0.5)**2)", 0, 1, "sqrt(pi/1000)*erf(sqrt(mpf(250)))"),
    ("1/(1+25*x**2)", -1, 1, "2*atan(5)/5"),
    ("tanh(20*(x-0.25))", -1, 1, "(log(cosh(mpf(15))) - log(cosh(mpf(25))))/20"),
    # Infinite ranges.
    ("exp(-x**2)", -inf, inf, "sqrt(pi)"),
    ("exp(-(x-50)**2)", -inf, inf, "sqrt(pi)"),
    ("exp(-x)", 0, inf, "mpf(1)"),
    ("x**2*exp(-x)", 0, inf, "mpf(2)"),
    ("exp(x)*x**4", -inf, 0, "mpf(24)"),
    ("1/(1+x**2)", -inf, inf, "pi"),
    ("exp(-x)/sqrt(x)", 0, inf, "sqrt(pi)"),
    ("1/(x**1.5+sqrt(x))", 0, inf, "pi"),
    ("1/x**2", 1, inf, "mpf(1)"),
    ("1/x**1.1", 1, inf, "1/(mpf(1.1)-1)"),
    ("sin(x)**2*exp(-x/10)", 0, inf, "mpf(5) - mpf(5)/401"),
    ("x**2/expm1(x)", 0, inf, "2*zeta(3)"),
    ("exp(-x**2)*cos(10*x)", -inf, inf, "sqrt(pi)*exp(-25)"),
    ("erf(x)*exp(-x)", 0, inf, "exp(mpf(1)/4)*erfc(mpf(1)/2)"),
    ("atan2(x, 1)/(1+x**2)", 0, inf, "pi**2/8"),
    ("log1p(x)/x**1.5", 0, inf, "2*pi"),
    ("exp(-abs(x))/sqrt(abs(x))", -inf, inf, "2*sqrt(pi)"),
]

names = {name: getattr(mp, name) for name in dir(mp)}
for expression, a, b, known in INTEGRALS:
    if isinstance(known, str):
        value = mp.mpf(known) if known.replace(".", "").isdigit() else eval(known, names)
    else:
        f = eval(f"lambda x: {expression}", names)
        value = mp.quad(f, [a, *known, b])
    limits = (mp.nstr(mp.mpf(limit), 20).replace("+", "") for limit in (a, b))
    print(expression, *limits, mp.nstr(value, 20), sep="|")
