import UnrollText

/// A term that is added to the loss and depends on more than the weights.
///
/// Like a ``Penalty`` it is part of the reported training loss, of the gradient, of its norm and so of
/// what is clipped; the test loss is without it.
public enum Regularizer: Sendable, Equatable {
  /// Nothing is added.
  case none
  /// α times the vanishing-gradient regularizer Ω of Pascanu, Mikolov & Bengio 2013 (*On the
  /// difficulty of training recurrent neural networks*, equation 9), for the `rnn` cell: it asks that
  /// the gradient keep its length from step to step. Over the T steps of a window, the first of which
  /// leads from the state before the window, and the B rows of the batch, for L the window's loss
  /// without penalties,
  ///
  ///     Ω = 1/B Σ_b Σ_t (r_{t,b} − 1)²
  ///     r_t = ‖∂L/∂h_{t+1} · ∂h_{t+1}/∂h_t‖ / ‖∂L/∂h_{t+1}‖ = ‖W_hhᵀ δ_{t+1}‖ / ‖∂L/∂h_{t+1}‖
  ///     δ_{t+1} = ∂L/∂h_{t+1} ⊙ f′(a_{t+1})
  ///
  /// where ∂L/∂h_{t+1} is the total derivative, through the loss at that step, the layer above and all
  /// later steps. In stacked layers each has its own sum, with its own states and W_hh, and Ω is the
  /// sum of these.
  ///
  /// **Held constant.** Ω is differentiated by W_hh where it stands written in r_t, and by nothing
  /// else: the states, with them f′(a_{t+1}), and ∂L/∂h_{t+1} count as constants (the paper's
  /// immediate derivative). With û_t = W_hhᵀ δ_{t+1} / ‖∂L/∂h_{t+1}‖, whose length is r_t,
  ///
  ///     ∂Ω/∂W_hh = 1/B Σ_b Σ_t 2 (r_t − 1)/r_t · δ_{t+1} û_tᵀ / ‖∂L/∂h_{t+1}‖
  ///
  /// No size of the loss or of its gradient matters to Ω or to this, so neither does the mean that is
  /// taken of the loss.
  ///
  /// **Left out.** A step and row at which ‖∂L/∂h_{t+1}‖, or one divided by it, is no normal number of
  /// the scalar type (zero, subnormal, not finite) adds nothing: there is no direction to keep. At
  /// r_t = 0 the length has no derivative; the term (0 − 1)² counts and adds nothing to the gradient.
  ///
  /// The paper's formula has no mean over rows, having one sequence. Its code
  /// (github.com/pascanur/trainingRNNs) squares both norms in r_t, leaves out
  /// ‖∂L/∂h_{t+1}‖² < 1e-20, and divides the sum over steps by the number of steps counted, so that
  /// near r = 1, where (r² − 1)² ≈ 4 (r − 1)², its α does what 4α/T does here.
  case omega(Double)

  /// The forms accepted by ``init(_:)``.
  public static let accepted = "none or omega:α with α > 0"

  /// - Throws: ``InvalidSetting`` for any other text.
  public init(_ text: String) throws(InvalidSetting) {
    if text == "none" {
      self = .none
    } else if let factor = try InvalidSetting.number(
      in: text, after: "omega", accepted: Self.accepted, where: { $0 > 0 })
    {
      self = .omega(factor)
    } else {
      throw InvalidSetting(value: text, accepted: Self.accepted)
    }
  }

  /// α, 0 without a term.
  public var factor: Double {
    switch self {
    case .none: 0
    case .omega(let factor): factor
    }
  }
}

extension Regularizer: CustomStringConvertible {
  /// The text that ``init(_:)`` reads back.
  public var description: String {
    switch self {
    case .none: "none"
    case .omega(let factor): "omega:\(factor.plainText)"
    }
  }
}
