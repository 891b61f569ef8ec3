"""summary.json and names.json: what models print and how their parts are called."""

import contextlib
import io

from .common import keras, model, np, optimizer, weights_by_path, write
from .training import dense, entry, sequential


def branches():
    """A functional model of two inputs, with one layer called twice."""
    return {
        "type": "functional", "name": "branches",
        "inputs": [{"name": "a", "shape": [4]}, {"name": "b", "shape": [6]}],
        "layers": [
            {"class": "Dense", "label": "x1", "arguments": {"units": 8, "activation": "relu"}, "inputs": ["a"]},
            {"class": "Dense", "label": "x2", "arguments": {"units": 8}, "inputs": ["b"]},
            {"class": "Dense", "label": "x3", "arguments": {"units": 8}, "inputs": ["x2"]},
            {"shared": "x3", "label": "x4", "inputs": ["x1"]},
            {"class": "Concatenate", "label": "x5", "arguments": {}, "inputs": ["x3", "x4"]},
            {"class": "Dense", "label": "x6", "name": "price", "arguments": {"units": 1}, "inputs": ["x5"]}],
        "outputs": ["x6"]}


def convolutional():
    return sequential(
        [28, 28, 1], entry("Conv2D", filters=8, kernel_size=3, padding="same", activation="relu"),
        entry("BatchNormalization"), entry("MaxPooling2D"), entry("Conv2D", filters=16, kernel_size=3),
        entry("Flatten"), dense(32), entry("Dropout", rate=0.5), dense(10, activation="softmax"), name="demo")


def nested():
    base = sequential([8], dense(16, activation="relu"), entry("BatchNormalization"), name="base")
    return sequential([8], {"class": "Sequential", "name": "base", "model": base}, dense(3), name="outer")


def residual():
    """The names of layers of one class come in the order of creation, here the order of the list."""
    return {
        "type": "functional", "name": "residual", "inputs": [{"name": "image", "shape": [8, 8, 3]}],
        "layers": [
            {"class": "Conv2D", "label": "stem", "arguments": {"filters": 4, "kernel_size": 3, "padding": "same"}, "inputs": ["image"]},
            {"class": "BatchNormalization", "label": "n1", "arguments": {}, "inputs": ["stem"]},
            {"class": "ReLU", "label": "r1", "arguments": {}, "inputs": ["n1"]},
            {"class": "Conv2D", "label": "c2", "arguments": {"filters": 4, "kernel_size": 3, "padding": "same"}, "inputs": ["r1"]},
            {"class": "Add", "label": "sum", "arguments": {}, "inputs": ["r1", "c2"]},
            {"class": "GlobalAveragePooling2D", "label": "mean", "arguments": {}, "inputs": ["sum"]},
            {"class": "Dense", "label": "class", "arguments": {"units": 5}, "inputs": ["mean"]}],
        "outputs": ["class"]}


def created_in_another_order():
    """`late` is created first (so it is dense) and called last."""
    units = lambda n: {"units": n}
    return {
        "type": "functional", "name": "late", "inputs": [{"name": "x", "shape": [4]}],
        "creationOrder": ["late", "side", "early"],
        "layers": [
            {"class": "Dense", "label": "early", "arguments": units(5), "inputs": ["x"]},
            {"class": "Dense", "label": "side", "arguments": units(6), "inputs": ["x"]},
            {"class": "Concatenate", "label": "both", "arguments": {}, "inputs": ["early", "side"]},
            {"class": "Dense", "label": "late", "arguments": units(2), "inputs": ["both"]}],
        "outputs": ["late"]}


# Summaries -----------------------------------------------------------------------------------------------------------

def printed(built, **arguments):
    """The text that print_fn gets: the same that is printed where there is no terminal, without control codes."""
    pieces = []
    built.summary(print_fn=pieces.append, **arguments)
    text = "".join(pieces)
    keras.config.enable_interactive_logging()
    captured = io.StringIO()
    with contextlib.redirect_stdout(captured):
        built.summary(**arguments)
    keras.config.disable_interactive_logging()
    assert "\x1b" not in text
    assert captured.getvalue() == text, "print_fn gets exactly what is printed"
    return text


def summary():
    """In float32, as users see it."""
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy("float32")
    simple = sequential([28, 28], entry("Flatten"), dense(128, activation="relu"), dense(10), name="sequential")
    unbuilt = {"type": "sequential", "name": "unbuilt", "layers": [entry("Flatten"), dense(16), dense(10)]}
    built_optimizer = {"class": "Adam", "arguments": {}}
    momentum = {"class": "SGD", "arguments": {"momentum": 0.9}}
    cases = []
    for description, compiled, arguments in [
            (simple, None, {}), (simple, built_optimizer, {}), (simple, {"class": "SGD", "arguments": {}}, {}),
            (simple, None, {"line_length": 60}), (simple, None, {"show_trainable": True}),
            (convolutional(), None, {}), (convolutional(), built_optimizer, {}), (convolutional(), momentum, {}),
            (branches(), None, {}), (branches(), built_optimizer, {}), (branches(), None, {"show_trainable": True}),
            (nested(), None, {}), (nested(), None, {"expand_nested": True}), (residual(), None, {}),
            (unbuilt, None, {}), (unbuilt, built_optimizer, {})]:
        for state in ([None] if compiled is None else ["compiled", "built"]):
            if state == "built" and description is unbuilt:
                continue
            keras.backend.clear_session()
            built = model(description)
            if state:
                built.compile(optimizer(compiled), "mse")
            if state == "built":
                built.optimizer.build(built.trainable_variables)
            cases.append({
                "model": description, "optimizer": compiled, "state": state or "not compiled",
                "arguments": arguments, "text": printed(built, **arguments)})
    keras.backend.clear_session()
    frozen = model(convolutional())
    for layer in frozen.layers[:4]:
        layer.trainable = False
    cases.append({
        "model": convolutional(), "frozen": [layer.name for layer in frozen.layers[:4]], "optimizer": None,
        "state": "not compiled", "arguments": {"show_trainable": True}, "text": printed(frozen, show_trainable=True)})
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    write("summary.json", {"columns": 120, "cases": cases})


# Names ---------------------------------------------------------------------------------------------------------------

def shape(value):
    if isinstance(value, (list, tuple)) and value and isinstance(value[0], (list, tuple)):
        return [shape(v) for v in value]
    return [None if d is None else int(d) for d in value]


def described(description):
    """Layers in the order of model.layers, weights in the order of model.weights."""
    keras.backend.clear_session()
    built = model(description)

    def layers(part):
        return [{
            "name": layer.name, "class": type(layer).__name__, "parameters": layer.count_params(),
            "outputShape": shape(layer.output.shape if not isinstance(layer.output, list) else layer.output[0].shape),
            "weights": [w.path for w in layer.weights],
            **({"layers": layers(layer)} if hasattr(layer, "layers") else {})} for layer in part.layers]

    paths = {id(v): path for path, v in weights_by_path(built)}
    return {
        "model": description, "name": built.name, "parameters": built.count_params(),
        "trainable": int(sum(np.prod(w.shape) for w in built.trainable_weights)),
        **({"outputNames": list(built.output_names)} if hasattr(built, "output_names") else {}),
        "outputShape": shape(built.output_shape),
        "layers": layers(built), "weights": [paths[id(w)] for w in built.weights if id(w) in paths],
        "weightShapes": [shape(w.shape) for w in built.weights if id(w) in paths]}


def names():
    recurrent = sequential(
        [10], entry("Embedding", input_dim=20, output_dim=6), entry("LSTM", units=5), dense(2), name="words",
        inputType="int32")
    everything = sequential(
        [16, 16, 3], entry("Rescaling", scale=0.5), entry("ZeroPadding2D", padding=1),
        entry("DepthwiseConv2D", kernel_size=3), entry("SeparableConv2D", filters=4, kernel_size=3),
        entry("Conv2DTranspose", filters=4, kernel_size=2, strides=2), entry("AveragePooling2D", pool_size=2),
        entry("UpSampling2D"), entry("LayerNormalization"), entry("ReLU"), entry("LeakyReLU"), entry("PReLU"),
        entry("ELU"), entry("Softmax"), entry("SpatialDropout2D", rate=0.5), entry("GlobalMaxPooling2D"),
        entry("Reshape", target_shape=[2, 2]), entry("Permute", dims=[2, 1]), entry("Flatten"),
        entry("RepeatVector", n=2), entry("GlobalAveragePooling1D"), entry("Activation", activation="relu"),
        entry("Activation", activation="tanh"), entry("GaussianNoise", stddev=0.1), dense(1))
    outputs = branches()
    outputs["outputs"] = ["x6", "x3"]
    outputs["name"] = "two_outputs"
    cases = [described(d) for d in [
        convolutional(), branches(), outputs, nested(), residual(), created_in_another_order(), recurrent, everything]]

    keras.backend.clear_session()
    automatic = []
    for _ in range(2):
        built = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2), keras.layers.Dense(2)])
        automatic.append({"model": built.name, "layers": [layer.name for layer in built.layers]})
    x = keras.Input((3,))
    automatic.append({"model": keras.Model(x, keras.layers.Dense(2)(x)).name, "layers": [x.name, "dense_4"]})
    write("names.json", {"cases": cases, "counterAcrossModels": automatic})
