"""Makes the wheel that carries the program: `tools/release` puts this file beside pyproject.toml in a copy of
the Python package, with the program in src/unroll/bin, the command `unroll` (command.py), and what is
installed beside the program in share."""

from pathlib import Path

from setuptools import Distribution, setup
from setuptools.command.bdist_wheel import bdist_wheel


class WithProgram(Distribution):
    """A package with something for one kind of machine, so that it goes where such packages go."""

    def has_ext_modules(self):
        return True


class ProgramWheel(bdist_wheel):
    """A wheel for one kind of machine and any Python 3."""

    def get_tag(self):
        return "py3", "none", super().get_tag()[2]


folders = sorted(path for path in Path("share").rglob("*") if path.is_dir())
setup(
    distclass=WithProgram,
    cmdclass={"bdist_wheel": ProgramWheel},
    scripts=["unroll"],
    data_files=[
        (str(folder), sorted(str(file) for file in folder.iterdir() if file.is_file())) for folder in folders])
