/// Why a figure could not be drawn. Data only; the program words it.
public enum FigureError: Error, Equatable, Sendable {
  /// No program `gnuplot` on the search path. The script has been written all the same.
  case gnuplotMissing
  /// gnuplot ended with this status, which is 128 plus its number when a signal ended it;
  /// `firstLine` is the first line in which gnuplot says why.
  case gnuplotFailed(status: Int32, firstLine: String)
  /// gnuplot was stopped because it took longer than this.
  case gnuplotTimedOut(seconds: Double)
  /// A signal to this program ended gnuplot.
  case gnuplotInterrupted
  /// gnuplot ended well and left no whole picture of this name.
  case pictureIncomplete(name: String)
  /// The file or folder at `path` could not be written; `errno` is the system's reason.
  case cannotWrite(path: String, errno: Int32)
}
