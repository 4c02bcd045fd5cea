/// Decompression of the deflate format (RFC 1951), which zip archives use.
///
/// A code of Huffman's is kept as how many symbols have each length and the symbols in the order of
/// their codes: a symbol is found by reading bit after bit until the code so far is one of its length.
struct Inflate {
  private let input: UnsafeRawBufferPointer
  private var position = 0
  private var bits: UInt32 = 0
  private var bitCount = 0
  private var output: [UInt8] = []
  private let size: Int
  /// The number of bytes after which the rest is left alone.
  private let wanted: Int

  /// The most output that a byte of input can stand for: 258 bytes in two bits.
  static let largestRatio = 1032

  /// The `size` bytes that `input` stands for; nil where it is not well-formed or stands for another
  /// number of bytes.
  static func decompress(_ input: UnsafeRawBufferPointer, size: Int) -> [UInt8]? {
    guard size <= input.count.multipliedReportingOverflow(by: largestRatio).partialValue else {
      return nil
    }
    var state = Inflate(input: input, size: size, wanted: .max)
    return state.run() ? state.output : nil
  }

  /// The first `count` of these bytes, or all where there are fewer; nil where they are not well-formed.
  static func start(of input: UnsafeRawBufferPointer, size: Int, count: Int) -> [UInt8]? {
    guard size <= input.count.multipliedReportingOverflow(by: largestRatio).partialValue else {
      return nil
    }
    var state = Inflate(input: input, size: size, wanted: count)
    return state.run() ? Array(state.output.prefix(count)) : nil
  }

  private init(input: UnsafeRawBufferPointer, size: Int, wanted: Int) {
    (self.input, self.size, self.wanted) = (input, size, wanted)
    output.reserveCapacity(min(size, wanted))
  }

  private mutating func run() -> Bool {
    while true {
      guard let isLast = take(1), let kind = take(2) else { return false }
      let isWhole: Bool
      switch kind {
      case 0: isWhole = storedBlock()
      case 1: isWhole = block(literals: Self.fixedLiterals, distances: Self.fixedDistances)
      case 2:
        guard let (literals, distances) = codes() else { return false }
        isWhole = block(literals: literals, distances: distances)
      default: return false
      }
      guard isWhole else { return false }
      if output.count >= wanted { return true }
      if isLast == 1 { return output.count == size }
    }
  }

  /// The next `count` bits, the lowest first; at most 16.
  private mutating func take(_ count: Int) -> Int? {
    while bitCount < count {
      guard position < input.count else { return nil }
      bits |= UInt32(input[position]) << UInt32(bitCount)
      position += 1
      bitCount += 8
    }
    let value = bits & (1 << UInt32(count) - 1)
    bits >>= UInt32(count)
    bitCount -= count
    return Int(value)
  }

  private mutating func storedBlock() -> Bool {
    // The rest of a byte is not used. No whole byte waits in `bits`.
    (bits, bitCount) = (0, 0)
    guard let length = take(16), let complement = take(16), length == ~complement & 0xFFFF,
      length <= input.count - position, length <= size - output.count
    else { return false }
    output.append(contentsOf: input[position..<position + length])
    position += length
    return true
  }

  private mutating func block(literals: HuffmanCode, distances: HuffmanCode) -> Bool {
    while output.count < wanted {
      guard let symbol = next(literals) else { return false }
      if symbol < 256 {
        guard output.count < size else { return false }
        output.append(UInt8(symbol))
        continue
      }
      if symbol == 256 { return true }
      guard symbol - 257 < Self.lengths.count else { return false }
      let (length, lengthBits) = Self.lengths[symbol - 257]
      guard let moreLength = take(lengthBits), let code = next(distances),
        code < Self.distances.count
      else { return false }
      let (distance, distanceBits) = Self.distances[code]
      guard let moreDistance = take(distanceBits) else { return false }
      let (count, back) = (length + moreLength, distance + moreDistance)
      guard back <= output.count, count <= size - output.count else { return false }
      // One by one: what is copied may reach into what is being written.
      for _ in 0..<count { output.append(output[output.count - back]) }
    }
    return true
  }

  private mutating func next(_ code: HuffmanCode) -> Int? {
    var (value, first, index) = (0, 0, 0)
    for count in code.counts.dropFirst() {
      guard let bit = take(1) else { return nil }
      value |= bit
      if value - count < first { return code.symbols[index + value - first] }
      index += count
      first = (first + count) << 1
      value <<= 1
    }
    return nil
  }

  /// The codes at the start of a block that has its own.
  private mutating func codes() -> (literals: HuffmanCode, distances: HuffmanCode)? {
    guard let literals = take(5), let distances = take(5), let lengths = take(4) else { return nil }
    let (literalCount, distanceCount) = (literals + 257, distances + 1)
    guard literalCount <= 286, distanceCount <= 30 else { return nil }
    var lengthLengths = [Int](repeating: 0, count: 19)
    for place in Self.lengthOrder.prefix(lengths + 4) {
      guard let length = take(3) else { return nil }
      lengthLengths[place] = length
    }
    guard let lengthCode = HuffmanCode(lengthLengths) else { return nil }
    var found: [Int] = []
    while found.count < literalCount + distanceCount {
      guard let symbol = next(lengthCode) else { return nil }
      switch symbol {
      case ..<16: found.append(symbol)
      case 16:
        guard let last = found.last, let more = take(2) else { return nil }
        found.append(contentsOf: repeatElement(last, count: 3 + more))
      default:
        guard let more = take(symbol == 17 ? 3 : 7) else { return nil }
        found.append(contentsOf: repeatElement(0, count: (symbol == 17 ? 3 : 11) + more))
      }
    }
    // A block without its end, symbol 256, would never stop.
    guard found.count == literalCount + distanceCount, found[256] > 0,
      let literalCode = HuffmanCode(Array(found[..<literalCount])),
      let distanceCode = HuffmanCode(Array(found[literalCount...]))
    else { return nil }
    return (literalCode, distanceCode)
  }

  // MARK: The format's tables

  private static let lengthOrder = [
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
  ]
  /// The least length of symbol 257 + i, and the number of bits with what is to be added.
  private static let lengths: [(Int, Int)] =
    zip(
      [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115,
        131, 163, 195, 227, 258,
      ],
      [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]
    ).map { ($0, $1) }
  /// The same for distances: 1, 2, 3, 4, 5, 7, 9, 13, …, 24577.
  private static let distances: [(Int, Int)] = (0..<30).map { symbol in
    let bits = max(symbol / 2 - 1, 0)
    return symbol < 2 ? (symbol + 1, 0) : ((2 + symbol % 2) << bits + 1, bits)
  }
  private static let fixedLiterals = HuffmanCode(
    known: (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })
  private static let fixedDistances = HuffmanCode(known: Array(repeating: 5, count: 30))
}

/// A canonical Huffman code of at most 15 bits a symbol.
private struct HuffmanCode {
  /// How many symbols have a code of each length, from 0 on.
  let counts: [Int]
  /// The symbols that have a code, in the order of their codes.
  let symbols: [Int]

  /// - Parameter lengths: of each symbol's code; 0 for none.
  init(known lengths: [Int]) {
    var counts = [Int](repeating: 0, count: 16)
    for length in lengths where length > 0 { counts[length] += 1 }
    self.counts = counts
    symbols = (1...15).flatMap { length in lengths.indices.filter { lengths[$0] == length } }
  }

  /// Nil where more symbols have short codes than there are such codes. A code that leaves some
  /// unused is accepted, as of one distance alone: what uses one of those is then not well-formed.
  init?(_ lengths: [Int]) {
    self.init(known: lengths)
    var free = 1
    for count in counts.dropFirst() {
      free = free * 2 - count
      if free < 0 { return nil }
    }
  }
}
