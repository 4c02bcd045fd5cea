/// What separates the fields of a CSV file: the byte that makes its lines agree.
enum CSVSeparator {
  /// In the order in which they are preferred where several make the lines agree equally well.
  static let candidates: [UInt8] = [",", ";", "\t", "|"].map { UInt8(ascii: $0) }

  /// The separator of the text `bytes`; nil where its lines are one field each.
  ///
  /// It is the candidate that splits all lines into the same number of fields. Where several do, most
  /// fields must look like data (numbers, dates, missing values). Where none does, either the lines
  /// below the first have no candidate, or the first has none and those below are numbers with a
  /// decimal comma, and all are one field each; or the file is ragged, and the candidate that most lines agree on is taken.
  ///
  /// Under a decimal comma no comma separates. Under a decimal point, lines that are one number with
  /// groups of thousands are one field each, unless the first is a header with as many commas as each of
  /// them.
  static func find(
    in bytes: UnsafeRawBufferPointer, from start: Int, decimal mark: DecimalMark? = nil
  ) -> UInt8? {
    let ignored: UInt8? = mark == .comma ? UInt8(ascii: ",") : nil
    let lines = LineCounts(bytes, from: start, ignoring: ignored)
    guard let header = lines.first else { return candidates[0] }
    let consistent = candidates.indices.filter { candidate in
      header[candidate] > 0 && lines.tally.keys.allSatisfy { $0[candidate] == header[candidate] }
    }
    if mark == .point {
      let firstRow = consistent.contains(0) ? 0 : 1
      let share = dataShare(
        bytes, from: start, separator: nil, firstRow: firstRow, looksLikeGroups)
      if share == 1 { return nil }
    }
    if consistent.count == 1 { return candidates[consistent[0]] }
    if consistent.count > 1 {
      let scores = consistent.map { dataShare(bytes, from: start, separator: candidates[$0]) }
      let best = scores.firstIndex(of: scores.max() ?? 0) ?? 0
      return candidates[consistent[best]]
    }
    if lines.isBodyPlain { return nil }
    if header == .zero, ignored != nil || dataShare(bytes, from: start, separator: nil) == 1 {
      return nil
    }
    let agreeing = candidates.indices.map { candidate in
      var rows: [Int32: Int] = [:]
      for (counts, number) in lines.tally where counts[candidate] > 0 {
        rows[counts[candidate], default: 0] += number
      }
      return rows.values.max() ?? 0
    }
    return candidates[agreeing.firstIndex(of: agreeing.max() ?? 0) ?? 0]
  }

  /// The share of the fields from `firstRow` on, which is below the header, that are numbers, dates or
  /// missing, in the first rows of the text.
  private static func dataShare(
    _ bytes: UnsafeRawBufferPointer, from start: Int, separator: UInt8?, firstRow: Int = 1,
    _ isData: (String) -> Bool = looksLikeData
  ) -> Double {
    var parser = CSVParser(bytes, path: "", from: start, separator: separator)
    var (data, all) = (0, 0)
    for row in 0..<sampledRows {
      guard let record = try? parser.nextRecord() else { break }
      if row < firstRow || record.isBlank { continue }
      all += record.fields.count
      data += record.fields.count(where: isData)
    }
    return all > 0 ? Double(data) / Double(all) : 0
  }

  private static let sampledRows = 200

  /// Whether a line is one number, perhaps with commas between groups of thousands.
  private static func looksLikeGroups(_ line: String) -> Bool {
    CSVNumber.finite(line, decimal: .point) != nil
  }

  private static func looksLikeData(_ field: String) -> Bool {
    MissingValues.isMissing(field) || CSVNumber.finite(field) != nil
      || CSVNumber.finite(field, decimal: .comma) != nil
      || CSVNumber.finite(field, decimal: .point) != nil
      || !DateFormat.all(fitting: field).isEmpty
  }
}

/// How often each candidate stands outside quotes, for all lines of a text that are not blank.
private struct LineCounts {
  /// Of the first line, which may be a header.
  private(set) var first: SIMD4<Int32>?
  /// The number of lines with the same counts.
  private(set) var tally: [SIMD4<Int32>: Int] = [:]

  /// Whether no line below the first has any candidate, and there is one.
  var isBodyPlain: Bool {
    guard let plain = tally[.zero], let first else { return false }
    return tally.values.reduce(0, +) - plain <= (first == .zero ? 0 : 1)
  }

  /// - Parameter ignored: a candidate that separates nothing.
  init(_ bytes: UnsafeRawBufferPointer, from start: Int, ignoring ignored: UInt8?) {
    let quote = UInt8(ascii: "\"")
    var (counts, isBlank, isQuoted, startsField) = (SIMD4<Int32>.zero, true, false, true)
    var hasClosed = false
    for byte in bytes[start...] {
      if byte == quote {
        // A quote opens a field only at its start; inside, two stand for one, so that the second opens
        // it again.
        (isQuoted, hasClosed) = (!isQuoted && (startsField || hasClosed), isQuoted)
        startsField = false
        isBlank = false
        continue
      }
      hasClosed = false
      if isQuoted { continue }
      if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
        add(counts, isBlank: isBlank)
        (counts, isBlank, startsField) = (.zero, true, true)
        continue
      }
      let candidate = byte == ignored ? nil : CSVSeparator.candidates.firstIndex(of: byte)
      if let candidate { counts[candidate] += 1 }
      startsField = candidate != nil
      if byte != UInt8(ascii: " ") { isBlank = false }
    }
    add(counts, isBlank: isBlank)
  }

  private mutating func add(_ counts: SIMD4<Int32>, isBlank: Bool) {
    if isBlank { return }
    if first == nil { first = counts }
    tally[counts, default: 0] += 1
  }
}
