import Testing
import UnrollTestSupport

@testable import UnrollFileFormats

/// SHA-256 against the examples of FIPS 180-4 and of NIST's *Cryptographic Standards and Guidelines:
/// Example values*, and against lengths around a block.
struct SHA256Tests {
  private func hash(_ pieces: [[UInt8]]) -> String {
    var hash = SHA256()
    for piece in pieces { piece.withUnsafeBytes { hash.update($0) } }
    return hash.hexadecimal()
  }

  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmno"
        + "pqrsmnopqrstnopqrstu",
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ),
  ])
  func standardExamples(text: String, expected: String) {
    #expect(hash([Array(text.utf8)]) == expected)
  }

  @Test func aMillionLetters() {
    let pieces = [[UInt8]](
      repeating: [UInt8](repeating: UInt8(ascii: "a"), count: 1000), count: 1000)
    #expect(
      hash(pieces) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  /// However the bytes are cut into pieces, around the lengths at which the last block overflows.
  @Test(arguments: [54, 55, 56, 63, 64, 65, 119, 120, 128, 300])
  func piecesDoNotMatter(count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + 11) }
    let whole = hash([bytes])
    for cut in [0, 1, 7, 55, 63, 64, 65, count] where cut <= count {
      #expect(hash([Array(bytes[..<cut]), [], Array(bytes[cut...])]) == whole)
    }
    #expect(hash(bytes.map { [$0] }) == whole)
  }

  /// What `head -c N /dev/zero | sha256sum` prints for 55, 56 and 64 zero bytes.
  @Test(arguments: [
    (55, "02779466cdec163811d078815c633f21901413081449002f24aa3e80f0b88ef7"),
    (56, "d4817aa5497628e7c77e6b606107042bbba3130888c5f47a375e6179be789fbb"),
    (64, "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b"),
  ])
  func paddingAtTheBlocksEnd(count: Int, expected: String) {
    #expect(hash([[UInt8](repeating: 0, count: count)]) == expected)
  }

  @Test func aFilesFingerprintIsThatOfItsBytes() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("abc.txt", "abc")
    let fingerprint = try FileFingerprint(path: path)
    #expect(
      fingerprint
        == FileFingerprint(
          bytes: 3, sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"))
    #expect(fingerprint.description == "3 bytes, SHA-256 ba7816bf8f01…")
    #expect(throws: FileError.missing(path: path + "x")) { try FileFingerprint(path: path + "x") }
  }
}
