"""What all families share: float64 Keras on JAX, deterministic numbers, models from descriptions, small JSON."""

import json
import os
import zlib

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["JAX_ENABLE_X64"] = "1"
os.environ["COLUMNS"] = "120"  # summaries depend on the width of the terminal
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import jax
import keras
import numpy as np

# Keras on JAX computes means and variances of float64 values in float32; here everything stays in float64.
from keras.src.backend.common import dtypes

dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"

keras.config.set_floatx("float64")
keras.config.disable_interactive_logging()

FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


# Deterministic numbers -----------------------------------------------------------------------------------------------

class Numbers:
    """Random numbers that depend on a name only, with few decimals: exact in JSON, the same after adding a case."""

    def __init__(self, name):
        self.generator = np.random.default_rng(zlib.crc32(name.encode()))

    def normal(self, shape, scale=1.0, decimals=3):
        return np.round(self.generator.normal(0, scale, shape), decimals) + 0.0

    def uniform(self, shape, low=0.0, high=1.0, decimals=3):
        return np.round(self.generator.uniform(low, high, shape), decimals) + 0.0

    def integers(self, shape, low, high, dtype="int32"):
        return self.generator.integers(low, high, shape).astype(dtype)

    def distinct(self, shape, step=0.01):
        """No two values alike, none of them 0: for whatever takes a maximum."""
        count = int(np.prod(shape))
        return np.round(((self.generator.permutation(count) - count // 2) + 0.5) * step, 6).reshape(shape)

    def probabilities(self, shape):
        """Rows that sum up to 1."""
        values = self.generator.uniform(0.1, 1.0, shape)
        return np.round(values / values.sum(-1, keepdims=True), 3)

    def one_hot(self, shape):
        return np.eye(shape[-1])[self.generator.integers(0, shape[-1], shape[:-1])]


# Small JSON ----------------------------------------------------------------------------------------------------------

def number(value):
    """Nine significant digits; sums that cancelled out to 1e-14 are 0."""
    value = float(value)
    if value != value or value in (float("inf"), float("-inf")):
        raise ValueError(f"{value} has no place in a fixture")
    if abs(value) < 1e-14:
        return "0"
    if value == int(value) and abs(value) < 1e9:
        return str(int(value))
    return f"{value:.9g}"


def array(values, **more):
    """{"shape": …, "values": …}, with "type" for everything but floats."""
    values = np.asarray(values)
    result = dict(more, shape=list(values.shape))
    if values.dtype.kind in "iub":
        result["type"] = str(values.dtype) if values.dtype != np.int64 else "int32"
    result["values"] = values.reshape(-1)
    return result


def encode(value, indent=0):
    """JSON: containers of containers broken over lines, innermost ones on one line, floats with nine digits."""
    if isinstance(value, np.ndarray):
        return "[" + ",".join(str(int(v)) if value.dtype.kind in "iub" else number(v) for v in value.tolist()) + "]"
    if isinstance(value, dict):
        items = [(encode(str(k)) + ": ", v) for k, v in value.items()]
        left, right = "{", "}"
    elif isinstance(value, (list, tuple)):
        items, left, right = [("", v) for v in value], "[", "]"
    elif isinstance(value, bool) or value is None or isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    elif isinstance(value, (int, np.integer)):
        return str(int(value))
    else:
        return number(value)
    flat = left + ", ".join(k + encode(v, indent + 1) for k, v in items) + right
    nested = any(isinstance(v, (dict, list, tuple)) for _, v in items)
    is_array = isinstance(value, dict) and "values" in value and "shape" in value
    if len(flat) <= 110 or is_array or not nested:
        return flat
    inner = (" " * (indent + 1) + k + encode(v, indent + 1) for k, v in items)
    return left + "\n" + ",\n".join(inner) + "\n" + " " * indent + right


def write(path, content):
    """Writes one fixture; every file says which Keras it is from."""
    path = os.path.join(FOLDER, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(encode({"keras": keras.__version__, **content}) + "\n")
    print(f"{os.path.getsize(path):8} {os.path.relpath(path, FOLDER)}")


# Models from descriptions --------------------------------------------------------------------------------------------

def schedule_or_value(value):
    if isinstance(value, dict) and "class" in value:
        return getattr(keras.optimizers.schedules, value["class"])(**value["arguments"])
    return value


def optimizer(description):
    """{"class": …, "arguments": {…}}; a learning rate may be a schedule, described the same way."""
    arguments = {k: schedule_or_value(v) for k, v in description["arguments"].items()}
    return getattr(keras.optimizers, description["class"])(**arguments)


def regularizer(description):
    return getattr(keras.regularizers, description["class"])(**description["arguments"])


def layer(description):
    """One Keras layer, or a nested model, from {"class", "name"?, "arguments", "model"?}."""
    if "model" in description:
        result = model(description["model"])
    else:
        arguments = {
            k: regularizer(v) if k.endswith("_regularizer") else tuple(map(tuple, v)) if k == "padding" and
            isinstance(v, list) and isinstance(v[0], list) else v
            for k, v in description.get("arguments", {}).items()}
        name = {"name": description["name"]} if description.get("name") else {}
        result = getattr(keras.layers, description["class"])(**arguments, **name)
    if "trainable" in description:
        result.trainable = description["trainable"]
    return result


def model(description):
    """A Sequential {"type": "sequential", "name"?, "inputShape"?, "layers"} or a functional model
    {"type": "functional", "name"?, "inputs": [{"name", "shape", "dtype"?}], "layers", "outputs"}, where each layer
    lists the labels of its "inputs"; its own label is its "label", or else its name. A layer with "shared" is the
    layer of that name called once more. With "creationOrder" the layers are made in another order than called."""
    name = {"name": description["name"]} if description.get("name") else {}
    if description["type"] == "sequential":
        result = keras.Sequential(**name)
        if "inputShape" in description:
            more = {"dtype": description["inputType"]} if "inputType" in description else {}
            result.add(keras.Input(tuple(description["inputShape"]), **more))
        for entry in description["layers"]:
            result.add(layer(entry))
        return result
    tensors, inputs, layers = {}, [], {}
    for entry in description["inputs"]:
        more = {"dtype": entry["dtype"]} if "dtype" in entry else {}
        tensors[entry["name"]] = keras.Input(tuple(entry["shape"]), name=entry["name"], **more)
        inputs.append(tensors[entry["name"]])
    for entry in description.get("creationOrder", []):
        layers[entry] = layer(next(d for d in description["layers"] if d["label"] == entry))
    for entry in description["layers"]:
        label = entry.get("label") or entry["name"]
        if "shared" in entry:
            made = layers[entry["shared"]]
        else:
            made = layers.setdefault(label, None) or layer(entry)
            layers[label] = made
        sources = [tensors[s] for s in entry["inputs"]]
        tensors[label] = call(made, sources)
    outputs = [tensors[o] for o in description["outputs"]]
    single = lambda values: values[0] if len(values) == 1 else values
    return keras.Model(single(inputs), single(outputs), **name)


def weight_name(part, weight):
    """The weight's name within its layer; the parts of an attention layer have weights of the same names."""
    several = isinstance(part, keras.layers.MultiHeadAttention)
    return "/".join(weight.path.split("/")[-2:]) if several else weight.name


def call(part, inputs):
    """A layer on a list of inputs; attention takes them one by one."""
    if len(inputs) == 1 or isinstance(part, keras.layers.MultiHeadAttention):
        return part(*inputs)
    return part(inputs)


def weights_by_path(built, prefix=""):
    """(path, variable) of every weight, as "layer/weight", or "model/layer/weight" inside nested models."""
    result, seen = [], set()
    for part in built.layers:
        if id(part) in seen:
            continue
        seen.add(id(part))
        if hasattr(part, "layers") and not isinstance(part, (keras.layers.RNN, keras.layers.Bidirectional)):
            result += weights_by_path(part, f"{prefix}{part.name}/")
        else:
            result += [(f"{prefix}{part.name}/{weight_name(part, w)}", w) for w in part.weights if "seed" not in w.name]
    return result


def set_weights(built, numbers, scale=0.3):
    """Replaces all weights by numbers with three decimals; variances and scales stay positive."""
    for path, variable in weights_by_path(built):
        kind = path.rsplit("/", 1)[-1]
        if kind in ("gamma", "moving_variance"):
            value = numbers.uniform(variable.shape, 0.5, 1.5)
        else:
            value = numbers.normal(variable.shape, scale)
        variable.assign(value)
