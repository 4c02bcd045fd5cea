import Foundation
import UnrollText

/// Writes NumPy's `.npz` archives, as `numpy.savez` does: a stored `.npy` file for each array.
///
/// `numpy.load` reads them without pickle, bit for bit. The same arrays give the same bytes.
public enum NumPyArchive {
  /// Writes the archive, whole or not at all.
  ///
  /// - Throws: `FileError`: as ``AtomicFile``.
  /// - Precondition: no two arrays have the same name.
  public static func write(_ arrays: [NamedArray], to path: String) throws(FileError) {
    try write(arrays, to: path, wideFrom: ZipWriter.widest)
  }

  /// The same with zip64 records for sizes and offsets from `limit` on.
  static func write(
    _ arrays: [NamedArray], to path: String, wideFrom limit: UInt32
  ) throws(FileError) {
    require(
      Set(arrays.map(\.name)).count == arrays.count,
      "expected arrays of different names, got \(arrays.map(\.name))")
    try AtomicFile.write(to: path) { (file) throws(FileError) in
      var archive = ZipWriter(wideFrom: limit)
      for array in arrays {
        let (header, elements) = (NumPyHeader.bytes(of: array), array.values.littleEndianBytes)
        let entry = archive.entry(name: array.name + ".npy", content: [header, elements])
        for part in [entry, header, elements] { try file.write(part) }
      }
      try file.write(archive.end)
    }
  }
}

extension NumPyHeader {
  /// What stands before an array's elements: version 1.0, padded as NumPy pads it, so that the
  /// elements begin at a multiple of 64 bytes of the `.npy` file.
  static func bytes(of array: NamedArray) -> Data {
    let sizes = array.shape.map(String.init).joined(separator: ", ")
    let shape = "(\(sizes)\(array.shape.count == 1 ? "," : ""))"
    var text =
      "{'descr': '\(array.values.descr)', 'fortran_order': False, 'shape': \(shape), }"
    let start = magic.count + 4
    text += String(repeating: " ", count: 63 - (start + text.utf8.count) % 64) + "\n"
    return magic + [1, 0] + [UInt16(text.utf8.count)].littleEndianBytes + text.utf8
  }
}

extension ArrayValues {
  /// The type as a header names it: `<f8`.
  fileprivate var descr: String {
    switch self {
    case .floats: "<f4"
    case .doubles: "<f8"
    case .integers: "<i8"
    case .texts(let texts): "<U\(Self.width(of: texts))"
    }
  }

  /// The Unicode scalars that each text takes: those of the longest, at least 1, as in NumPy.
  private static func width(of texts: [String]) -> Int {
    max(texts.map(\.unicodeScalars.count).max() ?? 1, 1)
  }

  var littleEndianBytes: Data {
    switch self {
    case .floats(let values): return values.map(\.bitPattern).littleEndianBytes
    case .doubles(let values): return values.map(\.bitPattern).littleEndianBytes
    case .integers(let values): return values.littleEndianBytes
    case .texts(let texts):
      let width = Self.width(of: texts)
      return texts.flatMap { text in
        let scalars = text.unicodeScalars.map(\.value)
        return scalars + repeatElement(0, count: width - scalars.count)
      }.littleEndianBytes
    }
  }
}
