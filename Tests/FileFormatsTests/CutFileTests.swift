import Foundation
import Testing
import UnrollTestSupport

@testable import UnrollFileFormats

/// Files that another program cuts short while they are mapped.
@Suite struct CutFileTests {
  private let folder: TemporaryFolder
  private static let page = Int(getpagesize())

  init() throws { folder = try TemporaryFolder() }

  private func mapped(pages: Int) throws -> MappedFile {
    try MappedFile(
      path: folder.file("a.txt", [UInt8](repeating: 7, count: pages * Self.page)))
  }

  @Test func whatIsGoneIsReadAsZeros() throws {
    let file = try mapped(pages: 5)
    try file.requireWhole()
    #expect(truncate(file.path, off_t(Self.page + 10)) == 0)
    let bytes = file.withUnsafeBytes { Array($0) }
    #expect(bytes.prefix(Self.page).allSatisfy { $0 == 7 })
    #expect(bytes.count == 5 * Self.page && bytes.suffix(3 * Self.page).allSatisfy { $0 == 0 })
    #expect(thrown { try file.requireWhole() } == .cutShort(path: file.path))
    // What was read stays in doubt, whatever becomes of the file.
    #expect(truncate(file.path, off_t(5 * Self.page)) == 0)
    #expect(thrown { try file.requireWhole() } == .cutShort(path: file.path))
  }

  /// No page is gone, so that the system says nothing.
  @Test func aCutWithinAPageIsFound() throws {
    let file = try mapped(pages: 1)
    #expect(truncate(file.path, 10) == 0)
    #expect(thrown { try file.requireWhole() } == .cutShort(path: file.path))
    #expect(thrown { try file.read { $0[Self.page - 1] } } == .cutShort(path: file.path))
  }

  /// The mapping is of the file that was there.
  @Test func aFileThatIsReplacedRemovedOrGrowsIsWhole() throws {
    let file = try mapped(pages: 2)
    let handle = try FileHandle(forWritingTo: URL(filePath: file.path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data([1, 2, 3]))
    try file.requireWhole()
    try AtomicFile.write("short", to: file.path)
    try file.requireWhole()
    #expect(unlink(file.path) == 0)
    try file.requireWhole()
    #expect(file.withUnsafeBytes { $0.allSatisfy { $0 == 7 } })
  }

  @Test func readersSayWhatHappened() throws {
    let path = try folder.file("t.txt", String(repeating: "the cat sat\n", count: 4_000))
    let text = try IndexedText(path: path)
    #expect(truncate(path, 100) == 0)
    #expect(thrown { try text.counts(in: 30_000..<40_000) } == .cutShort(path: path))
    let line = try #require(thrown { try text.counts(in: 0..<40_000) }).description
    #expect(line.contains("was cut short while it was read") && line.contains("restore it"))
  }

  /// Tensors, arrays and tables are read long after the file was opened, or while it is read.
  @Test func readersOfNumbersSayWhatHappened() throws {
    let numbers = (0..<10_000).map(Double.init)
    var writer = SafetensorsWriter(requireFinite: true)
    writer.append("x", shape: [numbers.count], numbers)
    try writer.write(to: folder("a.safetensors"))
    try NumPyArchive.write(
      [NamedArray("x", shape: [numbers.count], .doubles(numbers))], to: folder("a.npz"))
    for name in ["a.safetensors", "a.npz"] {
      let path = folder(name)
      let file = try ArrayFile(path: path)
      #expect(try file.doubles("x") == numbers)
      #expect(truncate(path, off_t(Self.page)) == 0)
      #expect(thrown { try file.doubles("x") } == .cutShort(path: path))
    }
  }

  /// The guard is for files that are mapped here, not for faults of other code.
  @Test(.enabled(if: !isSanitized)) func otherFaultsAreNotHidden() async {
    await #expect(processExitsWith: .signal(SIGBUS)) {
      let folder = try TemporaryFolder()
      _ = try MappedFile(path: folder.file("mine", [1]))
      let path = try folder.file("other", [UInt8](repeating: 1, count: 3 * Int(getpagesize())))
      let descriptor = open(path, O_RDONLY)
      let start = mmap(nil, 3 * Int(getpagesize()), PROT_READ, MAP_PRIVATE, descriptor, 0)
      truncate(path, 1)
      let bytes = UnsafeRawBufferPointer(start: start, count: 3 * Int(getpagesize()))
      print(bytes.reduce(0) { $0 + Int($1) })
    }
  }
}
