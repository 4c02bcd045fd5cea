import Foundation
import UnrollText

/// An event file for TensorBoard, which grows while a program runs.
///
/// It is a TFRecord file of `Event` messages: each record has its length and two checksums, so that
/// TensorBoard reads up to the last whole record of a file that is still being written, or was broken
/// off. What was appended before ``synchronize()`` is there after a loss of power.
///
/// Records are never changed. A run that goes on begins another file in the same folder, whose first
/// record tells TensorBoard to pass over what earlier files have from that step on.
public final class EventLog {
  /// What the names of all event files begin with.
  public static let prefix = "events.out.tfevents."

  /// The file's path; nil as long as there is none.
  public private(set) var path: String?
  private let folder: String
  private let steps: Int?
  private let now: () -> Double
  private var file: OutputFile?
  private var hasUnsavedRecords = false

  /// A file in a folder, which is to be there when the file begins: with the first values, or ``begin()``.
  ///
  /// - Parameters:
  ///   - steps: the steps that earlier files of the run are to count for; nil for a new run.
  ///   - now: the time in seconds since 1970.
  public init(
    in folder: String, continuingAfter steps: Int? = nil,
    now: @escaping () -> Double = { Date().timeIntervalSince1970 }
  ) {
    (self.folder, self.steps, self.now) = (folder, steps, now)
  }

  /// Begins the file, unless that is done, though there is no value for it: a run that goes on makes what
  /// earlier files have beyond its beginning void. The file comes last in the order of their names, in which
  /// TensorBoard reads the files of a folder.
  ///
  /// - Throws: `FileError.cannotWrite`.
  public func begin() throws(FileError) { _ = try begun() }

  private func begun() throws(FileError) -> OutputFile {
    if let file { return file }
    let earlier = Self.names(in: folder).compactMap(Self.time).max()
    let clock = Int(now())
    let time = max(
      clock > Self.latest ? 0 : clock, earlier.map { min($0, Self.latest - 1) + 1 } ?? 0)
    let process = "\(ProcessInfo.processInfo.hostName).\(ProcessInfo.processInfo.processIdentifier)"
    let path = "\(folder)/\(Self.prefix)\(time.zeroPadded(to: 10)).\(process).unroll"
    let file = try OutputFile(path: path, flags: O_EXCL | O_APPEND, reportedPath: path)
    (self.path, self.file) = (path, file)
    try OutputFolder.synchronize(folder, reportedPath: path)
    try append { $0.append(3, text: "brain.Event:2") }
    if let steps {
      // SessionLog.START: what is recorded for this step and later ones is void.
      try append {
        $0.append(2, integer: steps + 1)
        $0.append(7) { $0.append(1, integer: 1) }
      }
    }
    return file
  }

  /// The names of the event files in a folder, in the order in which they are read.
  package static func names(in folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasPrefix(prefix) }.sorted()
  }

  /// Removes the event files in a folder.
  ///
  /// - Parameter kept: the names of those that stay.
  package static func removeAll(in folder: String, except kept: [String] = []) {
    for name in names(in: folder) where !kept.contains(name) {
      try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
  }

  /// Copies the event files of a folder into another, in place of those that are there. Where both are the
  /// same folder, nothing is done.
  ///
  /// - Throws: `FileError`.
  package static func copyAll(from folder: String, to other: String) throws(FileError) {
    guard AbsolutePath.resolved(folder) != AbsolutePath.resolved(other) else { return }
    let names = names(in: folder)
    // Files of another branch of the run would be read in between.
    removeAll(in: other, except: names)
    for name in names {
      try AtomicFile.copy("\(folder)/\(name)", to: "\(other)/\(name)")
    }
  }

  /// The seconds in a name; nil where there are none.
  private static func time(in name: String) -> Int? {
    name.dropFirst(prefix.count).split(separator: ".").first.flatMap { Int($0) }
  }

  /// The last second of ten digits, in the year 2286. Names have ten, as TensorFlow's, so that their order is
  /// that of the times.
  private static let latest = 9_999_999_999

  /// Adds values, each under its tag.
  ///
  /// - Throws: `FileError.cannotWrite`.
  public func append(_ values: [(tag: String, value: EventValue)], step: Int) throws(FileError) {
    if values.isEmpty { return }
    try append { event in
      event.append(2, integer: step)
      event.append(5) { summary in
        for (tag, value) in values {
          summary.append(1) { message in
            message.append(1, text: tag)
            value.write(to: &message)
          }
        }
      }
    }
  }

  private func append(_ fill: (inout ProtobufMessage) -> Void) throws(FileError) {
    let event = ProtobufMessage { event in
      event.append(1, double: now())
      fill(&event)
    }
    try begun().write(Self.record(event.bytes))
    hasUnsavedRecords = true
  }

  /// A TFRecord: length, its checksum, content, its checksum.
  static func record(_ content: Data) -> Data {
    let length = [UInt64(content.count)].littleEndianBytes
    return length + [masked(length)].littleEndianBytes + content
      + [masked(content)].littleEndianBytes
  }

  /// Rotated and shifted, because the checksum of data with its own checksum behind it tells little.
  private static func masked(_ bytes: Data) -> UInt32 {
    let checksum = CRC32C.checksum(bytes)
    return (checksum >> 15 | checksum << 17) &+ 0xA282_EAD8
  }

  /// Puts all records onto the disk. Costs nothing without a new one.
  ///
  /// - Throws: `FileError.cannotWrite`.
  public func synchronize() throws(FileError) {
    guard hasUnsavedRecords else { return }
    try file?.synchronize()
    hasUnsavedRecords = false
  }
}
