import UnrollFileFormats

/// Under what a result was computed: the last columns of its row. Results of one file were all
/// computed under the same.
public struct ResultOrigin: Equatable, Sendable {
  /// The program's version.
  public let version: String
  /// The kernels of the BLAS library, and our own: `SkylakeX/avx512`.
  public let kernels: String
  /// The SHA-256 of the file that the data come from; of several files, that of their hashes by option.
  /// Nil for generated data.
  public let dataHash: String?

  /// Results that this program computes on this machine.
  ///
  /// - Parameter data: the files that the runs read.
  public init(data: [InputFile] = []) {
    let machinery = Machinery.present
    version = machinery.version
    kernels = machinery.kernels
    dataHash = Self.hash(of: data)
  }

  private static func hash(of data: [InputFile]) -> String? {
    guard data.count > 1 else { return data.first?.fingerprint.sha256 }
    var hash = SHA256()
    for file in data.sorted(by: { $0.option < $1.option }) {
      hash.update("\(file.option) \(file.fingerprint.sha256)\n")
    }
    return hash.hexadecimal()
  }

  /// The columns of a table.
  static let columns = ["version", "kernels", "data_hash"]

  /// The fields of ``columns``.
  var fields: [CSVField] {
    [.text(version), .text(kernels), dataHash.map { .text($0) } ?? .blank]
  }

  /// The origin in the fields of ``columns``; nil for the row of an earlier version.
  init?(fields: some Collection<String>) {
    let fields = Array(fields)
    guard fields.count == Self.columns.count, !fields[0].isEmpty else { return nil }
    version = fields[0]
    kernels = fields[1]
    dataHash = fields[2].isEmpty ? nil : fields[2]
  }

  /// Refuses a result of another origin.
  ///
  /// - Throws: `FileProblem.otherOrigin`.
  func requireSame(as other: ResultOrigin) throws(FileProblem) {
    try requireSameMachinery(as: other)
    let (own, found) = (dataHash ?? "", other.dataHash ?? "")
    if own != found { throw .otherOrigin(column: "data_hash", found: found, own: own) }
  }

  /// Refuses a result of another version, or of other kernels where these count.
  ///
  /// - Throws: `FileProblem.otherOrigin`.
  func requireSameMachinery(
    as other: ResultOrigin, withKernels: Bool = true
  ) throws(FileProblem) {
    for (column, own, found) in [
      ("version", version, other.version), ("kernels", kernels, other.kernels),
    ] where own != found && (withKernels || column != "kernels") {
      throw .otherOrigin(column: column, found: found, own: own)
    }
  }
}
