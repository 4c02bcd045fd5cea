import UnrollCommandLine
import UnrollStudies

extension Manual {
  /// What the manual page says besides commands and options.
  static let unroll = Manual(
    version: Version.current,
    environment: [
      (
        "COLUMNS, LINES",
        "the size to write for, where the output is no terminal, or one that does not tell its size"
      ),
      ("LC_ALL, LC_CTYPE, LANG", "characters beyond ASCII are shown where the locale is of UTF-8"),
      ("NO_COLOR", "no colors, where it has any value"),
      ("OPENBLAS_CORETYPE", "the kernels of OpenBLAS, in place of those chosen for the CPU"),
      ("PATH", "where gnuplot is looked for, which draws the figures"),
      ("TERM", "dumb for a terminal without colors and moving lines"),
      (
        "UNROLL_KERNELS",
        "the vector kernels, in place of the best that the CPU can run: avx512, avx2 or portable"
      ),
    ],
    files: [
      ("runs/", "the folders of runs that were given no --out, named by command and subject"),
      ("config.json", "in a run's folder: the options used, which --config reads"),
      ("summary.json", "in a run's folder: the result, as --json prints it"),
      (
        "*.csv",
        "in a run's folder: curves, metrics and runs, a row each; nan and inf where a number "
          + "is not finite"
      ),
      ("*.svg, *.png", "in a run's folder: figures; *.gp is what gnuplot drew one from"),
      (
        "model.safetensors, best.safetensors",
        "in a folder of train: the weights at the end, and those at the lowest validation loss"
      ),
      ("checkpoint.safetensors", "in a folder of train: what --resume continues from"),
    ])
}
