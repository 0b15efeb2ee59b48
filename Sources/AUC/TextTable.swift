import SystemSupport

/// Options that select the samples of a text table.
struct TableOptions {
    /// Two columns, by number, counted from 1, or by name in the heading; by default the only two columns.
    var columns: [String]?
    /// The number of lines before the table.
    var skippedLines = 0
    /// Whether samples with a missing value are skipped instead of rejected.
    var skipsMissing = false
}

/// A text file with a table of numbers, one row per line. Empty lines and comments are ignored.
///
/// The first row may be a heading, in which every field is a name. All lines after it must be rows with the same number
/// of fields and the same separator.
struct TextTable: ~Copyable {
    let file: InputFile
    private let skipsMissing: Bool
    private let layout: Layout
    private let x: Int
    private let y: Int

    /// The layout of the table, as the lines up to the first row determine it.
    private struct Layout {
        /// The position at which the table begins.
        var start = 0
        /// The position at which the heading begins, if there is one.
        var heading: Int?
        var names: [String] = []
        /// The number of the first line that is a row; of the last line if there are no rows.
        var firstLine = 0
        var fieldCount = 2
        /// The separator; `nil` for blanks.
        var separator: UInt8?
    }

    /// The meaning of a line.
    enum Row {
        case none, missing
        case sample(x: Double, y: Double)
        /// A line that cannot be parsed, with the column and a description of the fault.
        case invalid(column: Int, message: String)
    }

    /// - Throws: ``UserError`` of status 64 if the file cannot be read or has no such columns, 65 if it is not a table.
    init(_ path: String, _ options: TableOptions) throws {
        let file = try InputFile(path)
        let layout = try Self.layout(of: file, options)
        let (names, fieldCount) = (layout.names, layout.fieldCount)
        let chosen: [Int]
        if let columns = options.columns {
            // Fields that rows have in addition to the heading are an index before the first named column.
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
                // In a table with semicolons, commas are decimal commas.
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

    /// Returns whether a line is a row that ``row(_:_:)`` does not leave out, whether it is valid or not.
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

    /// Returns the meaning of a line; an invalid row is described by its first wrong field.
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

    /// Returns the names in a line if it can be a heading, otherwise `nil`.
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

    /// Returns the fault that makes other programs interpret a line differently, if any.
    private static func flaw(_ fields: TextFields) -> (column: Int, message: String)? {
        if let place = fields.strayReturn {
            return (fields.column(place), "a carriage return (\\r) within the line")
        }
        return fields.openQuote.map { (fields.column($0), "a quote that is not closed") }
    }

    private static func name(_ separator: UInt8?) -> String {
        separator == nil ? "blanks" : separator == UInt8(ascii: ",") ? "commas" : "semicolons"
    }

    /// Returns the index of a column with a number or name.
    private static func index(_ column: String, _ names: [String], _ count: Int, _ path: String) throws -> Int {
        let matches = names.indices.filter { names[$0] == column }
        if matches.count == 1, names.count == count || names.count == count - 1 {
            // Rows with one extra field begin with an index.
            return matches[0] + count - names.count
        }
        if let number = Int(column), (1...count).contains(number) { return number - 1 }
        throw UserError(
            "\(path): there is no column \(column): it has \(counted(count, "column"))"
                + (names.isEmpty ? "" : ", named \(names.joined(separator: ", "))"), exitStatus: ExitStatus.usage)
    }

    /// Returns what a file is if a line contains bytes that no text table contains, otherwise `nil`.
    private static func otherEncoding(_ line: Slice<UnsafeBufferPointer<UInt8>>) -> String? {
        if line.starts(with: [0xFF, 0xFE]) || line.starts(with: [0xFE, 0xFF]) { return "in UTF-16" }
        return line.contains(0) ? "binary" : nil
    }
}
