import UnrollCommandLine

extension OptionKey<[String]> {
  static var folders: OptionKey { OptionKey("dir") }
}

extension OptionKey<Bool> {
  static var mixed: OptionKey { OptionKey("mixed") }
}

extension Command {
  /// `unroll merge DIR…`.
  static let merge = Command(
    name: "merge",
    arguments: [
      .argument(.folders, .repeatedTexts(), "folders of unroll sweep, such as its shards")
    ],
    summary: "joins the folders of a sweep's shards",
    discussion: """
      Joins the runs of several folders of unroll sweep, which may be its shards or parts made on \
      other machines, and writes the files that one machine would have made of all runs. The folders \
      must be of the same sweep: the same options varied, the same settings for all runs, the same \
      data, version and kernels. A run that two folders have must have the same numbers in both. \
      Times and CPUs may differ; the first folder's are kept.

      --mixed joins runs that were made under different kernels. Their last digits are not those that \
      one machine would have made, and long runs may take another course; the table says so. A run that \
      two folders have is the first's.

      What is still missing is said, and unroll sweep with the new folder as --out makes it.
      """,
    examples: [
      Example(
        line: "unroll merge shard-1 shard-2 shard-3 shard-4 --out all",
        explanation: "one folder of four shards")
    ],
    options: [
      OptionSpec(
        .mixed, .flag, group: .run, "join runs that were made under different kernels as well")
    ] + OptionTable.rows("out", "json", "quiet"),
    computes: false
  ) { arguments, terminal in
    try MergeSession(arguments, terminal: terminal).run()
  }
}
