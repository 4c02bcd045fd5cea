import Foundation
import Testing
import UnrollTestSupport

@testable import UnrollFileFormats

struct ForeignKindTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let hdf5: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  private static func zip(_ names: String...) -> [UInt8] {
    ZipBytes.archive(names.map { ($0, [1, 2, 3]) })
  }

  @Test(
    arguments: [
      (zip("m/data.pkl", "m/version"), .pyTorch), (zip("data.pkl"), .pyTorch),
      (zip("x.npy", "y.npy"), .npz), (zip("config.json", "model.weights.h5"), .keras),
      (zip("[Content_Types].xml", "xl/workbook.xml"), .excel), (zip("readme.txt"), .zip),
      ([0x50, 0x4B, 5, 6] + [UInt8](repeating: 0, count: 18), .zip),
      // Cut off, so that only the first file's name is left.
      (Array(zip("m/data.pkl").prefix(42)), .pyTorch), (Array(zip("x.npy").prefix(38)), .npz),
      ([0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A], .pyTorchLegacy),
      ([0x80, 0x04, 0x95, 0, 0], .pickle), ([0x80, 0x02, 0x7D], .pickle),
      (NumPyHeader.magic + [1, 0], .npy), (hdf5, .hdf5),
      ([UInt8](repeating: 0, count: 512) + hdf5, .hdf5), ([0x1F, 0x8B, 8, 0], .gzip),
      (Array("BZh91AY&SY".utf8), .bzip2), ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 0], .xz),
      ([0x28, 0xB5, 0x2F, 0xFD, 0], .zstd), ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], .sevenZip),
      ([0x61] + [UInt8](repeating: 0, count: 256) + Array("ustar\0".utf8), .tar),
      (Array("PAR1".utf8) + [0, 1] + Array("PAR1".utf8), .parquet),
      (Array("ARROW1\0\0".utf8), .arrow), (Array("MATLAB 5.0 MAT-file".utf8) + [0], .matlab),
      (Array("SQLite format 3\0".utf8), .sqlite),
      ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], .oldOffice),
      ([0x08, 0x08, 0x12, 0x02, 0x70, 0x79, 0x1A], .onnx),
      ([0x08, 0x01, 0x12, 0x01, 0x0A, 0x0A], .savedModel),
      (Array("GGUF".utf8) + [3, 0, 0, 0], .gguf), ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A], .picture),
      ([0xFF, 0xD8, 0xFF, 0xE0], .picture), (Array("%PDF-1.7".utf8), .pdf),
      ([2, 0, 0, 0, 0, 0, 0, 0] + Array("{}".utf8), .safetensors),
    ] as [([UInt8], ForeignKind)]) func filesAreNamedForWhatTheyAre(
      bytes: [UInt8], kind: ForeignKind
    ) throws
  {
    let path = try folder.file("file", bytes)
    #expect(bytes.withUnsafeBytes { ForeignKind(of: $0) } == kind)
    #expect(problem { try CSVTable(path: path) } == .foreign(kind))
    #expect(problem { try IndexedText(path: path) } == .foreign(kind))
    #expect(problem { try JSONValue(contentsOf: path) } == .foreign(kind))
    if kind == .safetensors { return }
    #expect(problem { try SafetensorsFile(path: path) } == .foreign(kind))
    if kind != .npz, kind != .npy {
      #expect(problem { try ArrayFile(path: path) } == .foreign(kind))
    }
  }

  @Test(arguments: [
    "", "a", "PAR1 is a format\n", "BZh is no archive", "GGUFs and others", "PK\n", "GIF89a is old",
    "MATLAB 5.0 MAT-file", "\u{8}abc", "ustar", "80,2\n1,2\n",
  ]) func textIsText(text: String) {
    #expect(Array(text.utf8).withUnsafeBytes { ForeignKind(of: $0) } == nil)
  }

  @Test func aPointerOfGitIsNamedByEveryReader() throws {
    let path = try folder.file(
      "m.safetensors", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n")
    #expect(problem { try ArrayFile(path: path) } == .foreign(.gitLFSPointer))
    #expect(problem { try SafetensorsFile(path: path) } == .foreign(.gitLFSPointer))
    #expect(problem { try CSVTable(path: path) } == .foreign(.gitLFSPointer))
    #expect(problem { try IndexedText(path: path) } == .foreign(.gitLFSPointer))
    #expect(thrown { try ArrayFile(path: path) }?.description.contains("git lfs pull") == true)
  }

  @Test func everyKindIsOneSentence() {
    for kind in ForeignKind.allCases {
      let text = FileError.malformed(path: "a'b\n.x", line: nil, .foreign(kind)).description
      #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 } && text.count < 900)
      #expect(text.contains("\(kind), which is not accepted here"))
    }
  }
}
