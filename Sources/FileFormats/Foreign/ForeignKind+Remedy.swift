import Foundation
import UnrollText

extension ForeignKind: CustomStringConvertible {
  /// What a file of this kind is: `a zip archive`.
  public var description: String {
    switch self {
    case .pyTorch, .pyTorchLegacy: "a PyTorch pickle, as torch.save and Lightning write it"
    case .pickle: "a Python pickle"
    case .safetensors: "a safetensors file"
    case .npz: "a NumPy .npz archive"
    case .npy: "a NumPy .npy array"
    case .hdf5: "an HDF5 file"
    case .keras: "a Keras model"
    case .excel: "an Excel workbook"
    case .oldOffice: "an Excel workbook or Word document of before 2007"
    case .zip: "a zip archive"
    case .gzip: "compressed by gzip"
    case .bzip2: "compressed by bzip2"
    case .xz: "compressed by xz"
    case .zstd: "compressed by zstd"
    case .sevenZip: "a 7-Zip archive"
    case .tar: "a tar archive"
    case .parquet: "a Parquet table"
    case .arrow: "an Arrow or Feather table"
    case .matlab: "a MATLAB file"
    case .sqlite: "an SQLite database"
    case .onnx: "an ONNX model"
    case .savedModel: "a TensorFlow graph"
    case .gguf: "a GGUF model"
    case .picture: "a picture"
    case .pdf: "a PDF document"
    case .gitLFSPointer: "a pointer of Git LFS, not the file it stands for"
    }
  }

  /// What makes a file that can be read here of the one at `path`, after `; `; empty where nothing
  /// does.
  func remedy(path: String) -> String {
    let stem = (path as NSString).deletingPathExtension
    func literal(_ ending: String) -> String { ForeignKind.pythonLiteral(stem + ending) }
    let file = ForeignKind.pythonLiteral(path)
    func python(_ code: String) -> String { "; convert it with Python: " + code }
    func shell(_ words: String) -> String {
      "; unpack it first: \(words) \(path.shellWord)"
    }
    switch self {
    case .pyTorch, .pyTorchLegacy:
      // A whole model is a pickle of classes, which weights_only refuses; a checkpoint of Lightning
      // has the weights under a key; tied weights share memory, which save_file refuses.
      return python(
        "import torch; from safetensors.torch import save_file; "
          + "m = torch.load(\(file), map_location=\"cpu\", weights_only=False); "
          + "m = {\"x\": m} if torch.is_tensor(m) else m.state_dict() "
          + "if hasattr(m, \"state_dict\") else m; "
          + "m = m.get(\"state_dict\", m.get(\"model_state_dict\", m)); "
          + "save_file({k: v.detach().clone().contiguous() for k, v in m.items() "
          + "if torch.is_tensor(v)}, \(literal(".safetensors")))")
        + " (loading a pickle runs code in it: only do so where you trust its source)"
    case .pickle:
      return python(
        "import pickle, numpy; m = pickle.load(open(\(file), \"rb\")); "
          + "numpy.savez(\(literal(".npz")), **(m if isinstance(m, dict) else {\"x\": m}))")
        + " (loading a pickle runs code in it: only do so where you trust its source)"
    case .npz:
      return python(
        "import numpy; from safetensors.numpy import save_file; "
          + "save_file(dict(numpy.load(\(file))), \(literal(".safetensors")))")
    case .npy:
      return python(
        "import numpy; from safetensors.numpy import save_file; "
          + "save_file({\"x\": numpy.load(\(file))}, \(literal(".safetensors")))")
    case .hdf5:
      return python(
        "import h5py, numpy; numpy.savez(\(literal(".npz")), "
          + "**{k: v[()] for k, v in h5py.File(\(file)).items() if isinstance(v, h5py.Dataset)})")
    case .matlab:
      return python(
        "import scipy.io, numpy; numpy.savez(\(literal(".npz")), "
          + "**{k: v for k, v in scipy.io.loadmat(\(file)).items() if k[0] != \"_\"})")
    case .excel, .oldOffice:
      return python(
        "import pandas; pandas.read_excel(\(file)).to_csv(\(literal(".csv")), index=False)")
    case .parquet:
      return python(
        "import pandas; pandas.read_parquet(\(file)).to_csv(\(literal(".csv")), index=False)")
    case .arrow:
      return python(
        "import pandas; pandas.read_feather(\(file)).to_csv(\(literal(".csv")), index=False)")
    case .zip: return shell("unzip")
    case .gzip:
      return
        "; unpack it first: gunzip < \(path.shellWord) > \(stem.shellWord)"
    case .bzip2: return shell("bunzip2 -k")
    case .xz: return shell("xz -dk")
    case .zstd: return shell("zstd -d")
    case .tar: return shell("tar xf")
    case .sevenZip: return shell("7z x")
    case .gitLFSPointer: return "; git lfs pull fetches it"
    case .safetensors, .keras, .sqlite, .onnx, .savedModel, .gguf, .picture, .pdf: return ""
    }
  }

  /// `text` as Python writes it between quotes.
  static func pythonLiteral(_ text: String) -> String {
    let content = text.unicodeScalars.map { scalar in
      switch scalar {
      case "\"", "\\": "\\\(scalar)"
      case "\0"..<" ", "\u{7F}": "\\x" + String(format: "%02x", scalar.value)
      default: String(scalar)
      }
    }
    return "\"" + content.joined() + "\""
  }
}
