"""ATLAS beside the usual stack: one process each, one thread each, the same tickets, in turn.

    cargo build --release -p atlas-benches --bin peer
    python compare.py PYTHON_WITH_ATLAS PYTHON_WITH_TORCH
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
ROUNDS = 3
RUST = "ATLAS, Rust"
PYTHON = "ATLAS, Python"
ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1"}
MEASURES = {
    "import_ms": "import, ms",
    "first_answer_s": "start to first answer, s",
    "stored_ms": "stored ticket, ms",
    "new_ms": "60 words of new text, ms",
    "peak_mib": "memory at its highest, MiB",
}


def run(command):
    environment = {**os.environ, **ONE_THREAD}
    output = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
    return json.loads(output.splitlines()[-1])


def main(with_atlas, with_torch):
    sides = {
        RUST: [HERE.parents[1] / "target/release/peer"],
        PYTHON: [with_atlas, HERE / "atlas_module.py"],
        "torch, encodes when asked": [with_torch, HERE / "torch_stack.py", "encode"],
        "torch, vectors stored": [with_torch, HERE / "torch_stack.py", "stored"],
    }
    rounds = {side: [] for side in sides}
    for _ in range(ROUNDS):
        for side, command in sides.items():
            rounds[side].append(run(command))
    table = {side: {m: median(r[m] for r in runs) for m in MEASURES} for side, runs in rounds.items()}
    ours = table[PYTHON]
    print("| | " + " | ".join(MEASURES.values()) + " |")
    print("|---" * (len(MEASURES) + 1) + "|")
    for side, measures in table.items():
        cells = [f"{measures[m]:.3g}{times(measures[m], ours[m])}" for m in MEASURES]
        print(f"| {side} | " + " | ".join(cells) + " |")


def times(value, of):
    """How many times as much as ATLAS in Python."""
    return "" if value == of else f" ({value / of:.2g} ×)"


if __name__ == "__main__":
    main(*sys.argv[1:])
