import Testing

@testable import UnrollCommandLine
@testable import UnrollCommands

struct HelpTextTests {
  @Test(arguments: [40, 60, 80])
  func linesFitTheWidth(width: Int) {
    let help = HelpText(width: width)
    for page in [help.overview(of: Program.sample.table), help.page(for: .sample)] {
      for line in page.split(separator: "\n") {
        #expect(line.count <= width, "\(line)")
        #expect(line.last != " ", "\(line)")
      }
    }
  }

  @Test func aPageReadsLikeThis() {
    let command = Command(
      name: "try",
      arguments: [.argument(OptionKey("subject"), .choice(["a", "b"]), "what is tried")],
      summary: "tries a thing",
      discussion: "One paragraph.\n\nAnother one.",
      examples: [.init(line: "unroll try a", explanation: "tries a")],
      options: OptionTable.rows("hidden") + [
        OptionSpec(
          OptionKey("optimizer"), .choice(["sgd", "momentum", "rmsprop", "adam", "adamw"]),
          default: .value("adam"), group: .optimizer, "update rule")
      ] + OptionTable.rows("precision", "json")
    ) { _, _ in .done }
    #expect(
      HelpText(width: 72).page(for: command) == """
        unroll try: tries a thing

        usage
          unroll try SUBJECT [options]

        One paragraph.

        Another one.

        arguments
          SUBJECT                   what is tried: a, b

        model
          --hidden H                hidden units in each layer (default: 128)

        optimizer and learning rate
          --optimizer NAME          update rule: sgd, momentum, rmsprop, adam,
                                    adamw (default: adam)

        this run
          --precision float|double  scalar type of the arithmetic
                                    (default: float)
          --json                    print the result as one JSON object

        examples
          unroll try a
              tries a
        """)
  }

  @Test func everyDefaultIsShown() {
    let page = HelpText(width: 1_000).page(for: .sample)
    for spec in OptionTable.all {
      guard let shown = spec.defaultValue.shown else { continue }
      #expect(page.contains(spec.summary) && page.contains("(default: \(shown))"))
    }
    #expect(page.contains(", the cores this process may use)"))
  }
}
