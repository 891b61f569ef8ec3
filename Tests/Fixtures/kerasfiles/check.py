"""Loads what DeepSwift wrote and compares it with what is expected of it.

    python check.py OWN                  # models of DeepSwift's own: same predictions
    python check.py BACK ORIGINAL        # Keras' models that went through DeepSwift: same predictions, weights and optimizer
                                         # to the bit, and the same predictions after more training
"""

import glob
import os
import sys

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import keras
from generate import STEPS, flat, one, train


def difference(a, b):
    return max(float(np.max(np.abs(x - y) / np.maximum(1, np.abs(y)))) for x, y in zip(a, b)) if len(a) == len(b) else np.inf


def expected(data, letter):
    return [data[f"{letter}{i}"] for i in range(100) if f"{letter}{i}" in data]


def same_bits(model, original):
    pairs = list(zip(model.variables, original.variables))
    if getattr(model, "optimizer", None) is not None:
        if len(model.optimizer.variables) != len(original.optimizer.variables):
            return f"{len(model.optimizer.variables)} numbers of the optimizer instead of {len(original.optimizer.variables)}"
        pairs += list(zip(model.optimizer.variables, original.optimizer.variables))
    for a, b in pairs:
        a, b = np.asarray(keras.ops.convert_to_numpy(a)), np.asarray(keras.ops.convert_to_numpy(b))
        if "seed" in getattr(b, "name", ""):
            continue
        if a.dtype.kind == "f" and (a.shape != b.shape or a.tobytes() != b.tobytes()):
            return "weights or numbers of the optimizer differ"
    return ""


faults = 0
for path in sorted(glob.glob(os.path.join(sys.argv[1], "*.keras"))):
    name = os.path.basename(path)[: -len(".keras")]
    try:
        keras.backend.clear_session()
        model = keras.models.load_model(path)
        original = sys.argv[2] if len(sys.argv) > 2 else sys.argv[1]
        data = np.load(os.path.join(original, name + ".npz"))
        inputs = expected(data, "x")
        now = difference([np.asarray(y) for y in flat(model.predict(one(inputs), verbose=0))], expected(data, "y"))
        later, note = 0.0, ""
        if len(sys.argv) > 2:
            source = glob.glob(os.path.join(original, name + ".keras")) + glob.glob(os.path.join(original, name + ".h5"))
            keras_own = keras.models.load_model(source[0])
            note = same_bits(model, keras_own)
        if "later0" in data:
            targets = [data[f"t{i}"] if f"t{i}" in data else None for i in range(len(expected(data, "y")))]
            train(model, inputs, targets, STEPS)
            later = difference([np.asarray(y) for y in flat(model.predict(one(inputs), verbose=0))], expected(data, "later"))
        good = now < 1e-5 and later < 1e-5 and not note
        print(f"{'  ' if good else '! '}{name}: predictions differ by {now:.2g}, after training by {later:.2g} {note}")
    except Exception as error:
        good = False
        # Keras repeats the configuration before it comes to the reason.
        text = " ".join(str(error).split())
        print(f"! {name}: {type(error).__name__}: {text if len(text) < 700 else text[:200] + ' … ' + text[-400:]}")
    faults += not good
print(f"Keras {keras.__version__}: {faults} faults")
sys.exit(1 if faults else 0)
