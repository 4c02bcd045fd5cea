import Foundation
import UnrollCommandLine
import UnrollFeedForward
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollStudies

@testable import UnrollCommands
@testable import UnrollFileFormats

extension FuzzTarget {
  /// A reader of a file.
  ///
  /// - Parameter seeds: files' contents.
  private static func reader(
    _ name: String, _ file: String, _ form: FileForm = .plain,
    seeds: @escaping @Sendable () throws -> [[UInt8]],
    read: @escaping @Sendable (_ path: String) throws -> Void
  ) -> FuzzTarget {
    FuzzTarget(
      name: name, seeds: { try seeds().map(form.seed) },
      check: { bytes in
        if !FileManager.default.fileExists(atPath: ScratchFolder.path) {
          _ = ScratchFolder.cleared()
        }
        ScratchFolder.write(form.file(of: bytes), to: file)
        try? read("\(ScratchFolder.path)/\(file)")
      })
  }

  static let readers = [
    reader(
      "json", "a.json", seeds: { try made(["train", "adding"], ending: "json") },
      read: { path in
        let value = try JSONValue(contentsOf: path)
        _ = value.encoded()
      }),
    reader(
      "csv", "a.csv", seeds: { try made(["train", "adding"], ending: "csv") + texts },
      read: {
        path in
        let table = try CSVTable(path: path)
        for name in table.columnNames { _ = try? table.column(named: name) }
      }),
    reader(
      "series", "a.csv", seeds: { texts },
      read: { path in
        let reading = CSVReading(decimal: nil, missing: .interpolate)
        let names = try CSVTable(path: path, as: reading).columnNames
        for name in names { _ = try? CSVSeries(path: path, columns: [name], as: reading) }
      }),
    reader(
      "text", "a.txt", seeds: { texts },
      read: { path in
        let text = try IndexedText(path: path)
        var reader = text.reader(from: text.count / 2)
        while try reader.next() != nil {}
        _ = try text.counts(in: 0..<text.count / 2)
      }),
    reader(
      "safetensors", "a.safetensors", .safetensors,
      seeds: { try made(["train", "adding"], ending: "safetensors") }, read: readTensors),
    reader(
      "safetensors-bytes", "a.safetensors",
      seeds: { try made(["train", "adding"], ending: "safetensors") }, read: readTensors),
    reader("npy", "x.npy", seeds: { FileForm.members(try arrays()) }, read: readArrays),
    reader("npz", "a.npz", .npz, seeds: { [try arrays()] }, read: readArrays),
    reader(
      "npz-bytes", "a.npz", seeds: { try made(["export", "adding"], ending: "npz") },
      read: readArrays),
    reader(
      "model", "a.safetensors", .safetensors,
      seeds: {
        try made(["train", "adding"], ending: "model.safetensors")
          + made(["train", "copy", "--cell", "gru", "--layers", "2"], ending: "model.safetensors")
      }, read: { _ = try SavedModel(path: $0) }),
    reader(
      "mlp", "a.safetensors", .safetensors, seeds: { [try mlp.bytes()] },
      read: { _ = try FeedForwardFile(path: $0, activation: .tanh) }),
    reader(
      "sequences", "a.npz", .npz, seeds: { [try arrays()] },
      read: { path in
        _ = try SequenceInputs(path: path)
        _ = try GradientSequences(path: path)
        _ = try ExpectedOutputs(path: path)
      }),
    reader(
      "config", "config.json", seeds: { try made(["train", "adding"], ending: "config.json") },
      read: { _ = try ConfigFile.read($0) }),
    FuzzTarget(
      name: "arguments",
      seeds: {
        [
          "train\nadding\n--cell\nlstm/forget-bias=1\n--clip\nauto:90",
          "sweep\n--vary\ncell=rnn,gru",
        ]
        .map { Array($0.utf8) }
      },
      check: { bytes in
        let words = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\n")
        guard let command = try? CommandTable.all.command(named: words[0]) else { return }
        _ = try? ArgumentParser(command: command).parse(Array(words.dropFirst()))
      }),
  ]

  @Sendable private static func readTensors(_ path: String) throws {
    let file = try SafetensorsFile(path: path)
    for name in file.tensors.map(\.name) {
      _ = try? file.doubles(name)
      _ = try? file.integers(name)
    }
  }

  @Sendable private static func readArrays(_ path: String) throws {
    let file = try ArrayFile(path: path)
    for name in file.names {
      _ = try? file.doubles(name)
      _ = try? file.integers(name)
      _ = try? file.texts(name)
    }
  }

  /// The arrays of a batch, each a file of its own, as ``FileForm/npz`` takes them.
  private static func arrays() throws -> [UInt8] {
    let archive = try made(["export", "adding"], ending: "npz")[0]
    let members = try archive.withUnsafeBytes { bytes in
      let archive = try ZipArchive(bytes)
      return archive.members.map { Array(bytes[$0.range]) }
    }
    return FileForm.joined(members)
  }

  private static let texts = [
    "time,load,temp\n2024-01-01 00:00,1.5,\n2024-01-01 01:00,2.5,3\n2024-01-01 02:00,NA,4\n",
    "Datum;Wert\n01.02.2024;1.234,5\n02.02.2024;1.235,5\n", "a\tb\n1\t\"2,\"\"\n3\"\n",
    "\u{FEFF}Übung macht den Meister. 练习。\n",
  ].map { Array($0.utf8) }
}
