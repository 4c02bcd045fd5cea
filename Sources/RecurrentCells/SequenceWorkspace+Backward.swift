import UnrollDenseMath
import UnrollOptimization

extension SequenceWorkspace {
  /// Backpropagates the last loss through the window. May be repeated.
  ///
  /// - Parameters:
  ///   - gradients: the parameters' gradients are added to it; nil where only `observer` needs the
  ///     pass.
  ///   - inputGradient: set to ∂ℓ/∂x [T·B, I]; nil where it is not wanted.
  ///   - clipper: clips the gradients by pre-activations at every step; nil for none.
  ///   - observer: is shown every step's gradients; nil for none.
  @_specialize(where Element == Float)
  public func backward(
    _ weights: PackedParameters<Element>, _ batch: Batch<Element>,
    into gradients: Parameters<Element>?, inputGradient: Matrix<Element>? = nil,
    clipper: PreactivationClipper<Element>? = nil, observer: (any BackwardObserver<Element>)? = nil
  ) {
    profile.time(.pass) {
      formGradients(
        weights, batch, gradients, inputGradient: inputGradient, clipper: clipper,
        observer: observer)
    }
  }

  /// The vanishing-gradient regularizer's term over the last `backward`, whose gradients hold its
  /// own; 0 without one.
  public var vanishingGradientLoss: Double { tileBuffers.vanishingGradientTerm?.value ?? 0 }

  private func formGradients(
    _ weights: PackedParameters<Element>, _ batch: Batch<Element>,
    _ gradients: Parameters<Element>?, inputGradient: Matrix<Element>?,
    clipper: PreactivationClipper<Element>?, observer: (any BackwardObserver<Element>)?
  ) {
    for index in layers.indices { layers[index].startBackward() }
    tileBuffers.vanishingGradientTerm?.reset()
    let given = batch.stateGradients
    var end = steps.count
    while end > 0 {
      let tile = tile(endingAt: end, given)
      end = tile.lowerBound
      hold(tile: tile, weights, batch)
      let places = tile.lowerBound - held.lowerBound..<tile.upperBound - held.lowerBound
      formOutputGradient(weights, batch, tile, at: places.lowerBound, gradients)
      for index in layers.indices.reversed() {
        given?.addFinal(
          layer: index, step: steps.lowerBound + tile.upperBound - 1,
          hidden: layers[index].hiddenCarry, cell: layers[index].cellCarry)
        layers[index].backward(
          weights, input(of: index, batch, tile, at: places), tile: places,
          after: held.lowerBound, buffers: tileBuffers, gradients: gradients, clipper: clipper,
          observer: observer, profile: profile)
        let target =
          index == 0
          ? inputGradient?.rows(tile.lowerBound * rows..<tile.upperBound * rows)
          : tileBuffers.hiddenGradient.rows(rows..<(tile.count + 1) * rows)
        guard let target else { continue }
        profile.time(.inputGradients) {
          weights.layers[index].formInputGradient(
            tileBuffers.gateGradients.rows(0..<tile.count * rows), weights.parameters, into: target)
        }
      }
    }
    guard let gradients else { return }
    for index in layers.indices {
      layers[index].finishBackward(into: gradients)
      if startsSequence { layers[index].addInitialStateGradient(to: gradients) }
    }
  }

  /// The tile of the window's steps that ends before `end`; cut where a row ends inside it, so that
  /// its final states' gradients enter with what the tile behind hands over.
  private func tile(endingAt end: Int, _ given: StateGradients<Element>?) -> Range<Int> {
    let start = (end - 1) / tileBuffers.steps * tileBuffers.steps
    guard let given else { return start..<end }
    let first = steps.lowerBound
    return given.tileStart(from: first + start, to: first + end) - first..<end
  }

  /// Sets the tile's ∂ℓ/∂h to what the loss gives and what the batch has been given [T·B, H], and adds
  /// the readout's gradients.
  private func formOutputGradient(
    _ weights: PackedParameters<Element>, _ batch: Batch<Element>, _ tile: Range<Int>,
    at place: Int, _ gradients: Parameters<Element>?
  ) {
    let incoming = tileBuffers.hiddenGradient.rows(rows..<(tile.count + 1) * rows)
    let range = steps.lowerBound + tile.lowerBound..<steps.lowerBound + tile.upperBound
    let supervised = supervised(in: tile)
    if supervised != range { incoming.fill(0) }
    if !supervised.isEmpty {
      profile.time(.readout) {
        let hidden = hidden(supervised, tile, at: place)
        let outputGradient = outputs.gradients(
          supervised, first: self.supervised.lowerBound, hidden: hidden, weights, batch)
        if let gradients {
          gradients["head.weight"].formProduct(
            outputGradient, hidden, transposing: .left, adding: true)
          gradients["head.bias"].addColumnSums(of: outputGradient)
        }
        let start = (supervised.lowerBound - range.lowerBound) * rows
        incoming.rows(start..<start + outputGradient.rows)
          .formProduct(outputGradient, weights.parameters["head.weight"])
      }
    }
    if let given = batch.stateGradients?.outputs {
      incoming.addElements(of: given.rows(range.lowerBound * rows..<range.upperBound * rows))
    }
  }
}
