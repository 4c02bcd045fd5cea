import Foundation
import Testing

@testable import UnrollFileFormats

/// Streams made by Python's zlib 1.2.13 (`zlib.compressobj(level, zlib.DEFLATED, -15, 9, strategy)`).
struct InflateTests {
  private func inflate(_ base64: String, size: Int) throws -> [UInt8]? {
    let data = try #require(Data(base64Encoded: base64))
    return data.withUnsafeBytes { Inflate.decompress($0, size: size) }
  }

  private static let counting: [UInt8] = (0..<2000).map { UInt8(truncatingIfNeeded: $0 * $0 / 7) }

  private static let streams: [(name: String, base64: String, expected: [UInt8])] = [
    (
      "empty",
      "AwA=",
      []
    ),
    (
      "stored",
      "ASgA1/8AAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYn",
      Array(0..<40)
    ),
    (
      "fixed",
      "y0jNyclXyEAnAQ==",
      Array("hello hello hello hello".utf8)
    ),
    (
      "dynamic",
      "7dPvKyRhAMDxx2g7T2qRqSPKyGxHao+8OE/UjbTxpPYYL46oG2k7UmvkxRF1Y7QdqcWYOqJupO1I7ZEX"
        + "54m6R9qO1B55cUTdyGxI7Y28OKLux/9wL32/f8MHAJDAJDoewWRnGpuRzfEF7hL03FMjNkptco8yrE2H"
        + "PpHN6KFl3yexue4y/NLXrY4bS3TXvGLSXc9wk39An1/ftW6deeiFr09boAd2EofEjsAHsh+HvNDcoy9H"
        + "L+ETT6s6S03ACS3qXOQMFnq79NVjwGP/BPnhKBR7jS07Q2jX1mIpqDVIrNTyNn0jnoXfhPaZYmmM2lyd"
        + "uhJ7jPvCJ2x1/5KV6R0kP11N2jYolefNTHEk8ht1hy94aeaArQvuwKrAJlOhUCAoG0xl4CusCe6xDTMm"
        + "3x6+Rm8jyeKUmS+vAqwduTpJonfKKurfYlvCd/h9rETd42SaKi0z9aFfeDpeoZ+Xj1koeIpGY2XahTBp"
        + "Vxu34qLjFUn3b/PKcal+5V2EryN56olgAInmqqeej7AjWqzfNFN+OF5PcgKXIuGG7AZaoN35vqE5Z69V"
        + "u56vJ/iP8GfXBNNl1tIiI0299n3Ha+5ZduhethqjleRpKEuDyo18Lh2KO54vaMW9wBvZk+y4cwS+cwwy"
        + "A0D5+wAz6HgHR5zj7GS2wS+4V9AXz454KJ3LNwrUskJPSWW00ZLvh9hZ9xr+7rtW04wiWmt2MROuz/jI"
        + "n6Dnr9davc459M13pxXQBnuII+JlIIfUx4d52nyjF0c74EfPqZpLJWAIJ2pe5DVc9F7ppccKv+1PJ68c"
        + "i+KtUW1PChdaWWwUnQaRNVZ+rlfEp/GvUD2zLKVSmdtTS2Lv8V24hd3qL7KmvImk03WkYbAq55tTYnLk"
        + "LboOt/PmTAO7F6yBXwOVzIYiAKpUMJuBKrgTrGMPZiT+ItyNfkdGxExzXi4F21qT6ycZ9GZaS/3V7Em4"
        + "Dz+Orah1nE3HpGJmP/QGZ8U39LbyVIsEW1FKbE1rFzLsLaNXLHT8IBN+zIPjVb3LWwjPInNqi8ABk86q"
        + "rZ4n8DK6rPc0CzyM75MPgQ4RcUn2AV3Q+nwvUJ7z1tpdn9cH/E34mSuduTJ36ZIxrnb7XuIydy6bdG9b"
        + "h9FN8ik0rQ0rPXKb1CjWeJ6jEncBz2VnsGnOZPjIkcgkgH89+Hvw9+Dvwd9/8fcH",
      counting
    ),
    (
      "huffman only",
      "BcFRKCRhAADg32jjTy0yhagbmQ2pPfLAH2Wk7fypPcYDom6k7UjtjTwcUTdG25HaY0wdUTfSdqQWeTh/"
        + "1P3SdqT2yMMRZWQ2pNbIwxF1930AgAQm0ZEEU5zpbFYuxxe5y1C1p15slbrkfmVMmw2tkJ3oiWW/JLN5"
        + "7krc7OtTJ41VemDeMxmuctzmH9YXtw6sJ2c+eusb1JbosZ3MIbEn8I0cxSEvtPfra9FbWODpVOepCTih"
        + "Q12IXMFib6++cQZ47J8i545iccDYtbOEbm0zloo6g8RKq+rSt+M5+GPoiCmVJqjNNarrsUw8GL5g64ZW"
        + "rWzvCLlztWl7oEJeNLPF8cg/1Be+4aW5Y7YxuA/fBHaYGoUCQdlmagO/YH3wkG2ZM/nu8AP6FEkRZ8xC"
        + "eQNg7dT1gSR6Z6ySoV22I/yMv8bK1ENOpmnSGtMU+otn4zX6ddWEhYKX6EusUrsRpu0640lcdrwjGf49"
        + "Xjmr0O+9y/B9JF+9EAwg0Tz10vMd9kRL9cd2yo/Fm8irwK1IuFG7hRZpz77faME5YDVsFeoJ/lP8wzXF"
        + "9JoNtMRIVx98f/Cme54dfZGt1mgteR3K0aDyKF9LJ+K+5ydady/xRu40O+kch58dI8wwUIAChpkRx2c4"
        + "7pxkp3MNfsm9jn569sUT6Vp+VKCWE3pNaqOtlvwyys67N/Ef34OabpTQBrOXmXL9wKf+BL1wq8EacC6g"
        + "375nrYi22KMcEW8Dr0hTfIyn7Y96abQHfvdcqnlUAoZwoeZH3sNl771ecabwe/4M8s6xLD4Zdfa0cKNV"
        + "xr6gyyCyJqqu9Zr4LP4bamLWpDQqc4dqWewrfg53sLtDJdaMN5F8cJ1qGGzIheaMmBL5hB7C3bw518Ie"
        + "Buvhr0Ats60IgCo1zE7gDdwPNrLHcxJ/E+5D/yLjYra5KFeAPa3NdUdGvNnW6lAdexEexJmxdbWRs+mE"
        + "VMochT7inPi23lWVZpFgJ0qNbWrdQpa9awyIxY5zMuXHPDjb0Hu9xfAqsqB2CBww6bza6SmAt9E1vb9d"
        + "4GH8iHwL9IiIS7aP6ZI26HuL8p1P1sHWoj7sb8Plrgzm3jygq8ak2udrxpXuPDb5xbZOojtkJTSrjSn9"
        + "cpfUKtZ7qlGZu4jncrPYdGcKTHIkMgkAAAASmERHEkxxprNZuRxf5C5D1Z56sVXqkvuVMW02tEJ2oieW"
        + "/ZLM5rkrcbOvT500VumBec9kuMpxm39YX9w6sJ6c+eitb1Bbosd2MofEnsA3chSHvNDer69Fb2GBp1Od"
        + "pybghA51IXIFi729+sYZ4LF/ipw7isUBY9fOErq1zVgq6gwSK62qS9+O5+CPoSOmVJqgNteorscy8WD4"
        + "gq0bWrWyvSPkztWm7YEKedHMFscj/1Bf+IaX5o7ZxuA+fBPYYWoUCgRlm6kN/IL1wUO2Zc7ku8MP6FMk"
        + "RZwxC+UNgLVT1weS6J2xSoZ22Y7wM/4aK1MPOZmmSWtMU+gvno3X6NdVExYKXqIvsUrtRpi264wncdnx"
        + "jmT493jlrEK/9y7D95F89UIwgETz1EvPd9gTLdUf2yk/Fm8irwK3IuFG7RZapD37fqMF54DVsFWoJ/hP"
        + "8Q/XFNNrNtASI1198P3Bm+55dvRFtlqjteR1KEeDyqN8LZ2I+56faN29xBu50+ykcxx+dowww0ABChhm"
        + "Rhyf4bhzkp3ONfgl9zr66dkXT6Rr+VGBWk7oNamNtlryyyg7797Ef3wParpRQhvMXmbK9QOf+hP0wq0G"
        + "a8C5gH77nrUi2mKPckS8DbwiTfExnrY/6qXRHvjdc6nmUQkYwoWaH3kPl733esWZwu/5M8g7x7L4ZNTZ"
        + "08KNVhn7gi6DyJqoutZr4rP4b6iJWZPSqMwdqmWxr/g53MHuDpVYM95E8sF1qmGwIReaM2JK5BN6CHfz"
        + "5lwLexish78Ctcy2IgCq1DA7gTdwP9jIHs9J/E24D/2LjIvZ5qJcAfa0NtcdGfFmW6tDdexFeBBnxtbV"
        + "Rs6mE1IpcxT6iHPi23pXVZpFgp0oNbapdQtZ9q4xIBY7zsmUH/PgbEPv9RbDq8iC2iFwwKTzaqenAN5G"
        + "1/T+doGH8SPyLdAjIi7ZPqZL2qDvLcp3PlkHW4v6sL8Nl7symHvzgK4ak2qfrxlXuvPY5BfbOonukJXQ"
        + "rDam9MtdUqtY76lGZe4insvNYtOdKTDJkcgkAAAASGASHUkwxZnOZuVyfJG7DFV76sVWqUvuV8a02dAK"
        + "2YmeWPZLMpvnrsTNvj510lilB+Y9k+Eqx23+YX1x68B6cuajt75BbYke28kcEnsC38hRHPJCe7++Fr2F"
        + "BZ5OdZ6agBM61IXIFSz29uobZ4DH/ily7igWB4xdO0vo1jZjqagzSKy0qi59O56DP4aOmFJpgtpco7oe"
        + "y8SD4Qu2bmjVyvaOkDtXm7YHKuRFM1scj/xDfeGb/w==",
      counting
    ),
    (
      "run lengths",
      "7cExAQAAAMKgrPYvsRKewAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAACAuwA=",
      Array(repeating: 0x61, count: 70_000)
    ),
    (
      "one distance",
      "7cIBCQAAAAKgrfV/RDsC0TQAAAAAAAAAAABwbw==",
      Array(String(repeating: "ab", count: 5000).utf8)
    ),
  ]

  @Test(arguments: streams)
  func pythonsStreams(name: String, base64: String, expected: [UInt8]) throws {
    #expect(try inflate(base64, size: expected.count) == expected, "\(name)")
    #expect(try inflate(base64, size: expected.count + 1) == nil, "\(name)")
    if !expected.isEmpty {
      #expect(try inflate(base64, size: expected.count - 1) == nil, "\(name)")
    }
  }

  @Test func cutOffAnywhereOrDamagedIsNilOrOtherBytesAndNoTrap() throws {
    for (_, base64, expected) in Self.streams {
      let whole = Array(try #require(Data(base64Encoded: base64)))
      for length in stride(from: 0, to: whole.count, by: max(whole.count / 200, 1)) {
        let result = whole[..<length].withUnsafeBytes {
          Inflate.decompress($0, size: expected.count)
        }
        #expect(result == nil)
      }
      for index in stride(from: 0, to: whole.count, by: max(whole.count / 300, 1)) {
        for bit in 0..<8 {
          var damaged = whole
          damaged[index] ^= 1 << UInt8(bit)
          let result = damaged.withUnsafeBytes { Inflate.decompress($0, size: expected.count) }
          #expect(result == nil || result?.count == expected.count)
        }
      }
    }
  }

  @Test func noFewBytesAskForManyGigabytes() throws {
    #expect(try inflate("AwA=", size: 1 << 40) == nil)
  }

  @Test func theChecksumOfTheStandard() {
    #expect(Array("123456789".utf8).withUnsafeBytes { CRC32.checksum($0) } == 0xCBF4_3926)
    #expect([UInt8]().withUnsafeBytes { CRC32.checksum($0) } == 0)
  }

  /// The beginning alone, whatever follows it.
  @Test(arguments: streams.map(\.name)) func startsAreThoseOfTheWhole(name: String) throws {
    let stream = try #require(Self.streams.first { $0.name == name })
    let data = try #require(Data(base64Encoded: stream.base64))
    for count in [0, 1, 7, 300, 100_000] {
      let start = data.withUnsafeBytes {
        Inflate.start(of: $0, size: stream.expected.count, count: count)
      }
      #expect(start == Array(stream.expected.prefix(count)), "\(count)")
    }
  }
}
