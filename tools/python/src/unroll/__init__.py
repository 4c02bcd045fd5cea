"""How far back the gradient of a recurrent network reaches, from Python and notebooks.

    import unroll
    result = unroll.decay(model.lstm, lambda: cross_entropy(model(x), y))
    result.horizon, result.curves

`decay` measures a module of PyTorch, `Watch` one that is being trained. `train`, `sweep` and `clip`
run the program's commands, and `load` reads a folder that any of its commands wrote. The program
`unroll` does the work: `find_program` says where it is looked for.
"""

from ._commands import clip, sweep, train
from ._decay import Curve, Decay, decay
from ._errors import CannotMeasure, UnrollError, UnrollNotFound
from ._frames import Table
from ._over_training import Watched
from ._program import find_program, program_version
from ._runs import Clip, Depth, Figure, Predict, Run, Sweep, Train, load
from ._watch import Watch

__version__ = "0.1.0"

__all__ = [
    "CannotMeasure", "Clip", "Curve", "Decay", "Depth", "Figure", "Predict", "Run", "Sweep", "Table",
    "Train", "UnrollError", "UnrollNotFound", "Watch", "Watched", "clip", "decay", "find_program", "load",
    "program_version", "sweep", "train",
]
