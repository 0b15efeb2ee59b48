import SystemSupport

/// Which samples of a text table are wanted.
struct TableOptions {
    /// Two columns, by their numbers from 1 or by their names in the heading; by default the only two.
    var columns: [String]?
    /// How many lines at the beginning do not belong to the table.
    var skippedLines = 0
    /// Whether samples with a missing value are left out instead of refused.
    var skipsMissing = false
}

/// A text file with a table of numbers: a row a line; empty lines and comments do not count.
///
/// The first row may be a heading: one in which every field is a name. Everything after it must be rows of equally many
/// fields with the same separator.
struct TextTable: ~Copyable {
    let file: InputFile
    private let skipsMissing: Bool
    private let layout: Layout
    private let x: Int
    private let y: Int

    /// What the lines up to the first row tell.
    private struct Layout {
        /// Where the table begins.
        var start = 0
        /// Where the heading begins, if there is one.
        var heading: Int?
        var names: [String] = []
        /// The number of the first line that is a row; of the last line if there is none.
        var firstLine = 0
        var fieldCount = 2
        /// `nil` for blanks.
        var separator: UInt8?
    }

    /// What a line is.
    enum Row {
        case none, missing
        case sample(x: Double, y: Double)
        /// Cannot be understood, and where.
        case invalid(column: Int, message: String)
    }

    /// - Throws: ``UserError`` of status 64 if it cannot be read or has no such columns, 65 if it is not a table.
    init(_ path: String, _ options: TableOptions) throws {
        let file = try InputFile(path)
        let layout = try Self.layout(of: file, options)
        let (names, fieldCount) = (layout.names, layout.fieldCount)
        let chosen: [Int]
        if let columns = options.columns {
            // What rows have more of than the heading is an index before the first named column.
            chosen = try columns.map { try Self.index($0, names, fieldCount, path) }
        } else if fieldCount == 2 {
            chosen = [0, 1]
        } else if fieldCount == 3, names.count == 2 || names.first == "" {
            // The first column is the index of a data frame.
            chosen = [1, 2]
        } else {
            throw UserError(
                "\(path), line \(layout.firstLine): \(counted(fieldCount, "column")), not two: "
                    + "--columns A,B chooses two, --skip N skips lines before the table", exitStatus: ExitStatus.data)
        }
        self.file = file
        self.layout = layout
        (x, y) = (chosen[0], chosen[1])
        skipsMissing = options.skipsMissing
    }

    private static func layout(of file: borrowing InputFile, _ options: TableOptions) throws -> Layout {
        let path = file.path
        var layout = Layout()
        var reader = LineReader(file, at: 0)
        var separatorOfHeading: UInt8?
        while let line = try reader.next() {
            layout.firstLine += 1
            let isSkipped = layout.firstLine <= options.skippedLines
            if isSkipped { layout.start = line.offset + 1 }
            let isRow = try reader.withFields(of: line) { fields in
                let place = "\(path), line \(layout.firstLine)"
                if !isSkipped, let encoding = Self.otherEncoding(fields.buffer[line.bytes]) {
                    throw UserError("\(path): it is \(encoding), not text in UTF-8", exitStatus: ExitStatus.data)
                }
                if let flaw = Self.flaw(fields), !isSkipped || fields.strayReturn != nil {
                    throw UserError(
                        "\(place), column \(flaw.column): \(flaw.message)", exitStatus: ExitStatus.data)
                }
                if isSkipped || fields.isEmpty { return false }
                if layout.heading == nil, let names = Self.headingNames(fields) {
                    (layout.heading, layout.names, separatorOfHeading) = (line.offset, names, fields.separator)
                    return false
                }
                layout.separator = fields.separator
                layout.fieldCount = 0
                while fields.next() != nil { layout.fieldCount += 1 }
                // Commas in a table with semicolons are decimal commas.
                if separatorOfHeading == UInt8(ascii: ";"), layout.separator != separatorOfHeading {
                    throw UserError(
                        "\(place): fields are separated by \(Self.name(layout.separator)), "
                            + "those of the heading by semicolons", exitStatus: ExitStatus.data)
                }
                return true
            }
            if isRow { break }
        }
        return layout
    }

    /// Whether a line is a row that ``row(_:_:)`` does not leave out, right or wrong.
    func isSample(_ line: LineReader.Line, _ reader: borrowing LineReader) -> Bool {
        if skipsMissing {
            switch row(line, reader) {
            case .none, .missing: return false
            case .sample, .invalid: return true
            }
        }
        return line.offset >= layout.start && line.offset != layout.heading
            && !reader.withFields(of: line) { $0.isEmpty }
    }

    /// What a line is; a mistake is one of its first wrong field.
    func row(_ line: LineReader.Line, _ reader: borrowing LineReader) -> Row {
        if line.offset < layout.start || line.offset == layout.heading { return .none }
        return reader.withFields(of: line) { fields in
            if let flaw = Self.flaw(fields) { return .invalid(column: flaw.column, message: flaw.message) }
            if fields.isEmpty { return .none }
            var (x, y) = (Double.nan, Double.nan)
            var isMissing = false
            var count = 0
            var mistake: Row?
            while let field = fields.next() {
                if count == self.x || count == self.y {
                    if let value = fields.number(field) {
                        if count == self.x { x = value }
                        if count == self.y { y = value }
                        isMissing = isMissing || (value.isNaN && skipsMissing)
                    } else if skipsMissing, fields.isMissing(field) {
                        isMissing = true
                    } else if mistake == nil {
                        mistake = .invalid(
                            column: fields.column(field.lowerBound),
                            message: "expected two numbers, found '\(quoted(fields.buffer[field]))' "
                                + "in '\(reader.text(line))'")
                    }
                }
                count += 1
            }
            if count != layout.fieldCount {
                return .invalid(
                    column: fields.column(fields.endOfContent),
                    message: "expected "
                        + (layout.fieldCount == 2 ? "two numbers" : counted(layout.fieldCount, "column"))
                        + " as in line \(layout.firstLine), found \(counted(count, "column")) "
                        + "in '\(reader.text(line))'")
            }
            if fields.separator != layout.separator {
                return .invalid(
                    column: fields.column(line.bytes.lowerBound),
                    message: "fields are separated by \(Self.name(fields.separator)), "
                        + "those of line \(layout.firstLine) by \(Self.name(layout.separator))")
            }
            return mistake ?? (isMissing ? .missing : .sample(x: x, y: y))
        }
    }

    /// The names in a line if it can be a heading.
    private static func headingNames(_ fields: TextFields) -> [String]? {
        var fields = fields
        var names: [String] = []
        while let field = fields.next() {
            // The index of a data frame has no name.
            let isIndex = names.isEmpty && field.isEmpty
            let isText = fields.buffer[field].allSatisfy { $0 >= 32 && $0 != 127 || $0 == 9 }
            if !isText || !(fields.isName(field) || isIndex) { return nil }
            names.append(String(decoding: fields.buffer[field], as: UTF8.self))
        }
        return names.first == "" && names.count < 3 ? nil : names
    }

    /// Why others would understand a line differently.
    private static func flaw(_ fields: TextFields) -> (column: Int, message: String)? {
        if let place = fields.strayReturn {
            return (fields.column(place), "a carriage return (\\r) within the line")
        }
        return fields.openQuote.map { (fields.column($0), "a quote that is not closed") }
    }

    private static func name(_ separator: UInt8?) -> String {
        separator == nil ? "blanks" : separator == UInt8(ascii: ",") ? "commas" : "semicolons"
    }

    /// The index of a column, from its number or name.
    private static func index(_ column: String, _ names: [String], _ count: Int, _ path: String) throws -> Int {
        let matches = names.indices.filter { names[$0] == column }
        if matches.count == 1, names.count == count || names.count == count - 1 {
            // Rows with one field more begin with an index.
            return matches[0] + count - names.count
        }
        if let number = Int(column), (1...count).contains(number) { return number - 1 }
        throw UserError(
            "\(path): there is no column \(column): it has \(counted(count, "column"))"
                + (names.isEmpty ? "" : ", named \(names.joined(separator: ", "))"), exitStatus: ExitStatus.usage)
    }

    /// What a file is that has a line with bytes that no table has.
    private static func otherEncoding(_ line: Slice<UnsafeBufferPointer<UInt8>>) -> String? {
        if line.starts(with: [0xFF, 0xFE]) || line.starts(with: [0xFE, 0xFF]) { return "in UTF-16" }
        return line.contains(0) ? "binary" : nil
    }
}
