/// Parts of a flat gradient that a rule clips each on its own, cut along the chunks in which the
/// gradient comes.
struct GradientUnits: Sendable {
  /// What of a unit lies in one chunk.
  struct Piece: Sendable {
    let unit: Int
    /// Counted from the chunk's start.
    let places: Range<Int>
  }

  let pieces: [Piece]
  /// The number of each chunk's first piece, and of each unit's, and behind them that of all.
  private let firstOfChunk: [Int]
  private let firstOfUnit: [Int]

  /// - Parameters:
  ///   - units: in their order in the gradient, which they need not cover.
  ///   - count: the gradient's elements.
  init(_ units: [Range<Int>], count: Int, chunk: Int) {
    var pieces: [Piece] = []
    var firstOfUnit: [Int] = []
    var firstOfChunk = [0]
    for (unit, range) in units.enumerated() {
      firstOfUnit.append(pieces.count)
      var start = range.lowerBound
      while start < range.upperBound {
        while firstOfChunk.count <= start / chunk { firstOfChunk.append(pieces.count) }
        let chunkStart = start / chunk * chunk
        let end = min(range.upperBound, chunkStart + chunk)
        pieces.append(Piece(unit: unit, places: start - chunkStart..<end - chunkStart))
        start = end
      }
    }
    let chunks = max(1, (count + chunk - 1) / chunk)
    while firstOfChunk.count <= chunks { firstOfChunk.append(pieces.count) }
    self.pieces = pieces
    self.firstOfChunk = firstOfChunk
    self.firstOfUnit = firstOfUnit + [pieces.count]
  }

  /// The number of units.
  var count: Int { firstOfUnit.count - 1 }

  /// The numbers of the pieces in a chunk.
  func pieces(ofChunk chunk: Int) -> Range<Int> { firstOfChunk[chunk]..<firstOfChunk[chunk + 1] }

  /// The numbers of the pieces of a unit.
  func pieces(ofUnit unit: Int) -> Range<Int> { firstOfUnit[unit]..<firstOfUnit[unit + 1] }
}
