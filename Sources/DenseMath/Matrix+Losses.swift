import CUnrollVectorKernels
import UnrollText

extension Matrix {
  private var kernels: unroll_kernels { Element.kernelTable.pointer.pointee }

  /// Softmax cross-entropy of each row of logits `self` [N, O], in nats.
  ///
  /// losses[r] = ln Σ_j e^(y_rj) − y_r,class (0 where the weight is 0); the logits are overwritten
  /// with their gradient weight_r · (softmax − onehot).
  ///
  /// - Parameters:
  ///   - classes: the right class of each row, in 0..<O.
  ///   - weights: [1, N].
  ///   - hits: set to 1 where the largest logit is the right one's, to 0 elsewhere.
  @_specialize(where Element == Float)
  public func softmaxCrossEntropy(
    classes: ArraySlice<Int32>, weights: Matrix, losses: inout [Double], hits: inout [UInt8]
  ) {
    require(
      classes.count == rows && losses.count >= rows && hits.count >= rows,
      "expected \(rows) classes, losses and hits, got \(classes.count), \(losses.count), \(hits.count)"
    )
    checkWeights(weights)
    for label in classes {
      require(
        label >= 0 && Int(label) < columns, "expected classes in 0..<\(columns), got \(label)")
    }
    classes.withUnsafeBufferPointer { classes in
      losses.withUnsafeMutableBufferPointer { losses in
        hits.withUnsafeMutableBufferPointer { hits in
          guard let classes = classes.baseAddress, let losses = losses.baseAddress else { return }
          withPointers(to: self, weights) { logits, weights in
            kernels.softmax_cross_entropy(
              rows, columns, logits, stride, classes, weights, logits, stride, losses,
              hits.baseAddress)
          }
        }
      }
    }
  }

  /// Squared error of each row of outputs `self` [N, O], mean over the outputs.
  ///
  /// losses[r] = (1/O) Σ_j (y_rj − target_rj)² (0 where the weight is 0); the outputs are
  /// overwritten with their gradient weight_r · 2 (y − target) / O. `weights` is [1, N].
  @_specialize(where Element == Float)
  public func squaredError(targets: Matrix, weights: Matrix, losses: inout [Double]) {
    checkSameSize(targets, as: "targets")
    require(
      losses.count >= rows, "expected room for \(rows) losses, got \(losses.count)")
    checkWeights(weights)
    losses.withUnsafeMutableBufferPointer { losses in
      guard let losses = losses.baseAddress else { return }
      withPointers(to: self, targets, weights) { outputs, goals, weights in
        kernels.squared_error(
          rows, columns, outputs, stride, goals, targets.stride, weights, outputs, stride, losses)
      }
    }
  }

  private func checkWeights(_ weights: Matrix, function: StaticString = #function) {
    weights.checkContiguous(function: function)
    require(
      weights.count == rows, "expected \(rows) weights, got \(weights.count)", function: function)
  }
}
