import Foundation

/// Kinds of files that are told by their first bytes, most of them not read here, so that a file of
/// the wrong kind is named for what it is.
public enum ForeignKind: String, CaseIterable, Sendable {
  /// What `torch.save` writes since PyTorch 1.6, Lightning's checkpoints too.
  case pyTorch
  /// What `torch.save` wrote before PyTorch 1.6.
  case pyTorchLegacy
  /// A bare Python pickle.
  case pickle
  /// Safetensors, where something else was asked for.
  case safetensors
  /// NumPy's archive of arrays, where something else was asked for.
  case npz
  /// One array of NumPy's, where something else was asked for.
  case npy
  /// HDF5, as older Keras models and MATLAB's newer files are.
  case hdf5
  /// A model of Keras 3.
  case keras
  /// A workbook of Excel.
  case excel
  /// A workbook or document of Excel or Word before 2007.
  case oldOffice
  /// Any other zip archive.
  case zip
  /// Compressed by gzip.
  case gzip
  /// Compressed by bzip2.
  case bzip2
  /// Compressed by xz.
  case xz
  /// Compressed by zstd.
  case zstd
  /// An archive of 7-Zip.
  case sevenZip
  /// A tar archive.
  case tar
  /// A Parquet table.
  case parquet
  /// An Arrow or Feather table.
  case arrow
  /// MATLAB's files before version 7.3.
  case matlab
  /// An SQLite database.
  case sqlite
  /// An ONNX model.
  case onnx
  /// TensorFlow's `saved_model.pb`.
  case savedModel
  /// A GGUF model.
  case gguf
  /// A picture.
  case picture
  /// A PDF document.
  case pdf
  /// What Git keeps in place of a large file.
  case gitLFSPointer

  /// The kind of a file that starts as `bytes` do, which are the whole file; nil for other
  /// text and for bytes that tell nothing.
  init?(of bytes: UnsafeRawBufferPointer) {
    func starts(_ start: [UInt8]) -> Bool { bytes.starts(with: start) }
    func starts(_ text: String) -> Bool { bytes.starts(with: text.utf8) }
    func has(_ text: String, at offset: Int) -> Bool {
      bytes.dropFirst(offset).starts(with: text.utf8)
    }
    if SafetensorsHeader.looksLikeHeader(bytes) {
      self = .safetensors
    } else if starts(ZipArchive.start) || starts(ZipArchive.emptyStart) {
      self = ForeignKind(ofZip: bytes)
    } else if starts(NumPyHeader.magic) {
      self = .npy
    } else if starts([0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20]) {
      // Protocol 2, and the number that torch.save begins with.
      self = .pyTorchLegacy
    } else if bytes.count > 1, bytes[0] == 0x80, (2...5).contains(bytes[1]) {
      self = .pickle
    } else if starts([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A])
      || bytes.dropFirst(512).starts(with: [0x89, 0x48, 0x44, 0x46])
    {
      self = .hdf5
    } else if starts([0x1F, 0x8B]) {
      self = .gzip
    } else if starts("BZh"), bytes.dropFirst(4).starts(with: [0x31, 0x41, 0x59, 0x26]) {
      self = .bzip2
    } else if starts([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]) {
      self = .xz
    } else if starts([0x28, 0xB5, 0x2F, 0xFD]) {
      self = .zstd
    } else if starts([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]) {
      self = .sevenZip
    } else if has("ustar", at: 257), bytes[..<257].contains(0) {
      self = .tar
    } else if starts("PAR1"), bytes.suffix(4).elementsEqual("PAR1".utf8), bytes.contains(0) {
      self = .parquet
    } else if starts("ARROW1\0\0") || starts([0xFF, 0xFF, 0xFF, 0xFF]) && has("\0\0", at: 6) {
      self = .arrow
    } else if starts("MATLAB 5.0 MAT-file"), bytes.contains(0) {
      self = .matlab
    } else if starts("SQLite format 3\0") {
      self = .sqlite
    } else if starts([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
      self = .oldOffice
    } else if starts([0x08]), bytes.count > 3, bytes[1] < 32, bytes[2] == 0x12,
      Int(bytes[3]) < bytes.count - 4
    {
      // Fields 1, a number, and 2: of ONNX its version and producer, of TensorFlow a graph.
      self = bytes[1] == 1 ? .savedModel : .onnx
    } else if starts("GGUF"), bytes.count > 7, bytes[7] == 0 {
      self = .gguf
    } else if starts([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A]) || starts([0xFF, 0xD8, 0xFF])
      || starts("GIF89a") && bytes.contains(0) || starts("GIF87a") && bytes.contains(0)
    {
      self = .picture
    } else if starts("%PDF-") {
      self = .pdf
    } else if starts("version https://git-lfs.github.com/spec/v1") {
      self = .gitLFSPointer
    } else {
      return nil
    }
  }

  /// The kind of a zip archive, by the names of what is in it.
  private init(ofZip bytes: UnsafeRawBufferPointer) {
    // Of an archive that is cut off, the first file's name is left, after 30 bytes.
    let names =
      (try? ZipArchive(bytes))?.members.map(\.name)
      ?? [String(decoding: bytes.dropFirst(30).prefix { $0 >= 0x20 }.prefix(255), as: UTF8.self)]
      .map { name in name.range(of: ".npy").map { String(name[..<$0.upperBound]) } ?? name }
      .map { name in name.contains("/data.pkl") ? "data.pkl" : name }
    if names.isEmpty {
      self = .zip
    } else if names.contains(where: { $0 == "data.pkl" || $0.hasSuffix("/data.pkl") }) {
      self = .pyTorch
    } else if names.allSatisfy({ $0.hasSuffix(".npy") }) {
      self = .npz
    } else if names.contains("model.weights.h5") {
      self = .keras
    } else if names.contains("xl/workbook.xml") {
      self = .excel
    } else {
      self = .zip
    }
  }
}
