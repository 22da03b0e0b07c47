"""Reads what `merf runs export` wrote with the programs it was written for, and says what they found.

    merf runs export RUN --format tensorboard --out exported/tensorboard
    merf runs export RUN --format trl --out exported/trl
    pip install tensorboard pyarrow
    python scripts/check_exports.py exported RUN_FOLDER

Fails where TensorBoard's EventAccumulator has other numbers than the run's metrics.jsonl, or pyarrow other completions
than its rollouts; with `transformers` installed, where its TrainerState does not take the state.
"""

import json
import os
import struct
import sys

exported, run = sys.argv[1:3]


def lines(*path):
    with open(os.path.join(run, *path), encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def float32(value):
    return struct.unpack("f", struct.pack("f", value))[0]


from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

events = EventAccumulator(os.path.join(exported, "tensorboard"), size_guidance={"scalars": 0})
events.Reload()
tags = events.Tags()["scalars"]
metrics = lines("metrics.jsonl")
points = 0
for name in {name for line in metrics for name in line["values"]}:
    own = [(line["step"], float32(line["values"][name])) for line in metrics if name in line["values"]]
    seen = [(event.step, event.value) for event in events.Scalars(f"train/{name}")]
    assert own == seen, (name, own[:3], seen[:3])
    points += len(seen)
print(f"tensorboard: {len(tags)} tags, {points} training values equal to metrics.jsonl")

import pyarrow.parquet as parquet

folder = os.path.join(exported, "trl", "completions")
rows = 0
for name in sorted(os.listdir(folder)):
    table = parquet.read_table(os.path.join(folder, name)).to_pylist()
    step = int(name[len("completions_") : -len(".parquet")])
    own = lines("rollouts", f"step-{step:06d}.jsonl")
    assert [row["completion"] for row in table] == [line["response"] for line in own], name
    assert [row["advantage"] for row in table] == [line["advantage"] for line in own], name
    rows += len(table)
print(f"pyarrow: {rows} completions with their advantages equal to the rollouts")

try:
    from transformers import TrainerState
except ImportError:
    sys.exit("transformers is not installed: trainer_state.json was not checked")
state = TrainerState.load_from_json(os.path.join(exported, "trl", "trainer_state.json"))
assert [entry["step"] for entry in state.log_history] == [line["step"] for line in metrics]
print(f"transformers: TrainerState at step {state.global_step} with {len(state.log_history)} entries")
