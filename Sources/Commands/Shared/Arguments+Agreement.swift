import UnrollCommandLine
import UnrollRecurrentCells
import UnrollStudies

extension Arguments {
  /// Refuses sizes on the command line that are others than those of `model`. Those that agree say
  /// nothing new, and are accepted.
  ///
  /// - Throws: `UsageError.rejected`.
  func requireSizes(of model: SavedModel) throws {
    let sizes = model.file.configuration
    try requireAgreement(
      of: "hidden", with: model, self[.hidden] == sizes.hidden, "\(sizes.hidden)")
    try requireAgreement(
      of: "layers", with: model, self[.layers] == sizes.layers, "\(sizes.layers)")
    let state = sizes.learnsInitialState ? "learned" : "zero"
    try requireAgreement(of: "initial-state", with: model, self[.initialState] == state, state)
  }

  /// Refuses the option called `name` on the command line unless it agrees with `model`, whose value is
  /// `value`.
  ///
  /// - Throws: `UsageError.rejected`.
  func requireAgreement(
    of name: String, with model: SavedModel, _ agrees: Bool, _ value: String
  ) throws {
    if wasTyped(name), !agrees {
      throw rejection(of: name, accepted: "\(value), that of \(model.path.escaped)")
    }
  }
}
