import UnrollCommandLine
import UnrollFileFormats
import UnrollSequenceTasks
import UnrollStudies
import UnrollText

extension Command {
  /// `unroll sample`.
  static let sample = Command(
    name: "sample",
    summary: "writes text with a character model",
    discussion: """
      Each character is drawn from the probabilities that the model gives it after the prompt \
      and all characters before. The same seed writes the same text. Characters of the prompt \
      that the model has never seen are read as its class for unknown characters. Ctrl-C ends \
      the text.
      """,
    examples: [
      Example(
        line: "unroll sample --prompt 'ROMEO:' --temperature 0.7",
        explanation: "a speech by the newest character model under runs/"),
      Example(
        line: "unroll sample --model runs/train-text/best.safetensors --temperature 0",
        explanation: "the most likely character each time"),
    ],
    options: [
      OptionTable.row("model").overriding(
        default: .described("the newest run's"),
        summary: "the model: a safetensors file from unroll train text")
    ] + OptionTable.rows("characters", "temperature", "prompt", "seed", "json")
  ) { arguments, terminal in
    let model = try arguments.savedModel(on: terminal) { $0 == "text" }
    guard let vocabulary = model.origin.vocabulary else {
      throw ModelUseError.noVocabulary(path: model.path, task: model.origin.taskName)
    }
    let sampler = try CharacterSampler(
      model: model.model(
        for: "text", input: vocabulary.input,
        target: vocabulary.target(outputs: model.file.configuration.target.width)),
      parameters: model.file.parameters, vocabulary: vocabulary)
    Interrupt.install()
    defer { Interrupt.uninstall() }

    let prompt = arguments[.prompt]
    var text = String.UnicodeScalarView()
    var written = 0
    var last = prompt.unicodeScalars.last
    terminal.write(prompt)
    do {
      try sampler.write(
        prompt: prompt, temperature: arguments[.temperature], seed: arguments.seed,
        count: arguments[.characters]
      ) { scalar in
        if Interrupt.isRequested { throw EndOfText.interrupted }
        if terminal.isOutputClosed || terminal.outputFailure != nil { throw EndOfText.noReader }
        terminal.write(String(scalar))
        written += 1
        if terminal.isJSON { text.append(scalar) }
        last = scalar
      }
    } catch EndOfText.noReader {
      return .done
    } catch EndOfText.interrupted {
      terminal.write("\n")
      terminal.tell(
        "interrupted after \(NumberText.count(written)) of "
          + NumberText.count(arguments[.characters], "character"))
      return .interrupted
    }
    if last != "\n" { terminal.write("\n") }
    let object: JSONValue = [
      "model": .string(model.path), "prompt": .string(prompt), "text": .string(String(text)),
      "temperature": .number(arguments[.temperature]),
      "seed": .integer(arguments[.seed]),
    ]
    terminal.printJSON(object.encoded())
    return .done
  }
}

/// Why a text ends before its last character.
private enum EndOfText: Error {
  case interrupted
  /// Nobody reads stdout any more, or it cannot be written to.
  case noReader
}
