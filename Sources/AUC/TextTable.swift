import CommandSupport

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
/// The first row may be a heading: one in which no field is a number, begins like one, or stands for a missing value.
/// Everything after it must be rows of equally many fields.
struct TextTable: ~Copyable {
    let file: InputFile
    private let skipsMissing: Bool
    /// Where the table begins.
    private let start: Int
    /// Where the heading begins, if there is one.
    private let heading: Int?
    private let fieldCount: Int
    /// The number of the first line of the table that is not the heading.
    private let firstLine: Int
    private let x: Int
    private let y: Int

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
        var reader = LineReader(file, at: 0)
        var number = 0
        var names: [String] = []
        var (start, heading, count) = (0, Int?.none, Int?.none)
        while count == nil, let line = try reader.next() {
            number += 1
            if number <= options.skippedLines {
                start = line.offset + 1
                continue
            }
            if reader.withFields(of: line, { $0.isEmpty }) { continue }
            if heading == nil, let found = Self.headingNames(reader, line) {
                (heading, names) = (line.offset, found)
            } else {
                count = reader.withFields(of: line) { fields in
                    var count = 0
                    while fields.next() != nil { count += 1 }
                    return count
                }
                if let encoding = Self.otherEncoding(reader, line) {
                    throw UserError("\(path): it is \(encoding), not text in UTF-8", exitStatus: ExitStatus.data)
                }
            }
        }
        let fieldCount = count ?? 2
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
                "\(path), line \(number): \(counted(fieldCount, "column")), not two: --columns A,B chooses two, "
                    + "--skip N skips lines before the table", exitStatus: ExitStatus.data)
        }
        self.file = file
        self.start = start
        self.heading = heading
        self.fieldCount = fieldCount
        firstLine = number
        (x, y) = (chosen[0], chosen[1])
        skipsMissing = options.skipsMissing
    }

    /// Whether a line is a row that ``row(_:_:)`` does not leave out, right or wrong.
    func isSample(_ line: LineReader.Line, _ reader: borrowing LineReader) -> Bool {
        if skipsMissing {
            switch row(line, reader) {
            case .none, .missing: return false
            case .sample, .invalid: return true
            }
        }
        return line.offset >= start && line.offset != heading && !reader.withFields(of: line) { $0.isEmpty }
    }

    /// What a line is; a mistake is one of its first wrong field.
    func row(_ line: LineReader.Line, _ reader: borrowing LineReader) -> Row {
        if line.offset < start || line.offset == heading { return .none }
        return reader.withFields(of: line) { fields in
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
            if count != fieldCount {
                return .invalid(
                    column: fields.column(fields.endOfContent),
                    message: "expected \(fieldCount == 2 ? "two numbers" : "\(fieldCount) columns") "
                        + "as in line \(firstLine), found \(counted(count, "column")) in '\(reader.text(line))'")
            }
            return mistake ?? (isMissing ? .missing : .sample(x: x, y: y))
        }
    }

    /// The names in a line if it can be a heading.
    private static func headingNames(_ reader: borrowing LineReader, _ line: LineReader.Line) -> [String]? {
        reader.withFields(of: line) { fields in
            var names: [String] = []
            while let field = fields.next() {
                // The index of a data frame has no name.
                let isIndex = names.isEmpty && field.isEmpty
                let isText = fields.buffer[field].allSatisfy { $0 >= 32 && $0 != 127 || $0 == 9 }
                if !isText || fields.isLikeNumber(field) || (fields.isMissing(field) && !isIndex) { return nil }
                names.append(String(decoding: fields.buffer[field], as: UTF8.self))
            }
            return names.first == "" && names.count < 3 ? nil : names
        }
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

    /// What a file is whose first row has bytes that no table has.
    private static func otherEncoding(_ reader: borrowing LineReader, _ line: LineReader.Line) -> String? {
        reader.withFields(of: line) { fields in
            let bytes = fields.buffer[line.bytes]
            if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return "in UTF-16" }
            return bytes.contains(0) ? "binary" : nil
        }
    }
}
