import UnrollCommandLine
import UnrollText

extension Arguments {
  /// The command line that goes on with the comparison in `folder`, whose `config.json` has the options but for
  /// the shard.
  func commandGoingOn(in folder: String) -> String {
    var words = ["unroll", commandName, "--config", "\(folder)/config.json", "--out", folder]
    if has(.shard), wasTyped(.shard) { words += ["--shard", text(of: "shard")] }
    return words.map(\.shellWord).joined(separator: " ")
  }
}
