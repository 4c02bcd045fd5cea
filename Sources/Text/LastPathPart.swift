extension String {
  /// The name of the file or folder whose path this is, without the folders that it lies in.
  package var lastPathPart: String { split(separator: "/").last.map(String.init) ?? self }
}
