import UnrollCommandLine
import UnrollLessons

extension OptionKey<String> {
  static var lesson: OptionKey { OptionKey("lesson") }
  static var language: OptionKey { OptionKey("language") }
}

extension OptionKey<Bool> {
  static var all: OptionKey { OptionKey("all") }
}

extension OptionKey<Int> {
  static var lessonSeeds: OptionKey { OptionKey("seeds") }
}

extension Command {
  private static let listName = "list"

  /// `unroll lesson [NAME]`.
  static let lesson = Command(
    name: "lesson",
    arguments: [
      .argument(
        .lesson, .choice([listName] + Lesson.all.map(\.name)), default: .value(listName),
        "the lesson; list shows all")
    ],
    summary: "shows why gradients vanish and explode: claims, predictions, measurements",
    discussion: """
      Each lesson takes one claim about gradients in deep and recurrent networks: a question, the \
      formula, what it predicts, what is measured, and what the lecture notes that the claim is from \
      say of it. Without a name the lessons are listed in the order in which they build on one \
      another.

      A lesson repeats over --seeds where chance has a part in it: lines are medians, and ranges go \
      from the least to the largest. Some lessons take numbers of their own, for example the weights \
      of chain or the factors of powers; the others refuse them.

      The folder of the run holds lesson.csv with every number of the figure, lesson.svg, lesson.png, \
      lesson.gp, summary.json and lesson.html, a page with exercises; that of \
      clipping-cliff also surface.csv, path.csv and surface.svg, .png and .gp. --all runs all \
      lessons, each in a folder of its own, and writes one page of all of them in English and one in \
      Chinese, lessons.html and lessons.zh.html.
      """,
    examples: [
      Example(line: "unroll lesson", explanation: "the lessons in teaching order"),
      Example(
        line: "unroll lesson chain --weights 8 --biases -4 --x 0.5",
        explanation: "four sigmoid units whose weights are large enough to make a gradient grow"),
      Example(
        line: "unroll lesson --all --out lessons",
        explanation: "all lessons, and a page of them: lessons/lessons.html"),
    ],
    options: [
      OptionSpec(.all, .flag, group: .run, "run all lessons and write a page of them"),
      OptionSpec(
        .language, .choice(LessonLanguage.allCases.map(\.rawValue)), default: .value("en"),
        group: .run, "language of the texts"),
      OptionSpec(
        .lessonSeeds, .integer(1...1_000), "N", default: .described("the lesson's own"),
        group: .run,
        "seeds that the lesson repeats over, from --seed on"),
      OptionTable.row("seed"),
    ] + LessonParameters.rows + OptionTable.runRows
  ) { arguments, terminal in
    if arguments[.all] { return try LessonCourse(arguments, terminal: terminal).run() }
    guard let lesson = Lesson.named(arguments[.lesson]) else {
      LessonList(arguments).print(on: terminal)
      return .done
    }
    return try LessonSession(lesson, arguments, terminal: terminal).run()
  }
}
