import UnrollCommandLine
import UnrollFileFormats
import UnrollText

extension Command {
  /// `unroll export TASK`.
  static let export = Command(
    name: "export",
    arguments: [
      OptionSpec.taskArgument.overriding(
        default: .value("adding"), summary: "whose sequences are written")
    ],
    summary: "writes a task's sequences to a file for NumPy or PyTorch",
    discussion: """
      Writes the batch that unroll decay measures on, so that a curve can be repeated elsewhere: \
      validation sequences of a generated task, stretches of --length steps at equal distances of \
      the training part of a text or a series, the sequences of --inputs. --part takes another part \
      of the data. unroll decay --inputs and unroll train arrays read the file back, to the bit, \
      with --missing mask where y has NaN.

      The arrays are x [T,N,I] (float64; for characters a one-hot row each), y, lengths [N] where \
      sequences are shorter than T, and classes, the number of classes, where targets are classes. y \
      is [N] or [N,O] for a target at the last step of each sequence, otherwise [T,N] or [T,N,O]. It \
      has float64 numbers or int64 classes; where there is no target, NaN or −100 (PyTorch's \
      ignore_index).
      """,
    examples: [
      Example(
        line: "unroll export adding --length 100 --sequences 20 --out batch.npz",
        explanation: "the batch of unroll decay, for numpy.load"),
      Example(
        line: "unroll export text --file book.txt --length 50 --out batch.safetensors",
        explanation: "stretches of a text, for safetensors.torch.load_file"),
    ],
    options: [
      OptionTable.row("length").overriding(
        summary: "time steps of a generated sequence, or of a stretch of a text or series"),
      OptionTable.row("sequences"), OptionTable.row("part"),
    ]
      + OptionTable.rows(
        "file", "vocabulary", "column", "columns", "target", "holdout", "validation", "test",
        "validation-sequences", "test-sequences", "inputs", "targets", "missing", "decimal",
        "order",
        "no-header", "seed", "quiet")
      + [
        OptionSpec(
          .out, .text(), "FILE", default: .described("TASK.npz, numbered where it is taken"),
          group: .run, isRecorded: false,
          "the file to write, with the extension .npz or .safetensors"),
        OptionTable.row("json"),
      ]
  ) { arguments, terminal in
    let export = try SequenceExport(arguments)
    terminal.warn(of: export.task)
    let (path, arrays) = try export.write()
    var table = TextTable("array", "type", "shape")
    for array in arrays {
      table.append([array.name, array.values.typeName, array.shape.shapeText])
    }
    terminal.print(table.text { terminal.styled($0, .bold) })
    terminal.print("\n\(path.escaped)")
    terminal.printJSON(export.json(of: arrays, in: path).encoded())
    return .done
  }
}
