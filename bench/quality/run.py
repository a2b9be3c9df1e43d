"""Measure everything that can be measured on labelled sets: `make quality DATA=folder`; the data stay outside.

The folder holds sub-folders named as the sets are: check-worthiness, claim-matching, locate, quantities, sentences.
What is not there is left out, and said.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SETS = {
    "claim-matching": "matching.py",
    "check-worthiness": "candidates.py",
    "quantities": "figures.py",
    "sentences": "sentences.py",
    "locate": "locate.py",
}


def main(folder: Path) -> int:
    failed = 0
    for name, program in SETS.items():
        if not (folder / name).is_dir():
            print(f"{name}: not in {folder}, left out\n", flush=True)
            continue
        if not (HERE / program).exists():
            continue
        print(f"== {name}", flush=True)
        failed += (
            subprocess.run([sys.executable, str(HERE / program), str(folder / name)], check=False).returncode != 0
        )
        print(flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit("Name the folder of the labelled sets: make quality DATA=folder")
    sys.exit(main(Path(sys.argv[1])))
