"""Writes NAME.keras (or NAME.h5) by Keras, and NAME.npz with inputs, predictions, and predictions after more training.

    python generate.py FOLDER [--h5] [NAME...]
    python generate.py FOLDER [--h5] --applications

The committed files were made with Keras 3.15.1 on JAX. `Scripts/test-keras` makes all of them anew, in several versions.
"""

import os
import sys

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import keras
import zoo
import zoo_applications
import zoo_graphs
import zoo_training

STEPS = 3


def flat(values):
    if isinstance(values, dict):
        return [values[name] for name in sorted(values)]
    return values if isinstance(values, (list, tuple)) else [values]


def one(values):
    return values[0] if len(values) == 1 else list(values)


def train(model, inputs, targets, steps):
    given = [t for t in targets] if len(targets) == 1 else [np.zeros((len(inputs[0]), 1), "float32") if t is None else t for t in targets]
    for _ in range(steps):
        model.train_on_batch(one(inputs), one(given))


def write(case, folder, ending):
    keras.utils.set_random_seed(3)
    keras.backend.clear_session()
    model, inputs, targets = case()
    if targets:
        train(model, inputs, targets, STEPS)
    path = os.path.join(folder, case.__name__ + ending)
    model.save(path)
    data = {f"x{i}": x for i, x in enumerate(inputs)}
    data |= {f"y{i}": np.asarray(y) for i, y in enumerate(flat(model.predict(one(inputs), verbose=0)))}
    if targets:
        data |= {f"t{i}": t for i, t in enumerate(targets) if t is not None}
        # What Keras makes of its own file is what counts: it does not keep everything, either.
        if ending == ".keras":
            model = keras.models.load_model(path)
        train(model, inputs, targets, STEPS)
        data |= {f"later{i}": np.asarray(y) for i, y in enumerate(flat(model.predict(one(inputs), verbose=0)))}
    np.savez(os.path.join(folder, case.__name__ + ".npz"), **data)


if __name__ == "__main__":
    arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    ending = ".h5" if "--h5" in sys.argv else ".keras"
    folder, names = arguments[0], arguments[1:]
    os.makedirs(folder, exist_ok=True)
    cases = zoo_applications.CASES if "--applications" in sys.argv else zoo.CASES + zoo_graphs.CASES + zoo_training.CASES
    for case in cases:
        if names and case.__name__ not in names:
            continue
        try:
            write(case, folder, ending)
        except Exception as error:  # an older Keras that lacks something
            print(f"{keras.__version__}: {case.__name__} cannot be made: {str(error)[:200]}")
    print(f"Keras {keras.__version__}: files in {folder}")
