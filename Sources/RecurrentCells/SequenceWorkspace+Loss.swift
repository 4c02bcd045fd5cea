import UnrollDenseMath

extension SequenceWorkspace {
  /// The loss over the steps of the last forward that lie in `range` and are supervised; leaves the
  /// outputs' gradient, scaled by `scale`, for `backward`.
  ///
  /// - Precondition: all of the window's states are in memory. With a ``RecomputePlan``, take the loss
  ///   with ``forward(_:_:steps:carrying:lossOver:scale:)``.
  public func loss(
    _ weights: PackedParameters<Element>, _ batch: Batch<Element>, over range: Range<Int>,
    scale: Double
  ) -> LossSum {
    requireWhole()
    return profile.time(.pass) {
      beginLoss(batch, range, scale)
      for number in 0..<tileBuffers.tiles(of: steps.count) {
        let tile = tile(number)
        formLoss(weights, batch, tile, at: tile.lowerBound)
      }
      return outputs.sum
    }
  }

  /// Begins the loss over the supervised steps of the window in `range`.
  func beginLoss(_ batch: Batch<Element>, _ range: Range<Int>, _ scale: Double) {
    supervised = batch.shape.supervised.clamped(to: range).clamped(to: steps)
    outputs.begin(scale: scale)
  }

  /// Adds the loss over the window's steps `tile`.
  ///
  /// - Parameter place: the first one's in memory.
  func formLoss(
    _ weights: PackedParameters<Element>, _ batch: Batch<Element>, _ tile: Range<Int>, at place: Int
  ) {
    let range = supervised(in: tile)
    guard !range.isEmpty else { return }
    outputs.add(
      range, first: supervised.lowerBound, hidden: hidden(range, tile, at: place), weights, batch)
  }

  /// The batch's supervised steps of the last loss among the window's steps `tile`.
  func supervised(in tile: Range<Int>) -> Range<Int> {
    supervised.clamped(
      to: steps.lowerBound + tile.lowerBound..<steps.lowerBound + tile.upperBound)
  }

  /// The top layer's hidden states after the batch's steps `range`, which lie in `tile`.
  func hidden(_ range: Range<Int>, _ tile: Range<Int>, at place: Int) -> Matrix<Element> {
    hidden(
      at: place + range.lowerBound - steps.lowerBound - tile.lowerBound, count: range.count)
  }
}
