import Foundation
import UnrollText

extension TaskError: CustomStringConvertible, LocalizedError {
  /// What is wrong, what is accepted and where, in one line.
  public var description: String {
    switch self {
    case .unknownTask(let name, let accepted):
      "unknown task \(name.quoted); accepted: \(accepted.joined(separator: ", "))"
    case .missingOption(let task, let option):
      "the task \(task.quoted) needs \(option.meaning)"
    case .lengthOutOfRange(let task, let length, let accepted):
      "length \(length): the task \(task.quoted) takes lengths "
        + (length < accepted.lowerBound && accepted.upperBound == longestLength
          ? "from \(accepted.lowerBound) on" : accepted.words)
    case .tooFewData(let path, let count, let heldOut, let needed):
      "\(path.escaped): \(NumberText.count(count, "character or value", "characters or values")) to "
        + "train on, \(NumberText.count(heldOut)) for validation and test; at least \(needed) are needed "
        + "to train on, two steps for each row of the batch and one more"
        + TaskError.remedy(count: count, heldOut: heldOut, needed: needed)
    case .tooShort(let path, let count, let needed):
      "\(path.escaped): \(NumberText.count(count, "value")); at least \(needed) are needed, \(needed - 2) to train on, "
        + "1 for validation and 1 for the test"
    case .partTooSmall(let path, let part, let count, let total, let needed):
      "\(path.escaped): \(count) of its \(NumberText.count(total, "character")) "
        + "\(count == 1 ? "is" : "are") \(part.purpose); accepted: "
        + HeldOutSize.leastWords(needed, of: total)
    case .tooFewToMeasure(let path, let count, let needed, let noun):
      "\(path.escaped): \(NumberText.count(count, noun)) to measure; at least \(needed) are needed"
    case .fileNotAccepted(let task, let option, let path):
      "\(option.rawValue) \(path.escaped): the task \(task.quoted) takes a share of its end, such as "
        + "0.05, or a number of characters"
    case .holdoutOutOfRange(let path, let holdout, let accepted):
      "holdout \(holdout): for \(path.escaped), \(accepted.words) values can be held out for the test, "
        + "with as many before them for validation and at least \(DataSplit.leastTrainingCount) to "
        + "train on"
    case .shorterThanRecorded(let path, let count, let recorded):
      "\(path.escaped) has \(NumberText.count(count, "character, value or sequence", "characters, values or sequences")); the run has "
        + "recorded \(NumberText.count(recorded)), and accepted is a file with at least as many"
    case .otherSplit(let path, let recorded, let found):
      "\(path.escaped) is divided into \(found.words); the run has recorded \(recorded.words), and goes "
        + "on with the options for validation and test that it began with"
    case .notScalable(let path, let column):
      "\(path.escaped): the values in column \(column.quoted) are too large to be scaled; "
        + "accepted are those whose mean and standard deviation are finite"
    case .tooClose(let path, let column, let spread):
      "\(path.escaped): the values in column \(column.quoted) lie within "
        + "\(NumberText.scientific(spread)) of each other, too close to be scaled; accepted are those "
        + "with a standard deviation above 1.5e-154: multiply the column by a constant"
    case .arrays(let path, let problem): "\(path.escaped): \(problem)"
    case .nothingKnown(let path, let columns, let part):
      columns.count == 1
        ? "\(path.escaped): all values of column \(columns[0].quoted) that are \(part.purpose) are "
          + "missing; at least one is needed"
        : "\(path.escaped): no row \(part.purpose) has values in all of the columns "
          + "\(columns.map(\.quoted).joined(separator: ", ")); at least one is needed"
    case .repeatedColumn(let path, let column):
      "\(path.escaped): column \(column.quoted) is named twice; each is accepted once"
    case .otherColumns(let path, let inputs, let targets, let neededInputs, let neededTargets):
      "\(path.escaped): \(inputs) \(inputs == 1 ? "column is" : "columns are") read and \(targets) "
        + "predicted; the model reads \(neededInputs) and predicts \(neededTargets)"
    case .columnAndList(let list):
      "column and \(list.rawValue) exclude each other: column is one that is read and predicted, "
        + "columns are those that are read, and target is what is predicted"
    case .columnList(let option, let text):
      "\(option.rawValue) \(text.quoted): accepted are names or numbers of columns, separated by "
        + "commas; a name with a comma in double quotes"
    case .noFeedback(let horizon, let column):
      "horizon \(horizon): column \(column.quoted) is read but not predicted, so that only the next "
        + "value can be forecast; accepted: 1"
    case .nothingInVocabulary(let path, let part):
      "\(path.escaped): none of the characters \(part.purpose) is in the vocabulary; "
        + "at least one is needed, after the first"
    case .missingNotAccepted(let task, let policy, let accepted):
      "missing \(policy.rawValue): the task \(task.quoted) accepts "
        + accepted.map(\.rawValue).joined(separator: ", ")
    case .modelMismatch(let use, let needed, let inputs, let outputs):
      "the model has \(NumberText.count(inputs, "input")) and \(NumberText.count(outputs, "output")); \(use.words(needed)) accepted"
    }
  }

  public var errorDescription: String? { description }
}

extension TaskError.ArraysProblem: CustomStringConvertible, LocalizedError {
  /// What is wrong with which tensor and what is accepted, in one line.
  public var description: String {
    switch self {
    case .shape(let tensor, let expected, let got):
      "tensor \(tensor.quoted) has the shape \(got.shapeText); accepted: \(expected)"
        + (tensor == "y" ? " (x is time-major, [T, B, I]; integers are classes)" : "")
        + (tensor == "y" && got.count == 1
          ? "; one number for each sequence is y[:, None], a class is an integer" : "")
    case .noTargets(let present):
      "no array 'y' with targets; present: \(present.quotedList); --targets FILE names a file that has "
        + "it, and decay also takes gradients g, g_h or g_c in its place"
    case .batchFirst(let tensor, let expected, let got, let inputs):
      "tensor \(tensor.quoted) has the shape \(got.shapeText); accepted: \(expected), since x "
        + "\(inputs.shapeText) is read as [T, N, I]. "
        + TaskError.batchFirstAdvice(tensor, got, inputs)
        + " (NumPy: x.swapaxes(0, 1); PyTorch: x.transpose(0, 1).contiguous())"
    case .classOutOfRange(let tensor, let value, let accepted):
      "tensor \(tensor.quoted) has the class \(value); accepted: \(accepted.words), "
        + "and -100 for no target"
    case .lengthOutOfRange(let tensor, let value, let accepted):
      "tensor \(tensor.quoted) has the length \(value); accepted: \(accepted.words)"
    case .countOutOfRange(let tensor, let value, let accepted):
      "tensor \(tensor.quoted) is \(value); accepted: \(accepted.words)"
    case .otherSequences(let tensor, let expected, let got):
      "tensor \(tensor.quoted) has \(got); accepted: \(expected), as in the file that is trained on"
    case .partTooSmall(.train, _, let total):
      "validation and test take all of \(NumberText.count(total, "sequence")); at least 1 is needed to "
        + "train on"
    case .partTooSmall(let part, let count, let total):
      "\(count) of \(NumberText.count(total, "sequence")) are \(part.purpose); accepted: "
        + HeldOutSize.leastWords(1, of: total)
    case .partWithoutTargets(let part):
      "no sequence \(part.purpose) has a target; at least one is needed"
    case .empty("y"): "tensor 'y' holds no target; at least one is needed"
    case .empty(let tensor): "tensor \(tensor.quoted) is empty; at least one element is needed"
    case .nonFinite(let tensor, let index):
      "tensor \(tensor.quoted) has an element that is not a finite number, at \(index)"
        + (tensor == "y" ? "; --missing mask leaves out targets of NaN" : "")
    case .tooLarge(let tensor): "tensor \(tensor.quoted) is too large once padded to equal lengths"
    case .tokens(let tensor, let embedding):
      "tensor \(tensor.quoted) holds integers; accepted: floats [T, B, I]; token ids enter as their "
        + "vectors: x = model.\(embedding?.escaped ?? "embedding")(tokens).detach(); classes as one-hot "
        + "rows: x = torch.nn.functional.one_hot(classes, I).float()"
    case .both(let tensor, let other):
      "tensors \(tensor.quoted) and \(other.quoted) exclude each other; accepted: targets 'y', or "
        + "gradients 'g', 'g_h', 'g_c' by the outputs"
    case .noGradient(let tensors):
      "\(tensors.count == 1 ? "tensor" : "tensors") \(tensors.quotedList) "
        + "\(tensors.count == 1 ? "is" : "are") zero everywhere; accepted is a gradient: 'g' is "
        + "out.grad after out.retain_grad() and loss.backward(), 'g_h' and 'g_c' are h_n.grad and c_n.grad"
    }
  }

  public var errorDescription: String? { description }
}

extension TaskError {
  /// What leaves more data to train on, or needs fewer.
  private static func remedy(count: Int, heldOut: Int, needed: Int) -> String {
    let least = StreamRows.elementsNeeded(forRows: 1)
    // Validation and test keep two characters each.
    let remedies =
      (heldOut > 4 && count >= needed - (heldOut - 4)
        ? ["smaller parts for validation and test"] : [])
      + (needed > least && count >= least ? ["a smaller batch"] : [])
    return remedies.isEmpty ? "" : "; accepted: " + remedies.listed("or")
  }
}

extension HeldOutSize {
  /// `a number from 2, or a share from 0.00067`
  fileprivate static func leastWords(_ needed: Int, of total: Int) -> String {
    // Two shares are rounded together, which may cost a part one element.
    let share = Double(needed == 1 ? 1 : needed + 1) / Double(max(total, 1))
    guard share < 1 else { return "a number from \(needed)" }
    let unit = pow(10, (log10(share) - 1).rounded(.down))
    let rounded = (share / unit - 1e-9).rounded(.up) * unit
    return "a number from \(needed), or a share from \(String(format: "%.2g", rounded))"
  }
}

extension TaskError.ModelUse {
  fileprivate func words(_ needed: Int) -> String {
    switch self {
    case .sampling:
      "to write text, \(needed + 1) classes of characters in and \(needed) out are"
    case .forecasting(targets: 1) where needed == 1:
      "to forecast a series, one number in and out is"
    case .forecasting(let targets):
      "to forecast these columns, \(NumberText.count(needed, "number")) in and \(targets) out are"
    }
  }
}

extension Split {
  /// What the part is there for: `for validation`.
  var purpose: String {
    switch self {
    case .train: "to train on"
    case .validation: "for validation"
    case .test: "for the test"
    }
  }
}

extension TaskOption {
  /// What the option gives, in a few words.
  package var meaning: String {
    switch self {
    case .length: "the number of steps"
    case .file: "the file to learn from"
    case .column: "the name or number of the CSV file's column"
    case .columns: "the columns of the CSV file that are read"
    case .target: "the columns of the CSV file that are predicted"
    case .holdout: "the number of values held out for the test, and as many for validation"
    case .validation: "what validation is measured on"
    case .test: "what the test is measured on"
    case .validationSequences: "the number of sequences for validation"
    case .testSequences: "the number of sequences for the test"
    case .inputs: "a file with arrays 'x' and 'y'"
    case .targets: "a file with the array 'y', or the steps of the targets"
    case .missing: "what is done about missing values"
    case .decimal: "how fractions are written"
    case .order: "the order of the rows"
    case .noHeader: "that the CSV file has no header"
    case .vocabulary: "the number of characters that are told apart"
    case .shuffle: "a seeded order of the sequences"
    }
  }
}

extension ClosedRange<Int> {
  fileprivate var words: String {
    "\(NumberText.count(lowerBound)) to \(NumberText.count(upperBound))"
  }
}

extension TaskError {
  /// Which tensor's axes are to be swapped. One with both axes may itself be the one with N before T.
  fileprivate static func batchFirstAdvice(
    _ tensor: String, _ got: [Int], _ inputs: [Int]
  ) -> String {
    if got.count > 1, got[0] == inputs[1], got[1] == inputs[0] {
      return
        "One of the two has N before T: swap the first two axes of \(tensor.escaped), or of x where "
        + "that is [N, T, I]"
    }
    return "It fits an x that is [N, T, I]: swap the first two axes of x"
  }
}
