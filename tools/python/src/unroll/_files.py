"""The files of a run, in a folder or in memory."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path


class FolderFiles(Mapping[str, bytes]):
    """The files of a folder by name, read when asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __getitem__(self, name: str) -> bytes:
        if name not in self:
            raise KeyError(name)
        return (self.folder / name).read_bytes()

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and os.path.basename(name) == name and (self.folder / name).is_file()

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(entry.name for entry in os.scandir(self.folder) if entry.is_file()))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def read_all(*folders: Path) -> dict[str, bytes]:
    """The files of folders, kept in memory."""
    return {name: data for folder in folders for name, data in FolderFiles(folder).items()}


def write_all(files: Mapping[str, bytes], folder: str | os.PathLike[str]) -> Path:
    """Writes files into a folder, which is made, or must be empty.

    Raises:
        FileExistsError: the folder has something in it.
    """
    path = _make_empty(folder)
    for name, data in files.items():
        (path / name).write_bytes(data)
    return path


def copy_all(source: Path, folder: str | os.PathLike[str]) -> Path:
    """Copies the files of `source` and its subfolders into a folder, which is made, or must be empty.

    Subfolders `earlier-…`, in which the program sets the files of other runs aside, are left out.

    Raises:
        FileExistsError: the folder has something in it.
    """
    path = _make_empty(folder)
    # All names before the first copy: the folder may lie within `source`.
    names = [file.relative_to(source) for file in source.rglob("*") if file.is_file()]
    for name in names:
        if any(_is_set_aside(part) for part in name.parts[:-1]):
            continue
        file, copy = source / name, path / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)
    return path


def _is_set_aside(folder: str) -> bool:
    return folder == "earlier" or folder.startswith("earlier-")


def _make_empty(folder: str | os.PathLike[str]) -> Path:
    path = Path(folder)
    path.mkdir(parents=True, exist_ok=True)
    if any(path.iterdir()):
        raise FileExistsError(f"{path}: the folder is not empty; expected a new or an empty one")
    return path
