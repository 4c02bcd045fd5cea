import UnrollDenseMath
import UnrollText

/// One row of the batch, at all steps or at one, by numbers that start at 0.
extension Batch {
  /// x of row `row` [T, I]: a view, to be read or written.
  ///
  /// - Precondition: the batch has such a row, and its inputs are numbers.
  @_specialize(where Element == Float)
  public func inputs(row: Int) -> Matrix<Element> {
    require(inputs.rows > 0, "expected number inputs, got classes")
    let (rows, width) = (shape.rows, inputs.columns)
    require(row >= 0 && row < rows, "expected a row in 0..<\(rows), got \(row)")
    return inputs.reshaped(rows: shape.timeSteps, columns: rows * width)
      .columns(row * width..<(row + 1) * width)
  }

  /// x of row `row` at step `step` [1, I]: a view, to be read or written.
  ///
  /// - Precondition: the batch has such a step and row, and its inputs are numbers.
  public func inputs(step: Int, row: Int) -> Matrix<Element> {
    require(inputs.rows > 0, "expected number inputs, got classes")
    let place = inputPlace(step, row)
    return inputs.rows(place..<place + 1)
  }

  /// The class that row `row` has as its input at step `step`.
  ///
  /// - Precondition: the batch has such a step and row, and its inputs are classes.
  public func inputClass(step: Int, row: Int) -> Int {
    require(!inputClasses.isEmpty, "expected class inputs, got numbers")
    return Int(inputClasses[inputPlace(step, row)])
  }

  /// Sets the class that row `row` has as its input at step `step`.
  ///
  /// - Precondition: the batch has such a step and row, and its inputs are classes.
  @_specialize(where Element == Float)
  public func setInputClass(_ index: Int, step: Int, row: Int) {
    require(!inputClasses.isEmpty, "expected class inputs, got numbers")
    inputClasses[inputPlace(step, row)] = checked(index, shape.input.width)
  }

  /// Sets the classes that row `row` has as its inputs, at all steps in order.
  ///
  /// - Precondition: the batch has such a row, and its inputs are classes.
  public func setInputClasses(row: Int, _ classAt: (_ step: Int) -> Int) {
    require(!inputClasses.isEmpty, "expected class inputs, got numbers")
    let (rows, width) = (shape.rows, shape.input.width)
    let places = stride(from: inputPlace(0, row), to: inputClasses.count, by: rows)
    // The array is reached once for all steps, which Swift checks each time.
    func set(_ classes: inout [Int32]) {
      for (step, place) in places.enumerated() { classes[place] = checked(classAt(step), width) }
    }
    set(&inputClasses)
  }

  /// Sets all classes, of inputs and of targets, to 0.
  public func clearClasses() {
    func clear(_ classes: inout [Int32]) { for place in classes.indices { classes[place] = 0 } }
    clear(&inputClasses)
    clear(&targetClasses)
  }

  /// y of row `row` at the supervised step `step` [1, O]: a view, to be read or written.
  ///
  /// - Precondition: the batch has such a row, the step is supervised, and targets are numbers.
  public func targets(step: Int, row: Int) -> Matrix<Element> {
    require(targets.rows > 0, "expected number targets, got classes")
    let place = targetPlace(step, row)
    return targets.rows(place..<place + 1)
  }

  /// The class that row `row` has as its target at the supervised step `step`.
  ///
  /// - Precondition: the batch has such a row, the step is supervised, and targets are classes.
  public func targetClass(step: Int, row: Int) -> Int {
    require(!targetClasses.isEmpty, "expected class targets, got numbers")
    return Int(targetClasses[targetPlace(step, row)])
  }

  /// Sets the class that row `row` has as its target at the supervised step `step`.
  ///
  /// - Precondition: the batch has such a row, the step is supervised, and targets are classes.
  @_specialize(where Element == Float)
  public func setTargetClass(_ index: Int, step: Int, row: Int) {
    require(!targetClasses.isEmpty, "expected class targets, got numbers")
    targetClasses[targetPlace(step, row)] = checked(index, shape.target.width)
  }

  /// Whether row `row` has a target at the supervised step `step`: its loss mask is not 0.
  ///
  /// - Precondition: the batch has such a row, and the step is supervised.
  public func hasTarget(step: Int, row: Int) -> Bool {
    lossMask[0, targetPlace(step, row)] != 0
  }

  /// Sets whether row `row` has a target at the supervised step `step`: its loss mask to 1 or 0.
  ///
  /// - Precondition: the batch has such a row, and the step is supervised.
  @_specialize(where Element == Float)
  public func setHasTarget(_ hasTarget: Bool, step: Int, row: Int) {
    lossMask[0, targetPlace(step, row)] = hasTarget ? 1 : 0
  }

  private func inputPlace(_ step: Int, _ row: Int, function: StaticString = #function) -> Int {
    require(
      step >= 0 && step < shape.timeSteps && row >= 0 && row < shape.rows,
      "expected a step in 0..<\(shape.timeSteps) and a row in 0..<\(shape.rows), got \(step), \(row)",
      function: function)
    return step * shape.rows + row
  }

  private func targetPlace(_ step: Int, _ row: Int, function: StaticString = #function) -> Int {
    require(
      shape.supervised.contains(step) && row >= 0 && row < shape.rows,
      "expected a step in \(shape.supervised) and a row in 0..<\(shape.rows), got \(step), \(row)",
      function: function)
    return (step - shape.supervised.lowerBound) * shape.rows + row
  }

  private func checked(_ index: Int, _ count: Int, function: StaticString = #function) -> Int32 {
    require(
      index >= 0 && index < count, "expected a class in 0..<\(count), got \(index)",
      function: function)
    return Int32(index)
  }
}
