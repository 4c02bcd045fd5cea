import UnrollCommandLine
import UnrollRecurrentCells
import UnrollText

extension ModelFileError: WordedError {
  /// The library's words, which name no cells of one's own: the program takes none.
  package var message: String {
    switch self {
    case .unknownCell(let path, let cell, let known):
      "\(path.escaped): the metadata 'cell' is \(cell.quoted); accepted: "
        + known.joined(separator: ", ")
    case .severalModules, .noModule:
      description.replacing("'recurrent:'", with: "--recurrent NAME")
        .replacing("'readout:'", with: "--readout NAME")
    default: description
    }
  }
}
