import Foundation
import Testing
import UnrollTestSupport

@testable import UnrollFileFormats

/// Runs the lines of Python that files of other kinds are answered with, on files that Python itself
/// wrote, and reads what they made. `UNROLL_PYTHON` names the Python; tests whose modules it lacks
/// are left out.
struct ConversionTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let interpreter =
    ProcessInfo.processInfo.environment["UNROLL_PYTHON"] ?? "python3"

  @discardableResult
  private static func run(_ words: [String], in folder: String = ".") -> Bool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }

  private static func has(_ modules: String) -> Bool {
    run([interpreter, "-c", "import \(modules)"])
  }

  private static let hasTorch = has("torch, safetensors")
  private static let hasNumPy = has("numpy")
  private static let hasSafetensors = has("numpy, safetensors")
  private static let hasHDF5 = has("numpy, h5py")
  private static let hasSciPy = has("numpy, scipy.io")
  private static let hasPandas = has("pandas, pyarrow")

  /// Makes the file `name` with `code`, has it refused by `read`, and runs what the refusal says.
  private func convert(
    _ name: String, madeBy code: String, refusedAs kind: ForeignKind,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try #require(
      Self.run([Self.interpreter, "-c", code], in: folder.path), sourceLocation: sourceLocation)
    let error = thrown { try CSVTable(path: folder(name)) }
    #expect(
      error == .malformed(path: folder(name), line: nil, .foreign(kind)),
      sourceLocation: sourceLocation)
    let text = try #require(error?.description, sourceLocation: sourceLocation)
    let advice = text.components(separatedBy: "convert it with Python: ")
    try #require(advice.count == 2, sourceLocation: sourceLocation)
    let lines = advice[1].components(separatedBy: " (loading a pickle")[0]
    try #require(
      Self.run([Self.interpreter, "-c", lines], in: folder.path), "\(lines)",
      sourceLocation: sourceLocation)
  }

  private static let model = """
    import torch
    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = torch.nn.LSTM(2, 3)
            self.fc = torch.nn.Linear(3, 1)
            self.tied = self.fc
    torch.manual_seed(0); n = Net();
    """

  @Test(
    .enabled(if: hasTorch),
    arguments: [
      ("n.state_dict()", .pyTorch),
      ("{'state_dict': n.state_dict(), 'epoch': 3, 'hparams': {'a': [1]}}", .pyTorch),
      ("{'model_state_dict': n.state_dict(), 'optimizer_state_dict': {}}", .pyTorch),
      // A whole module: of PyTorch's own classes, so that another Python finds them.
      ("torch.nn.ModuleDict({'rnn': n.rnn, 'fc': n.fc})", .pyTorch),
      ("n.state_dict(), _use_new_zipfile_serialization=False", .pyTorchLegacy),
    ] as [(String, ForeignKind)]) func filesOfPyTorch(saved: String, kind: ForeignKind) throws
  {
    let parts = saved.components(separatedBy: ", _use")
    let flag = parts.count > 1 ? ", _use" + parts[1] : ""
    try convert(
      "m.ckpt", madeBy: Self.model + " torch.save(\(parts[0]), 'm.ckpt'\(flag))", refusedAs: kind)
    let file = try SafetensorsFile(path: folder("m.safetensors"))
    #expect(try file.shape(of: "rnn.weight_hh_l0") == [12, 3])
    #expect(try file.floats("fc.bias").count == 1)
  }

  @Test(.enabled(if: hasTorch)) func scriptsAndSingleTensorsOfPyTorch() throws {
    try convert(
      "m.pt", madeBy: "import torch; torch.save(torch.arange(6.).reshape(3, 2).t(), 'm.pt')",
      refusedAs: .pyTorch)
    #expect(try ArrayFile(path: folder("m.safetensors")).doubles("x") == [0, 2, 4, 1, 3, 5])
    try convert(
      "s.pt", madeBy: "import torch; torch.jit.script(torch.nn.Linear(2, 1)).save('s.pt')",
      refusedAs: .pyTorch)
    #expect(try SafetensorsFile(path: folder("s.safetensors")).shape(of: "weight") == [1, 2])
  }

  private func expectX(_ name: String) throws {
    let file = try ArrayFile(path: folder(name))
    #expect(try file.shape(of: "x") == [2, 3] && file.doubles("x") == [0, 1, 2, 3, 4, 5])
  }

  @Test(.enabled(if: hasNumPy)) func pickles() throws {
    let make = "import pickle, numpy; x = numpy.arange(6.).reshape(2, 3); "
    try convert(
      "a.pkl", madeBy: make + "pickle.dump({'x': x}, open('a.pkl', 'wb'))", refusedAs: .pickle)
    try expectX("a.npz")
    try convert(
      "b.pkl", madeBy: make + "pickle.dump(x, open('b.pkl', 'wb'), 2)", refusedAs: .pickle)
    try expectX("b.npz")
  }

  @Test(.enabled(if: hasSafetensors)) func arraysOfNumPyAsSafetensors() throws {
    let make = "import numpy; x = numpy.arange(6.).reshape(2, 3); "
    try convert("a.npz", madeBy: make + "numpy.savez_compressed('a.npz', x=x)", refusedAs: .npz)
    try expectX("a.safetensors")
    try convert("b.npy", madeBy: make + "numpy.save('b.npy', x)", refusedAs: .npy)
    try expectX("b.safetensors")
  }

  @Test(.enabled(if: hasHDF5)) func filesOfHDF5() throws {
    try convert(
      "a.h5",
      madeBy:
        "import h5py, numpy; f = h5py.File('a.h5', 'w'); f['x'] = numpy.arange(6.).reshape(2, 3); f.create_group('g')",
      refusedAs: .hdf5)
    try expectX("a.npz")
  }

  @Test(.enabled(if: hasSciPy)) func filesOfMATLAB() throws {
    try convert(
      "a.mat",
      madeBy:
        "import scipy.io, numpy; scipy.io.savemat('a.mat', {'x': numpy.arange(6.).reshape(2, 3)})",
      refusedAs: .matlab)
    try expectX("a.npz")
  }

  @Test(.enabled(if: hasPandas)) func tables() throws {
    let make = "import pandas; t = pandas.DataFrame({'a': [1, 2], 'b': [0.5, 1.5]}); "
    for (name, call, kind) in [
      ("a.parquet", "t.to_parquet('a.parquet')", ForeignKind.parquet),
      ("b.feather", "t.to_feather('b.feather')", .arrow),
    ] {
      try convert(name, madeBy: make + call, refusedAs: kind)
      #expect(
        try CSVTable(path: folder(String(name.prefix(1)) + ".csv")).column(named: "b") == [
          0.5, 1.5,
        ])
    }
  }

  /// What NumPy itself writes, in every type, order and both kinds of archive.
  @Test(.enabled(if: hasNumPy)) func arraysAsNumPyWritesThem() throws {
    let code = """
      import numpy
      types = ['<f2','>f2','<f4','>f4','<f8','>f8','i1','<i2','>i2','<i4','>i4','<i8','>i8','u1','<u2','>u2','<u4','>u4','<u8','>u8','?']
      a = {}
      for t in types:
          v = numpy.arange(24).reshape(2, 3, 4) % (2 if t == '?' else 24)
          a['c' + t] = v.astype(t)
          a['f' + t] = numpy.asfortranarray(v.astype(t))
      numpy.savez('s.npz', **a); numpy.savez_compressed('d.npz', **a)
      numpy.lib.format.write_array(open('v2.npy', 'wb'), a['c<f8'], version=(2, 0))
      numpy.lib.format.write_array(open('v3.npy', 'wb'), a['f<f8'], version=(3, 0))
      r = numpy.random.default_rng(0); numpy.savez_compressed('r.npz', x=r.standard_normal((50, 40, 30)).round(2))
      numpy.save('r.npy', numpy.load('r.npz')['x'])
      """
    try #require(Self.run([Self.interpreter, "-c", code], in: folder.path))
    let expected = (0..<24).map { $0 }
    for archive in ["s.npz", "d.npz"] {
      let file = try ArrayFile(path: folder(archive))
      #expect(file.names.count == 42)
      for name in file.names {
        #expect(try file.shape(of: name) == [2, 3, 4])
        let values =
          try file.isFloatingPoint(name)
          ? file.doubles(name) : file.integers(name).map(Double.init)
        #expect(
          values == expected.map { Double(name.hasSuffix("?") ? $0 % 2 : $0) }, "\(archive) \(name)"
        )
      }
    }
    for name in ["v2.npy", "v3.npy"] {
      #expect(try ArrayFile(path: folder(name)).doubles("x") == expected.map(Double.init))
    }
    let random = try ArrayFile(path: folder("r.npz")).doubles("x")
    #expect(random.count == 60_000)
    #expect(try random == ArrayFile(path: folder("r.npy")).doubles("x"))
  }

  /// What is written here, as NumPy reads it: type, shape and every bit. The shell's NumPy is told what to
  /// expect by the values' bytes.
  @Test(.enabled(if: hasNumPy), arguments: [ZipWriter.widest, 100])
  func archivesAreReadByNumPyToTheBit(wideFrom limit: UInt32) throws {
    let arrays = NumPyArchiveTests.samples
    try NumPyArchive.write(arrays, to: folder("a.npz"), wideFrom: limit)
    let expected = arrays.map { array in
      let shape = "(\(array.shape.map { "\($0)," }.joined()))"
      if case .texts(let texts) = array.values {
        let words = texts.map { "'\($0)'" }.joined(separator: ", ")
        return "(\"\(array.name)\", 'str', \(shape), [\(words)])"
      }
      let bytes = array.values.littleEndianBytes.map { String(format: "%02x", $0) }.joined()
      return "(\"\(array.name)\", '\(array.values.typeName)', \(shape), '\(bytes)')"
    }
    let code = """
      import numpy, zipfile
      assert zipfile.ZipFile('a.npz').testzip() is None
      z = numpy.load('a.npz')
      expected = [\(expected.joined(separator: ", "))]
      assert z.files == [e[0] for e in expected], z.files
      for name, kind, shape, content in expected:
          a = z[name]
          assert a.shape == shape, (name, a.shape)
          if kind == 'str':
              assert a.dtype.kind == 'U' and a.tolist() == content, (name, a)
          else:
              assert a.dtype == kind and a.tobytes().hex() == content, (name, a)
      numpy.savez('b.npz', **{name: z[name] for name in z.files})
      """
    try #require(Self.run([Self.interpreter, "-c", code], in: folder.path))
    try NumPyArchiveTests.expectEqual(ArrayFile(path: folder("b.npz")), arrays)
  }
}
