import Foundation
import UnrollText

extension FigureError: CustomStringConvertible, LocalizedError {
  public var description: String {
    switch self {
    case .gnuplotMissing:
      "no gnuplot on the search path, so no pictures were drawn; \(Gnuplot.installCommand), "
        + "then run gnuplot on the .gp file"
    case .gnuplotFailed(let status, let line):
      "gnuplot ended with status \(status)"
        + (line.isEmpty ? "" : " (\(line.escaped))") + ", so pictures are missing"
    case .gnuplotTimedOut(let seconds):
      "gnuplot was stopped after \(NumberText.duration(seconds)), so pictures are missing; gnuplot on the "
        + ".gp files draws them"
    case .gnuplotInterrupted:
      "gnuplot was interrupted, so pictures are missing; gnuplot on the .gp files draws them"
    case .pictureIncomplete(let name):
      "gnuplot wrote no whole \(name.escaped), so it was not kept; gnuplot on the .gp file draws it"
    case .cannotWrite(let path, let reason):
      "cannot write to \(path.escaped): \(String(cString: strerror(reason)))"
    }
  }

  public var errorDescription: String? { description }
}
