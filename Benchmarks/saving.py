"""Times saving and loading a model of 100 MB in DeepSwift and in Keras, in turn, and prints one table.

    python saving.py --program PATH [--rounds N] [--folder FOLDER]

Each round runs both sides, each in a process of its own, which takes the shortest of five times; of all rounds the shortest
counts. DeepSwift's times include waiting for the disk, since its files are flushed before they replace the old ones; Keras
leaves that to the system.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time


def best(body):
    """The shortest of five times, in seconds."""
    times = []
    for _ in range(5):
        start = time.perf_counter()
        body()
        times.append(time.perf_counter() - start)
    return min(times)


def measure_keras(folder):
    """Keras' side: the same model, the same calls."""
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras
    from safetensors.numpy import load_file, save_file

    model = keras.Sequential([keras.Input((2500,))] + [keras.layers.Dense(2500) for _ in range(4)])
    model.compile("adam", "mse")
    whole, weights, tensors = (f"{folder}/keras{end}" for end in (".keras", ".weights.h5", ".safetensors"))
    arrays = {v.path: v.numpy() for v in model.weights}
    return {
        "parameters": model.count_params(),
        "save.keras": best(lambda: model.save(whole)),
        "load.keras": best(lambda: keras.saving.load_model(whole)),
        "saveWeights.weights.h5": best(lambda: model.save_weights(weights)),
        "loadWeights.weights.h5": best(lambda: model.load_weights(weights)),
        "saveWeights.safetensors": best(lambda: save_file(arrays, tensors)),
        "loadWeights.safetensors": best(lambda: load_file(tensors)),
    }


def run(words):
    """What the last line of a program says."""
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(words)} ended with status {done.returncode}:\n{done.stderr}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", help="where the files are written; a temporary folder if not given")
    parser.add_argument("--keras", action="store_true", help="Keras' side alone, as JSON")
    arguments = parser.parse_args()
    if arguments.keras:
        print(json.dumps(measure_keras(arguments.folder)))
        return
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        sides = {
            "DeepSwift": [arguments.program, "saving", folder],
            "Keras": [sys.executable, os.path.abspath(__file__), "--keras", "--folder", folder],
        }
        rounds = {name: [] for name in sides}
        for _ in range(arguments.rounds):
            for name, words in sides.items():
                rounds[name].append(run(words))
    shortest = {name: {key: min(r[key] for r in runs) for key in runs[0]} for name, runs in rounds.items()}
    counts = {name: values.pop("parameters") for name, values in shortest.items()}
    if len(set(counts.values())) != 1:
        sys.exit(f"the models differ: {counts}")
    print(f"{'ms':32}{'DeepSwift':>10}{'Keras':>10}{'ratio':>8}")
    for key in dict.fromkeys(list(shortest["Keras"]) + list(shortest["DeepSwift"])):
        ours, theirs = (shortest[name].get(key) for name in sides)
        cells = [f"{value * 1e3:.1f}" if value is not None else "" for value in (ours, theirs)]
        ratio = f"{theirs / ours:.2f}" if ours and theirs else ""
        print(f"{key:32}{cells[0]:>10}{cells[1]:>10}{ratio:>8}")


main()
