"""Runs the code blocks of an article, in their order, in a folder of their own: those of Python in one
namespace, and the commands of `unroll` in those of the shell.

    python article.py ARTICLE UNROLL
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path


def blocks(text):
    """Language, first line and text of each code block."""
    for match in re.finditer(r"^```([a-z]*)\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        yield match[1], text.count("\n", 0, match.start(2)), match[2]


def run_commands(text, unroll):
    for line in text.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        if not words:
            continue
        if words[0] != "unroll":
            sys.exit(f"expected a command of unroll, got: {line}")
        print("unroll", *words[1:], flush=True)
        result = subprocess.run([unroll, *words[1:], "--quiet"], capture_output=True, text=True)
        if result.returncode:
            sys.exit(f"status {result.returncode}: {result.stderr}")


def main():
    article, unroll = Path(sys.argv[1]).resolve(), str(Path(sys.argv[2]).resolve())
    namespace = {"__name__": "__article__"}
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for language, line, text in blocks(article.read_text()):
            if language == "sh":
                run_commands(text, unroll)
            elif language == "python":
                # Blank lines in front make errors name the article's lines.
                exec(compile("\n" * line + text, str(article), "exec"), namespace)
            else:
                continue
            count += 1
    print(f"{article.name}: {count} blocks ran")
    if not count:
        sys.exit("expected code blocks, found none")


if __name__ == "__main__":
    main()
