import UnrollFileFormats

extension ArrayFile {
  /// A floating-point array.
  func numbers(_ name: String) throws -> ShapedArray<Double> {
    ShapedArray(shape: try shape(of: name), try doubles(name))
  }

  /// The array `x`, numbers.
  ///
  /// - Throws: `TaskError.ArraysProblem.tokens` for integers, which are the numbers of tokens or classes.
  func inputs() throws -> ShapedArray<Double> {
    // Texts are refused as such by `numbers`.
    guard try isFloatingPoint("x") || isText("x") else {
      throw TaskError.ArraysProblem.tokens(tensor: "x", embedding: nil)
    }
    return try numbers("x")
  }

  /// An integer array.
  func integerArray(_ name: String) throws -> ShapedArray<Int> {
    ShapedArray(shape: try shape(of: name), try integers(name))
  }

  /// The array `lengths`; nil in a file without it.
  func lengths() throws -> ShapedArray<Int>? {
    guard contains("lengths") else { return nil }
    if try isBoolean("lengths") {
      throw malformed(.wrongDtype(tensor: "lengths", dtype: "boolean", accepted: ["integers"]))
    }
    return try integerArray("lengths")
  }

  /// The number `classes`, of which the targets are some; nil in a file without it.
  ///
  /// - Throws: `TaskError.ArraysProblem.shape`, `.countOutOfRange`; `FileError`.
  func classes() throws -> Int? {
    guard contains("classes") else { return nil }
    let array = try integerArray("classes")
    guard array.elements.count == 1, array.shape.count < 2, let count = array.elements.first else {
      throw TaskError.ArraysProblem.shape(
        tensor: "classes", expected: "[] or [1]", got: array.shape)
    }
    let accepted = 1...SequenceArrays.largestClassCount
    guard accepted.contains(count) else {
      throw TaskError.ArraysProblem.countOutOfRange(
        tensor: "classes", value: count, accepted: accepted)
    }
    return count
  }

  /// The array `y`: numbers or, where it is of an integer type, classes.
  ///
  /// - Throws: `TaskError.ArraysProblem.noTargets`; `FileError`.
  func targets() throws -> SequenceTargets {
    guard contains("y") else { throw TaskError.ArraysProblem.noTargets(present: names) }
    return try isFloatingPoint("y") ? .values(numbers("y")) : .classes(integerArray("y"))
  }

  /// What `make` makes of this file's arrays; what is wrong with them is reported with the path.
  ///
  /// - Throws: `FileError`, ``TaskError/arrays(path:_:)``.
  func checkingArrays<Result>(_ make: (ArrayFile) throws -> Result) throws -> Result {
    do {
      return try make(self)
    } catch TaskError.ArraysProblem.nonFinite(let tensor, let index) where tensor != "y" {
      throw malformed(.nonFinite(tensor: tensor, index: index), in: tensor)
    } catch let problem as TaskError.ArraysProblem {
      throw TaskError.arrays(path: pathOfFile(with: problem.array), problem)
    }
  }
}
