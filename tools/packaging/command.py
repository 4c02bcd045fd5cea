#!python
"""The command `unroll` of a Python environment: becomes the program that the package `unroll` carries."""

import os
import sys
from importlib.util import find_spec

# The package itself stays out, which would load NumPy.
program = os.path.join(os.path.dirname(find_spec("unroll").origin), "bin", "unroll")
os.execv(program, [program, *sys.argv[1:]])
