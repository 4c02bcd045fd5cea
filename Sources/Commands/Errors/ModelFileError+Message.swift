import UnrollCommandLine
import UnrollRecurrentCells
import UnrollText

extension ModelFileError: WordedError {
  package var message: String {
    switch self {
    case .unsupportedTensor(let path, let tensor):
      "\(path.escaped): tensor \(tensor.quoted) belongs to a bidirectional or projected model; "
        + "accepted are models that run forward with hidden states of full size"
    case .unfitShape(let path, let tensor, let form, let got):
      "\(path.escaped): tensor \(tensor.quoted) has the shape \(got.shapeText); accepted: \(form)"
    case .noReadout(let path, let present):
      "\(path.escaped): no readout; one linear layer called head or fc is accepted; present: "
        + present.quotedList
    case .activation(let path, let setting):
      "\(path.escaped): metadata 'activation' \(setting.message)"
    }
  }
}
