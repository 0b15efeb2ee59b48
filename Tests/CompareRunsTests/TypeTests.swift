import TestSupport
import Testing

/// Two files made by h5py, and what `compare-runs results` is to find.
private struct Pair: Sendable, CustomTestStringConvertible {
    var name: String
    var a: String
    var b: String
    var status: Int32
    /// What the report has.
    var text: String
    var options: [String] = []

    var testDescription: String { name }

    init(_ name: String, _ a: String, _ b: String, _ status: Int32, _ text: String, _ options: String...) {
        (self.name, self.a, self.b, self.status, self.text, self.options) = (name, a, b, status, text, options)
    }
}

/// Functions that put something into the file `h`.
let vocabulary = """
    import sys, h5py, numpy as np
    from h5py import h5t, h5s, h5d, h5a
    def data(values, dtype=None, name="d"): h.create_dataset(name, data=np.array(values, dtype))
    def enum(base, **names): h.create_dataset("d", data=np.array([0, 1], base), dtype=h5py.enum_dtype(names, base))
    def opaque(tag):
        t = h5t.create(h5t.OPAQUE, 4); t.set_tag(tag)
        d = h5d.create(h.id, b"d", t, h5s.create_simple((2,)))
        d.write(h5s.ALL, h5s.ALL, np.array([b"abcd", b"efgh"], "V4"), t)
    def sequences(*values):
        d = h.create_dataset("d", (len(values),), h5py.vlen_dtype("i4"))
        for place, value in enumerate(values): d[place] = value
    def texts(*values): h.create_dataset("d", data=list(values), dtype=h5py.string_dtype())
    def padded(byte):
        v = np.frombuffer(bytes([byte]) * 48, "u1").copy().view(np.dtype([("a", "i1"), ("b", "f8")], align=True))
        v["a"], v["b"] = 1, 2
        h["d"] = v
    def long(values, byte=0):
        v = np.array(values, np.longdouble) / 3
        v.view("u1").reshape(len(v), 16)[:, 10:] = byte
        h["d"] = v
    def string(value, padding):
        t = h5t.C_S1.copy(); t.set_size(8); t.set_strpad(padding)
        h5d.create(h.id, b"d", t, h5s.create_simple((1,))).write(h5s.ALL, h5s.ALL, np.array([value], "S8"), t)
    def padded_member(value):
        t, s = h5t.create(h5t.COMPOUND, 8), h5t.C_S1.copy()
        s.set_size(8); s.set_strpad(h5t.STR_SPACEPAD); t.insert(b"s", 0, s)
        h5d.create(h.id, b"d", t, h5s.create_simple((1,))).write(h5s.ALL, h5s.ALL, np.array([value], "S8"), t)
    def virtual(source, path="s", name="d"):
        layout = h5py.VirtualLayout((2,), "f8")
        layout[:] = h5py.VirtualSource(source, path, (2,))
        h.create_virtual_dataset(name, layout)
    def numbered(source):
        space = h5s.create_simple((2,), (h5s.UNLIMITED,))
        space.select_hyperslab((0,), (h5s.UNLIMITED,), (2,), (2,))
        creation = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        creation.set_virtual(space, source, b"s", h5s.create_simple((2,)))
        h5d.create(h.id, b"d", h5t.NATIVE_DOUBLE, h5s.create_simple((2,), (h5s.UNLIMITED,)), creation)
    def attribute(value, path="/"): h.require_group(path).attrs["v"] = value
    def raw_attribute(name): h5a.create(h.id, name, h5t.NATIVE_INT32, h5s.create(h5s.SCALAR)).write(np.array(1, "i4"))
    for name, source in zip("ab", sys.argv[1:]):
        with h5py.File(name + ".h5", "w") as h: exec(source)
    """

private let isX86 = {
    #if arch(x86_64)
        true
    #else
        false
    #endif
}()

private let one = "data([1.0]);"

private let pairs: [Pair] = [
    // Types that are not the same.
    Pair(
        "constants of an enumeration", "enum('i1', RED=0, GREEN=1)", "enum('i1', RED=0, BLUE=1)", 2,
        "other type: A enumeration {RED = 0, GREEN = 1} of 8-bit integer, "
            + "B enumeration {RED = 0, BLUE = 1} of 8-bit integer"),
    Pair(
        "values of an enumeration", "enum('i1', RED=0, GREEN=1)", "enum('i1', RED=1, GREEN=0)", 2,
        "B enumeration {GREEN = 0, RED = 1}"),
    Pair(
        "bases of an enumeration", "enum('i1', RED=0)", "enum('u1', RED=0)", 2,
        "B enumeration {RED = 0} of unsigned 8"),
    Pair(
        "names of members", "data([(1, 2)], [('a', 'i4'), ('b', 'f4')])", "data([(1, 2)], [('a', 'i4'), ('c', 'f4')])",
        2,
        "A compound {a: 32-bit integer, b: 32-bit float}, B compound {a: 32-bit integer, c: 32-bit float}"),
    Pair(
        "types of members exchanged", "data([(0, 0)], [('a', 'i4'), ('b', 'f4')])",
        "data([(0, 0)], [('a', 'f4'), ('b', 'i4')])", 2, "B compound {a: 32-bit float, b: 32-bit integer}"),
    Pair(
        "members exchanged", "data([(0, 0)], [('a', 'i4'), ('b', 'f4')])", "data([(0, 0)], [('b', 'f4'), ('a', 'i4')])",
        2,
        "B compound {b: 32-bit float, a: 32-bit integer}"),
    Pair(
        "members of members", "data([((0,),)], [('a', [('x', 'i4')])])", "data([((0,),)], [('a', [('y', 'i4')])])", 2,
        "A compound {a: compound {x: 32-bit integer}}, B compound {a: compound {y: 32-bit integer}}"),
    Pair(
        "shapes of arrays", "data([(0,)], [('a', 'f4', (2, 3))])", "data([(0,)], [('a', 'f4', (3, 2))])", 2,
        "A compound {a: array [2, 3] of 32-bit float}, B compound {a: array [3, 2] of 32-bit float}"),
    Pair("tags", "opaque(b'x')", "opaque(b'y')", 2, "A opaque of 4 bytes, tagged 'x', B opaque of 4 bytes, tagged 'y'"),
    Pair("booleans and integers", "data([True])", "data([1], 'i1')", 2, "A enumeration {FALSE = 0, TRUE = 1}"),
    Pair(
        "elements of sequences", "sequences([1], [2])", "data([1, 2], 'i4')", 2,
        "A variable-length sequence of 32-bit"),
    Pair(
        "nothing and zero", "h['d'] = h5py.Empty('f8')", "data(0.0)", 2,
        "/d       64-bit float  null   not comparable: other shape: A null, B scalar\n"),
    Pair("nothing and no elements", "h['d'] = h5py.Empty('f8')", "data([])", 2, "other shape: A null, B 0\n"),
    Pair("a group and a dataset", "h.create_group('d')", one, 2, "other kind: A group, B dataset"),
    Pair(
        "references", "h['x'] = [1.0]; h.create_dataset('d', data=[h['x'].ref], dtype=h5py.ref_dtype)",
        "h['x'] = [1.0]; h.create_dataset('d', data=[h['x'].ref], dtype=h5py.ref_dtype)", 2,
        "elements of type reference cannot be compared"),

    // Values that are the same however they are stored.
    Pair("byte order", "data([1.5, 2], '<f8')", "data([1.5, 2], '>f8')", 0, "identical"),
    Pair("byte order of an enumeration", "enum('<i2', A=0, B=1)", "enum('>i2', A=0, B=1)", 0, "identical"),
    Pair(
        "byte order in a compound", "data([(1, 2)], [('a', '<i4'), ('b', '<f8')])",
        "data([(1, 2)], [('a', '>i4'), ('b', '>f8')])", 0, "identical"),
    Pair("byte order of complex numbers", "data([1+2j], '<c16')", "data([1+2j], '>c16')", 0, "identical"),
    Pair("padding in a compound", "padded(0)", "padded(255)", 0, "identical"),
    Pair("members apart", "padded(0)", "data([(1, 2)] * 3, [('a', 'i1'), ('b', 'f8')])", 0, "identical"),
    Pair("padding of long doubles", "long([1, 2])", "long([1, 2], 171)", 0, "identical"),
    Pair(
        "text after its end", "string(b'ab\\0cd', h5t.STR_NULLTERM)", "string(b'ab\\0xy', h5t.STR_NULLTERM)", 0,
        "identical"),
    Pair("ends of text", "string(b'a\\0xyz', h5t.STR_NULLTERM)", "string(b'a', h5t.STR_NULLPAD)", 0, "identical"),
    Pair("paddings of text", "string(b'a\\0x', h5t.STR_NULLTERM)", "string(b'a       ', h5t.STR_SPACEPAD)", 0, "ident"),
    Pair(
        "paddings of text in compounds", "data([(b'a',)], [('s', 'S8')])", "padded_member(b'a       ')", 0,
        "identical"),
    Pair(
        "text without an end", "string(b'abcdefgh', h5t.STR_NULLPAD)", "string(b'abcdefgh', h5t.STR_NULLPAD)", 0,
        "ident"),
    Pair("sequences", "sequences([1, 2], [])", "sequences([1, 2], [])", 0, "identical"),
    Pair("texts", "texts('a', 'é')", "texts('a', 'é')", 0, "identical"),
    Pair(
        "texts in compounds",
        "data([(1, 'x')], [('a', 'i4'), ('s', h5py.string_dtype())])",
        "data([(1, 'x')], [('a', '>i4'), ('s', h5py.string_dtype())])", 0, "identical"),
    Pair("nothing", "h['d'] = h5py.Empty('f8')", "h['d'] = h5py.Empty('f8')", 0, "1 dataset, 0 elements"),
    Pair(
        "chunks and compression", "data(range(99))", "h.create_dataset('d', data=range(99), compression='gzip')", 0,
        "identical"),

    // Values that are not.
    Pair(
        "constants", "enum('i1', A=0, B=1)",
        "h.create_dataset('d', data=np.array([0, 0], 'i1'), "
            + "dtype=h5py.enum_dtype(dict(A=0, B=1), 'i1'))", 1, "different: 1 of 2; first at [1]: A B, B A"),
    Pair(
        "bytes of a long double", "long([1, 2])", "h['d'] = np.array([1, np.nextafter(np.longdouble(2), 3)]) / 3", 1,
        isX86 ? "different: 1 of 2; max |A-B| 5.421010862427522e-20 at [1]" : "different: 1 of 2"),
    Pair(
        "elements of an array", "data([([1, 2],)], [('m', 'i4', 2)])", "data([([1, 5],)], [('m', 'i4', 2)])", 1,
        "different: 1 of 1; max |A-B| 3 at [0]; max relative 0.6 at [0]; first at [0]: A {m: [1, 2]}, B {m: [1, 5]}"),
    Pair(
        "an element of a sequence", "sequences([1, 2], [3])", "sequences([1, 2], [4])", 1,
        "first at [1]: A [3], B [4]"),
    Pair("the length of a sequence", "sequences([1, 2], [3])", "sequences([1], [3])", 1, "A [1, 2], B [1]"),
    Pair(
        "a zero in a text", "data([b'x', b'a\\0b'])", "data([b'x', b'a\\0c'])", 1,
        "different: 1 of 2; first at [1]: A \"a\\x00b\", B \"a\\x00c\""),
    Pair("a text up to a zero", "data([b'a'], 'S3')", "data([b'a\\0c'])", 1, "A \"a\", B \"a\\x00c\""),
    Pair("zeros in front", "data([b''], 'S3')", "data([b'\\0\\0c'])", 1, "A \"\", B \"\\x00\\x00c\""),
    Pair(
        "a zero in a member", "data([(1, b'a\\0b')], 'i4,S3')", "data([(1, b'a\\0c')], 'i4,S3')", 1,
        "A {f0: 1, f1: \"a\\x00b\"}"),
    Pair(
        "a zero in an array", "data([([b'x', b'a\\0b'],)], [('s', 'S3', 2)])",
        "data([([b'x', b'a\\0c'],)], [('s', 'S3', 2)])", 1, "A {s: [\"x\", \"a\\x00b\"]}"),
    Pair(
        "a zero before spaces", "string(b'a       ', h5t.STR_SPACEPAD)", "string(b'a\\0      ', h5t.STR_SPACEPAD)", 1,
        "A \"a\", B \"a\\x00\""),
    Pair(
        "the same bytes", "string(b'a       ', h5t.STR_SPACEPAD)", "string(b'a       ', h5t.STR_NULLPAD)", 1,
        "A \"a\", B \"a       \""),
    Pair("a text", "texts('a', 'b')", "texts('a', 'c\\n')", 1, "first at [1]: A \"b\", B \"c\\n\""),
    // The same to Swift and to people, not to HDF5.
    Pair("forms of Unicode", "texts('\\u00e9')", "texts('e\\u0301')", 1, "different: 1 of 1"),
    Pair("forms of Unicode in names", "data(1, name='\\u00e9')", "data(1, name='e\\u0301')", 2, "2 of 2 datasets"),
    Pair("a name that is not UTF-8", "data([1.0], name=b'n\\xff')", "data([2.0], name=b'n\\xff')", 1, "/n\\xFF"),

    // Tolerance.
    Pair("near numbers", "data([1e-20])", "data([2e-20])", 1, "max relative 0.5", "--tolerance", "1e-6"),
    Pair("small numbers", "data([1e-20])", "data([2e-20])", 0, "same within", "--tolerance", "1e-6,abs=1e-20"),
    Pair("not so small numbers", "data([1e-20])", "data([2e-20])", 1, "", "--tolerance", "d=1e-6,abs=9e-21"),
    Pair("small numbers alone", "data([1e-20])", "data([2e-20])", 0, "", "--tolerance", "d=abs=1e-20"),
    Pair("complex numbers", "data([3+4j])", "data([3+4.0000000001j])", 0, "2.000", "--tolerance", "1e-10"),
    Pair(
        "complex numbers apart", "data([3+4j])", "data([3+4.0000000001j])", 1, "max relative 2.0", "--tolerance",
        "1e-11"),
    // Far apart in one part, near in the plane.
    Pair("parts of complex numbers", "data([1+1e-20j])", "data([1+2e-20j])", 0, "same", "--tolerance", "1e-15"),
    Pair("single complex numbers", "data([1+1j], 'c8')", "data([1.0001+1j], 'c8')", 0, "same", "--tolerance", "1e-3"),
    Pair("NaN in a part", "data([complex(1, np.nan)])", "data([1+0j])", 1, "1 NaN on one side", "--tolerance", "1e300"),
    Pair("members", "data([(1, 2)], 'f8,f8')", "data([(1, 2.0002)], 'f8,f8')", 0, "same", "--tolerance", "1e-3"),
    Pair(
        "members apart in one", "data([(1, 2)], 'f8,f8')", "data([(5, 2.0002)], 'f8,f8')", 1, "",
        "--tolerance", "1e-3"),
    Pair("halves", "data([1, 2], 'f2')", "data([1, 2.002], 'f2')", 0, "same", "--tolerance", "1e-3"),
    Pair(
        "long doubles", "long([1, 2])", "h['d'] = np.array([1, np.nextafter(np.longdouble(2), 3)]) / 3", isX86 ? 0 : 1,
        "",
        "--tolerance", "1e-18"),
    Pair("other byte order", "data([1, 2], '<f8')", "data([1, 2.0001], '>f8')", 0, "same", "--tolerance", "1e-3"),

    // What is beside the datasets.
    Pair("attributes of a group", one + "attribute(1, 'g/e')", one + "attribute(2, 'g/e')", 0, "  /g/e:v  A  1\n"),
    Pair(
        "attributes count", one + "attribute(1, 'g/e')", one + "attribute(2, 'g/e')", 1,
        "different: 0 of 1 dataset; 1 attribute that differs\n", "--strict"),
    Pair(
        "attributes of any type", one + "attribute(np.array([(1, 2)], 'i4,f8'))",
        one + "attribute(np.array([(1, 3)], 'i4,f8'))", 0, "A  [{f0: 1, f1: 2.0}]"),
    Pair(
        "types of attributes", one + "attribute(np.int32(1))", one + "attribute(1.0)", 0,
        "  v  A  1, 32-bit integer\n"),
    Pair(
        "text of attributes", one + "attribute('same')", one + "attribute(np.bytes_(b'same'))", 0,
        "attributes and groups are the same"),
    Pair(
        "a zero in the text of an attribute", one + "attribute(np.bytes_(b'a\\0b'))",
        one + "attribute(np.bytes_(b'a\\0c'))", 1, "  v  A  a\\x00b\n     B  a\\x00c\n", "--strict"),
    Pair(
        "a zero in an attribute of texts", one + "attribute(np.array([b'a\\0b']))",
        one + "attribute(np.array([b'a\\0c']))", 1, "different: 0 of 1 dataset; 1 attribute that differs\n",
        "--strict"),
    Pair(
        "an attribute that is nothing", one + "attribute(h5py.Empty('f8'))", one + "attribute(np.array([]))", 1,
        "  v  A  null, 64-bit float\n     B  [], 64-bit float\n", "--strict"),
    Pair(
        "fill values", one + "h['d'].attrs['_FillValue'] = 1.0", one + "h['d'].attrs['_FillValue'] = 2.0", 0,
        "/d:_FillValue  A  1.0"),
    Pair("names of attributes", one + "raw_attribute(b'n\\xfe')", one, 0, "  n\\xFE  A  1\n"),
    Pair(
        "line ends in attributes", one + "attribute('x\\nidentical: all')", one, 0, "A  x\\nidentical: all\n"),
    Pair(
        "groups", one + "h.create_group('g')", one, 0, "identical: 1 dataset, 1 element; not compared: 1 group, link or"
    ),
    Pair("groups count", one + "h.create_group('g')", one, 1, "  /g  A  group\n      B  (none)\n", "--strict"),
    Pair(
        "named types", one + "h['t'] = np.dtype('f4')", one + "h['t'] = np.dtype('f8')", 0,
        "  /t  A  named type 32-bit float\n"),
    Pair(
        "targets of links", one + "h['s'] = h5py.SoftLink('/d')", one + "h['s'] = h5py.ExternalLink('o.h5', '/q')", 0,
        "  /s  A  link to /d\n      B  link to o.h5:/q\n"),
    Pair(
        "links that are not followed", one + "h['s'] = h5py.ExternalLink('o.h5', '/q')",
        one + "h['s'] = h5py.ExternalLink('o.h5', '/q')", 0,
        "identical: 1 dataset, 1 element; not compared: 1 link that was not followed\n"),
    Pair(
        "links that are not followed count", one + "h['s'] = h5py.ExternalLink('o.h5', '/q')",
        one + "h['s'] = h5py.ExternalLink('o.h5', '/q')", 2,
        "not comparable: 0 of 1 dataset; 1 link that was not followed\n", "--strict"),
    Pair(
        "soft links", one + "h['s'] = h5py.SoftLink('/d')", one + "h['s'] = h5py.SoftLink('/d')", 0,
        "identical: 1 dataset, 1 element; attributes and groups are the same, too\n", "--strict"),
    Pair(
        "forms of Unicode in links", one + "h['s'] = h5py.SoftLink('/\\u00e9')",
        one + "h['s'] = h5py.SoftLink('/e\\u0301')", 1, "1 group, link or named type that differs", "--strict"),
    Pair(
        "second names of groups", "data([1.0], name='g/x'); h['g2'] = h['g']",
        "data([1.0], name='g/x'); data([1.0], name='g2/x')", 0, "identical: 2 datasets, 2 elements; attributes and",
        "--strict"),
    Pair(
        "what is in second names of groups", "data([1.0], name='g/h/x'); h['g2'] = h['g']",
        "data([1.0], name='g/h/x'); data([2.0], name='g2/h/x')", 1, "different: 1 of 2 datasets"),
    Pair(
        "groups in themselves", one + "g = h.create_group('g'); g['g'] = g; g['r'] = h['/']",
        one + "g = h.create_group('g'); g['g'] = g; g['r'] = h['/']", 0, "attributes and groups are the same",
        "--strict"
    ),
    Pair(
        "groups in each other",
        "data([1.0], name='g/x'); data([1.0], name='q/x'); h['g/q'] = h['q']; h['q/g'] = h['g']",
        "data([1.0], name='g/x'); data([1.0], name='q/x'); h['g/q'] = h['q']; h['q/g'] = h['g']", 0,
        "identical: 4 datasets", "--strict"),
    Pair(
        "groups in other groups", one + "g = h.create_group('g/h'); g['l'] = h['g']",
        one + "g = h.create_group('g/h'); g['l'] = g", 1,
        "  /g/h/l  A  group /g, in which it lies\n          B  group /g/h, in which it lies\n", "--strict"),
    Pair("second names", one + "h['e'] = h['d']", one + "data([2.0], name='e')", 1, "different: 1 of 2 datasets"),
]

/// Types and values are compared, not bytes.
@Suite struct TypeTests {
    @Test(arguments: pairs)
    fileprivate func compared(pair: Pair) async throws {
        try await withTemporaryDirectory { directory in
            let made = try await run(python, ["-c", vocabulary, pair.a, pair.b], directory: directory)
            try #require(made.status == 0, "\(made)")
            for files in [["a.h5", "b.h5"], ["b.h5", "a.h5"]] {
                let outcome = try await run(
                    builtProgram("compare-runs"), ["results"] + files + pair.options, directory: directory)
                #expect(outcome.status == pair.status && outcome.standardError == "", "\(outcome)")
                if files[0] == "a.h5" { #expect(outcome.standardOutput.contains(pair.text), "\(outcome)") }
            }
            // Files with external links are never the same to the last.
            if pair.status == 2 || pair.a.contains("ExternalLink") { return }
            let same = try await run(
                builtProgram("compare-runs"), ["results", "a.h5", "a.h5", "--strict"], directory: directory)
            #expect(same.status == 0, "\(same)")
        }
    }

    /// A filter that only h5py has: the dataset is named and the others are compared.
    @Test func missingFilters() async throws {
        try await withTemporaryDirectory { directory in
            let source = """
                import h5py
                for name in "ab":
                    with h5py.File(name + ".h5", "w") as h:
                        h.create_dataset("d", data=range(1000), compression="lzf")
                        h["e"] = [1.0]
                """
            let made = try await run(python, ["-c", source], directory: directory)
            try #require(made.status == 0, "\(made)")
            let outcome = try await run(
                builtProgram("compare-runs"), ["results", "a.h5", "b.h5"], directory: directory)
            #expect(outcome.status == 2 && outcome.standardError == "", "\(outcome)")
            #expect(
                outcome.standardOutput.contains("not comparable: this HDF5 has no filter lzf (32000)"), "\(outcome)")
            #expect(outcome.standardOutput.contains("/e       64-bit float    1      identical"), "\(outcome)")
        }
    }

    /// Numbers of every kind have a map.
    @Test(arguments: ["[1+2j, 3]", "[2**62, 1]", "np.array([1, 2], '>i2')", "np.array([1, 2], np.longdouble)"])
    func maps(values: String) async throws {
        try await withTemporaryDirectory { directory in
            let made = try await run(
                python, ["-c", vocabulary, "h['d'] = \(values)", "h['d'] = np.array(\(values)) + 1"],
                directory: directory)
            try #require(made.status == 0, "\(made)")
            let outcome = try await run(
                builtProgram("compare-runs"), ["results", "a.h5", "b.h5", "--plot", "m.png"], directory: directory)
            #expect(outcome.status == 1 && outcome.standardOutput.hasSuffix("map of /d: m.png\n"), "\(outcome)")
        }
    }
}
