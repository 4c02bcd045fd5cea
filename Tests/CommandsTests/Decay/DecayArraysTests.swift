import Foundation
import Testing
import UnrollFileFormats
import UnrollReports

@testable import UnrollCommands

/// `decay.npz`: the columns of every table, and each sequence's norms.
struct DecayArraysTests {
  private let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  /// Expects the arrays to be the tables of the folder `run`, number by number.
  private func expectTables(_ file: ArrayFile) throws {
    let names = try #require(runs.files(in: "run")).filter { $0.hasSuffix(".csv") }
    var arrays = ["decay/norms"]
    for name in names.map({ $0.replacing(".csv", with: "") }) {
      let table = try CSVTable(path: runs.path("run/\(name).csv"))
      for column in table.columnNames {
        let (array, texts) = ("\(name)/\(column)", try table.texts(inColumn: column))
        arrays.append(array)
        #expect(try file.shape(of: array) == [texts.count])
        if ["label", "cell", "path", "weight", "parameter"].contains(column) {
          #expect(try file.texts(array) == texts)
          continue
        }
        let numbers =
          try file.isFloatingPoint(array)
          ? file.doubles(array) : file.integers(array).map(Double.init)
        let expected = texts.map { $0.isEmpty ? .nan : CSVNumber.written($0) ?? 0.123 }
        #expect(
          zip(numbers, expected).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN }, "\(array)")
      }
    }
    #expect(Set(file.names) == Set(arrays) && file.names.count == arrays.count)
  }

  @Test func theArraysAreTheTables() throws {
    let outcome = runs.decay(
      "--cells", "rnn,gru/init=orthogonal", "--length", "9", "--layers", "2", "--seeds", "2",
      "--truncation", "1,3", "--exponents", "--npz")
    #expect(outcome.status == .done && outcome.errors.isEmpty, "\(outcome.errors)")
    let file = try ArrayFile(path: runs.path("run/decay.npz"))
    try expectTables(file)
    for table in ["decay-seeds", "contributions", "gates", "formats", "truncation", "exponents"] {
      #expect(file.names.contains("\(table)/label"), "\(table)")
    }
    #expect(try !file.isFloatingPoint("decay/lag") && !file.isFloatingPoint("decay/seed"))
    // norm_mean is the mean over the sequences, as a sum of parts: rounding of 2.2e-16.
    let (norms, means) = (try file.doubles("decay/norms"), try file.doubles("decay/norm_mean"))
    #expect(try file.shape(of: "decay/norms") == [means.count, 3])
    for (row, mean) in means.enumerated() {
      let own = norms[3 * row..<3 * row + 3].reduce(0, +) / 3
      #expect(abs(own - mean) <= 4e-16 * mean)
    }

    // Without the flag an earlier file is no longer there.
    let again = runs.decay("--cells", "rnn", "--length", "9")
    #expect(again.status == .done)
    #expect(try #require(runs.files(in: "run")).contains("decay.npz") == false)
  }

  @Test func sequencesThatDoNotReachALagHaveNoNorm() throws {
    let batch = try runs.arraysFile { writer in
      writer.append("y", shape: [5, 1], [1, 2, 3, 4, 5] as [Double])
      writer.append("lengths", shape: [5], [2, 4, 1, 4, 3])
    }
    #expect(
      runs.decay("--cells", "rnn", "--inputs", batch, "--batch", "5", "--npz").status == .usage)
    let outcome = runs.run([
      "decay", "--cells", "rnn", "--hidden", "3", "--inputs", batch, "--npz", "--quiet", "--out",
      runs.path("run"),
    ])
    #expect(outcome.status == .done, "\(outcome.errors)")
    let file = try ArrayFile(path: runs.path("run/decay.npz"))
    let (norms, paths) = (try file.doubles("decay/norms"), try file.texts("decay/path"))
    let lags = try file.integers("decay/lag")
    let rows = lags.indices.filter { paths[$0] == "h" }
    #expect(rows.map { lags[$0] } == [0, 1, 2, 3])
    for row in rows {
      // Lengths 4, 4, 3, 2, 1: the sequences that reach back furthest come first.
      let reaching = norms[5 * row..<5 * row + 5].map(\.isFinite)
      #expect(reaching == [4, 4, 3, 2, 1].map { $0 > lags[row] })
    }
  }

  @Test func rowsOfEarlierRunsAreThere() throws {
    let first = runs.run([
      "decay", "--cells", "lstm", "--hidden", "3", "--length", "6", "--batch", "3", "--quiet",
      "--out", runs.path("earlier"),
    ])
    #expect(first.status == .done)
    let outcome = runs.decay(
      "--cells", "rnn", "--length", "6", "--runs", runs.path("earlier"), "--npz")
    #expect(outcome.status == .done, "\(outcome.errors)")
    let file = try ArrayFile(path: runs.path("run/decay.npz"))
    try expectTables(file)
    let labels = try file.texts("decay/label")
    let (norms, own) = (try file.doubles("decay/norms"), labels.filter { $0 == "rnn" }.count)
    #expect(own > 0 && labels.count > own)
    #expect(norms[..<(3 * own)].allSatisfy(\.isFinite) && norms[(3 * own)...].allSatisfy(\.isNaN))
  }
}
