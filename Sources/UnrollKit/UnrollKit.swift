// Everything that is public, in one import; the program's own modules are left out.

@_exported import UnrollDenseMath
@_exported import UnrollFeedForward
@_exported import UnrollFigures
@_exported import UnrollFileFormats
@_exported import UnrollGradientFlow
@_exported import UnrollLessons
@_exported import UnrollOptimization
@_exported import UnrollRecurrentCells
@_exported import UnrollReports
@_exported import UnrollSequenceTasks
@_exported import UnrollStudies
@_exported import UnrollTraining
