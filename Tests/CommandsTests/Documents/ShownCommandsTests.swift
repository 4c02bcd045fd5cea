import Foundation
import Testing
import UnrollTestSupport

/// The commands of README and the articles work, one after the other, and print what the page shows.
///
/// Those that train for seconds or longer are run smaller here, and as they stand with `UNROLL_WHOLE_ARTICLES=1`, as
/// `tools/test --articles` sets it.
struct ShownCommandsTests {
  /// The page whose commands and pieces of Python belong together: `tools/test --python` runs both.
  private static let elsewhere = "FromPyTorchAndBack.md"

  @Test(arguments: try Document.all().filter { !$0.path.hasSuffix(elsewhere) })
  func aPagesCommandsWorkAndPrintWhatItShows(page: Document) throws {
    let commands = page.shownCommands
    guard !commands.isEmpty else { return }
    let folder = try ReadersFolder()
    for line in Self.preparations.filter({ page.path.hasSuffix($0.page) }).flatMap(\.lines) {
      let outcome = try folder.run(line)
      #expect(outcome.status == 0, "\(page), before it: \(line): \(outcome.errors)")
    }
    var printed = ""
    for command in commands {
      let line = Self.asRun(command.line)
      let outcome = try folder.run(line)
      #expect(outcome.status == 0, "\(page): \(line): \(outcome.errors)")
      printed += outcome.output
      guard let shown = command.output, line == command.line, !command.isOfThisMachine else {
        continue
      }
      expect(outcome.output, shows: shown, of: command, on: page)
    }
    guard NumbersInProse.pages.contains(where: page.path.hasSuffix) else { return }
    let unaccounted = try NumbersInProse(page: page, printed: printed, folder: folder).unaccounted
    #expect(unaccounted.isEmpty, "\(page): no command prints \(unaccounted)")
  }

  @Test func aNumberThatNothingPrintsIsFound() throws {
    let number = try #require(NumbersInProse.numbers(in: "is 0.613 a step").first)
    #expect(number.rounds(0.61349))
    #expect(!number.rounds(0.6136))
    let share = try #require(NumbersInProse.numbers(in: "2.4% of it").first)
    #expect(share.rounds(0.0238))
    #expect(!share.rounds(0.0246))
    let small = try #require(NumbersInProse.numbers(in: "1.2e-11").first)
    #expect(small.rounds(1.249e-11))
    #expect(!small.rounds(1.251e-11))
    for (text, isShort) in [("0.05", true), ("1.5", true), ("2.4%", true), ("1.2e-11", true)]
      + [("0.613", false), ("10.5", false)]
    {
      #expect(NumbersInProse.numbers(in: text).map(\.isShort) == [isShort], "\(text)")
    }
  }

  @Test func everyReplacementIsOfACommandThatAPageShows() throws {
    let lines = try Document.all().flatMap(\.shownCommands).map(\.line)
    for replaced in Self.smaller {
      #expect(lines.contains { $0.contains(replaced.words) }, "\(replaced.words)")
    }
  }

  @Test(arguments: [
    (["one", "…", "thre"], "is not printed: thre"), (["two", "…"], "is not printed: two"),
    (["one", "three"], "is not printed: three"), (["one", "two"], "is not shown: three"),
    (["…", "two"], "is not shown: three"), (["…", "two", "…"], nil), (["one", "…", "three"], nil),
    (["one", "two", "three", "", ""], nil),
  ]) func aLineThatIsPrintedOrShownAloneIsFound(shown: [String], expected: String?) {
    #expect(Self.difference(between: shown, and: "one\ntwo\nthree\n") == expected)
  }

  @Test func commandsThatTrainNothingAreExact() {
    #expect(ShownCommand(line: "unroll cells", output: nil).isExact)
    #expect(!ShownCommand(line: "unroll decay --steps 5", output: nil).isExact)
  }

  /// What a page takes for made by an earlier one, made small.
  private static let preparations: [(page: String, lines: [String])] = {
    let adding = "unroll train adding --length 12 --hidden 8 --steps 5"
    let sweep = "unroll sweep adding --vary learning-rate=1e-3,3e-3 --seeds 2 --length 12 --steps 5"
    return [
      ("ComparingSettings.md", (1...4).map { "\(sweep) --shard \($0)/4 --out shard-\($0)" }),
      ("Files.md", ["unroll decay --length 12", adding, sweep]),
      ("MeasuringDecay.md", [adding]),
      ("RunningOnACluster.md", [adding, "\(sweep) --hidden 8 --out sweep-shards/1"]),
      (
        "UsingASavedModel.md",
        [
          "unroll train series --file data/sunspots.csv --column sunspots --holdout 60 --batch 1 "
            + "--cell rnn --hidden 16 --window 50 --learning-rate 0.003 --l2 0.01 --steps 3000",
          "unroll train text --file book.txt --hidden 8 --steps 5",
        ]
      ),
    ]
  }()

  /// Words that make a command long, and what stands in their place. With `isEndless` they would take
  /// hours, or never end.
  private static let smaller: [(words: String, instead: String, isEndless: Bool)] = [
    ("--steps 40000 --eval-every 1000", "--steps 20 --seeds 1", false),
    ("--steps 1500 --learning-rate 0.01", "--steps 20 --learning-rate 0.01", false),
    ("--steps 1500 --learning-rate 0.005 --thr", "--steps 20 --norm-steps 10 --thr", false),
    ("--steps 1500 --windows", "--steps 20 --windows", false),
    ("--steps 2000 --windows", "--steps 20 --windows", false),
    ("--learning-rate 0.005 --steps 2000", "--steps 20", false),
    ("--steps 5000 --threads 1", "--steps 20 --threads 1", false),
    ("--stop-when-solved", "--steps 20", false),
    ("--seeds 20 --solve-every 50", "--seeds 2 --solve-every 50", false),
    ("1e-3,3e-3 --seeds 50", "1e-3,3e-3 --seeds 2 --length 12 --hidden 8 --steps 5", true),
    ("unroll bench", "unroll bench --budget 0.001 --length 10 --hidden 8", false),
    ("--length 1000 --hidden 256", "", false),
    ("--length 100000", "--length 400 --steps 2 --validation-sequences 20", true),
    ("--watch-decay 100 --tensorboard", "--watch-decay 10 --tensorboard --steps 20", false),
    ("--learning-rate 0.0001", "--learning-rate 0.0001 --steps 20", false),
    ("--steps 20000 --watch-decay 250", "--steps 20 --watch-decay 10", false),
    ("--steps 12000 --watch-decay 250", "--steps 20 --watch-decay 10", false),
    ("runs/sweep-adding --watch", "runs/sweep-adding", true),
    ("--ranks 16", "--ranks 16 --budget 0.01", false),
  ]

  private static let runsWholeArticles =
    ProcessInfo.processInfo.environment["UNROLL_WHOLE_ARTICLES"] == "1"

  /// The command as it is run here.
  private static func asRun(_ line: String) -> String {
    smaller.filter { $0.isEndless || !runsWholeArticles }
      .reduce(line) { $0.replacing($1.words, with: $1.instead) }
  }

  private func expect(
    _ output: String, shows shown: [Substring], of command: ShownCommand, on page: Document
  ) {
    let comparable = command.isExact ? Self.withoutTimes : Self.withoutNumbers
    let lines = shown.map { comparable(String($0)) }
    let difference = Self.difference(between: lines, and: comparable(output))
    #expect(difference == nil, "\(page): \(command): \(difference ?? "")\n\(output)")
  }

  /// What is wrong with the lines that are `shown` of `output`: a line that is not in its place, or one of the
  /// output beyond them; nil where nothing is. "…" stands for any lines.
  static func difference(between shown: [String], and output: String) -> String? {
    var rest = output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)[...]
    var mayLeaveOut = false
    for line in shown.reversed().drop(while: \.isEmpty).reversed() {
      if line.trimmingCharacters(in: .whitespaces) == "…" {
        mayLeaveOut = true
        continue
      }
      guard
        let place = mayLeaveOut
          ? rest.firstIndex(of: line) : rest.first == line ? rest.startIndex : nil
      else { return "is not printed: \(line)" }
      rest = rest[(place + 1)...]
      mayLeaveOut = false
    }
    let beyond = rest.first { !$0.isEmpty }
    return mayLeaveOut ? nil : beyond.map { "is not shown: \($0)" }
  }

  /// A folder's number says which command of the page was the first to make one.
  private static func withoutFolderNumbers(_ text: String) -> String {
    text.replacing(/(runs\/[a-z-]*[a-z])-[0-9]+/) { $0.1 }
  }

  /// The last column of `decay --remedies`, which a clock has a part in, and folders' numbers.
  private static func withoutTimes(_ text: String) -> String {
    withoutFolderNumbers(text).replacing(/(?m)(  (?:yes|no|cut|grows)) +[0-9]+\.[0-9]+$/) { $0.1 }
  }

  /// Numbers, and the - where there is none, become #; widths of columns do not count.
  private static func withoutNumbers(_ text: String) -> String {
    withoutFolderNumbers(text).replacing(/[0-9][0-9.,]*(e[-+][0-9]+)?/, with: "#")
      .replacing(" - ", with: " # ").replacing(/[ ]+/, with: " ")
  }
}
