"""training/*.json: whole models through twenty steps of `fit`, from given weights, without shuffling or dropout."""

import warnings

from .common import Numbers, array, keras, model, np, optimizer, set_weights, weights_by_path, write


def dense(units, **arguments):
    """A dense layer's description; `name` is the layer's, everything else the layer's arguments."""
    name = arguments.pop("name", None)
    return entry("Dense", name, units=units, **arguments)


def entry(kind, name=None, inputs=None, trainable=None, **arguments):
    result = {"class": kind}
    if name:
        result["name"] = name
    result["arguments"] = arguments
    if inputs:
        result["inputs"] = inputs
    if trainable is not None:
        result["trainable"] = trainable
    return result


def sequential(shape, *layers, name="model", **more):
    return {"type": "sequential", "name": name, "inputShape": shape, **more, "layers": list(layers)}


# Running a case ------------------------------------------------------------------------------------------------------

def objects(value, kind):
    """Losses and metrics: strings stay, {"class", "arguments"} become objects, in lists and dictionaries too."""
    if isinstance(value, dict) and "class" in value:
        return getattr(getattr(keras, kind), value["class"])(**value["arguments"])
    if isinstance(value, dict):
        return {k: objects(v, kind) for k, v in value.items()}
    if isinstance(value, list):
        return [objects(v, kind) for v in value]
    return value


def arrays(value):
    if isinstance(value, dict):
        return {k: arrays(v) for k, v in value.items()}
    return None if value is None else array(value)


def callback(description):
    kind, arguments = description["class"], description["arguments"]
    if kind == "LearningRateScheduler":
        rates = arguments["rates"]
        return keras.callbacks.LearningRateScheduler(lambda epoch, rate: rates[epoch])
    return getattr(keras.callbacks, kind)(**arguments)


def case(name, description, x, y, compile, fit, validation=None, sample_weight=None, freeze=None):
    """Builds, compiles, evaluates, fits, evaluates, predicts. `fit` holds arguments of fit, `validation` (x, y).

    `freeze` names layers that are frozen before compiling.
    """
    keras.backend.clear_session()
    keras.utils.set_random_seed(1)
    built = model(description)
    set_weights(built, Numbers(f"weights {name}"))
    for frozen in freeze or []:
        built.get_layer(frozen).trainable = False
    losses = objects(compile["loss"], "losses")
    built.compile(
        optimizer(compile["optimizer"]), losses, loss_weights=compile.get("lossWeights"),
        metrics=objects(compile.get("metrics"), "metrics"),
        weighted_metrics=objects(compile.get("weightedMetrics"), "metrics"))
    batch = fit["batch_size"]
    start = [array(np.asarray(v.value), path=p) for p, v in weights_by_path(built)]
    trainable = [p for p, v in weights_by_path(built) if v.trainable]
    data = {"x": arrays(x), "y": arrays(y)}
    more = {}
    if sample_weight is not None:
        data["sampleWeight"] = array(sample_weight)
        more["sample_weight"] = sample_weight
    if validation is not None:
        data["validationX"], data["validationY"] = arrays(validation[0]), arrays(validation[1])
        more["validation_data"] = validation
    if "class_weight" in fit:
        more["class_weight"] = {int(k): v for k, v in fit["class_weight"].items()}
    if "callbacks" in fit:
        more["callbacks"] = [callback(c) for c in fit["callbacks"]]
    arguments = {k: v for k, v in fit.items() if k not in ("class_weight", "callbacks")}
    evaluate = lambda: {k: float(v) for k, v in built.evaluate(
        x, y, batch_size=batch, sample_weight=sample_weight, return_dict=True, verbose=0).items()}
    few = {k: v[:4] for k, v in x.items()} if isinstance(x, dict) else x[:4]
    predictions = lambda: arrays(dict(zip(built.output_names, built.predict(few, verbose=0)))
                                 if len(built.outputs) > 1 else built.predict(few, verbose=0))
    before, before_predictions = evaluate(), predictions()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        history = built.fit(x, y, shuffle=False, verbose=0, **arguments, **more)
    result = {
        "model": description, "frozen": freeze or [], "compile": compile, "fit": {**fit, "shuffle": False},
        "data": data, "weights": start, "trainable": trainable,
        "before": {"evaluate": before, "predictions": before_predictions},
        "history": {k: [float(np.asarray(v)) for v in vs] for k, vs in history.history.items()},
        "epochs": history.epoch,
        "after": {
            "steps": int(built.optimizer.iterations), "evaluate": evaluate(), "predictions": predictions(),
            "weights": [array(np.asarray(v.value), path=p) for p, v in weights_by_path(built)]},
    }
    write(f"training/{name}.json", result)


# Data ----------------------------------------------------------------------------------------------------------------

TWO_EPOCHS = {"batch_size": 4, "epochs": 2}


def classes(samples=38, features=12, count=4):
    """Ten batches of four, the last one short; the class is somewhat visible."""
    numbers = Numbers(f"classes {samples} {features} {count}")
    y = numbers.integers((samples,), 0, count)
    x = numbers.normal((samples, features), decimals=2)
    x[:, :count] += np.eye(count)[y]
    return np.round(x, 2), y


def images(samples=38, size=8, channels=3, count=3):
    numbers = Numbers(f"images {samples} {size} {channels}")
    y = numbers.integers((samples,), 0, count)
    return numbers.uniform((samples, size, size, channels), decimals=1), y


def values(samples=38, features=5):
    numbers = Numbers(f"values {samples} {features}")
    x = numbers.normal((samples, features), decimals=2)
    return x, np.round(x[:, :1] * 2 - x[:, 1:2] + numbers.normal((samples, 1), 0.3), 3)


def classifier(**arguments):
    return sequential([12], dense(8, activation="relu", **arguments), dense(4, activation="softmax"))


def using(kind="SGD", **arguments):
    return {"class": kind, "arguments": arguments or {"learning_rate": 0.05}}


SPARSE = "sparse_categorical_crossentropy"


# Cases ---------------------------------------------------------------------------------------------------------------

def optimizers():
    for name, kind, arguments in [
            ("sgd", "SGD", {"learning_rate": 0.05}),
            ("sgd_momentum", "SGD", {"learning_rate": 0.05, "momentum": 0.9}),
            ("sgd_nesterov", "SGD", {"learning_rate": 0.05, "momentum": 0.9, "nesterov": True}),
            ("sgd_weight_decay", "SGD", {"learning_rate": 0.05, "weight_decay": 0.1}),
            ("sgd_clipnorm", "SGD", {"learning_rate": 0.05, "clipnorm": 0.2}),
            ("sgd_clipvalue", "SGD", {"learning_rate": 0.05, "clipvalue": 0.05}),
            ("sgd_global_clipnorm", "SGD", {"learning_rate": 0.05, "global_clipnorm": 0.3}),
            ("adam", "Adam", {"learning_rate": 0.01}),
            ("adam_amsgrad", "Adam", {"learning_rate": 0.01, "amsgrad": True}),
            ("adamw", "AdamW", {"learning_rate": 0.01, "weight_decay": 0.1}),
            ("rmsprop", "RMSprop", {"learning_rate": 0.01}),
            ("rmsprop_momentum", "RMSprop", {"learning_rate": 0.01, "momentum": 0.5, "centered": True}),
    ]:
        x, y = classes()
        case(f"classifier_{name}", classifier(), x, y,
             {"optimizer": using(kind, **arguments), "loss": SPARSE, "metrics": ["accuracy"]}, TWO_EPOCHS)


def convolutions():
    x, y = images()
    layers = [
        entry("Conv2D", filters=6, kernel_size=3, padding="same", activation="relu"), entry("MaxPooling2D"),
        entry("Conv2D", filters=5, kernel_size=3, use_bias=False), entry("BatchNormalization", momentum=0.9),
        entry("Activation", activation="relu"), entry("Flatten"), dense(7, activation="relu"),
        dense(3, activation="softmax")]
    compile = {"optimizer": using(learning_rate=0.05, momentum=0.9), "loss": SPARSE, "metrics": ["accuracy"]}
    case("convolution", sequential([8, 8, 3], *layers), x, y, compile, TWO_EPOCHS)
    bytes = Numbers("bytes").integers((38, 6, 6, 3), 0, 256, "uint8")
    layers = [
        entry("Rescaling", scale=1 / 255), entry("Conv2D", filters=4, kernel_size=3, activation="relu"),
        entry("MaxPooling2D"), entry("Flatten"), dense(3)]
    case("bytes_rescaling", sequential([6, 6, 3], *layers, inputType="uint8"), bytes, y,
         {"optimizer": using("Adam", learning_rate=0.01), "metrics": ["accuracy"],
          "loss": {"class": "SparseCategoricalCrossentropy", "arguments": {"from_logits": True}}}, TWO_EPOCHS)


def weighting():
    x, y = classes()
    compile = {
        "optimizer": using(), "loss": SPARSE, "metrics": ["accuracy"],
        "weightedMetrics": ["accuracy", SPARSE]}
    weight = Numbers("sample weights").uniform((len(x),), 0.1, 3.0)
    case("class_weight", classifier(), x, y, compile, {**TWO_EPOCHS, "class_weight": {"0": 0.5, "1": 2.0, "3": 3.0}})
    case("sample_weight", classifier(), x, y, compile, TWO_EPOCHS, sample_weight=weight)
    case("class_weight_one_hot", classifier(), x, np.eye(4)[y],
         {**compile, "loss": "categorical_crossentropy", "weightedMetrics": ["accuracy"]},
         {**TWO_EPOCHS, "class_weight": {"0": 0.5, "1": 2.0}})


def validating():
    x, y = classes()
    other = classes(11)
    compile = {"optimizer": using(), "loss": SPARSE, "metrics": ["accuracy"]}
    case("validation_data", classifier(), x, y, compile, TWO_EPOCHS, validation=other)
    case("validation_split", classifier(), x, y, compile, {**TWO_EPOCHS, "epochs": 3, "validation_split": 0.25})
    weight = Numbers("sample weights").uniform((len(x),), 0.1, 3.0)
    case("validation_split_sample_weight", classifier(), x, y, compile,
         {**TWO_EPOCHS, "validation_split": 0.3}, sample_weight=weight)
    case("validation_frequency", classifier(), x, y, compile,
         {**TWO_EPOCHS, "epochs": 4, "validation_freq": 2, "validation_batch_size": 5}, validation=other)


def regularizing():
    x, y = classes()
    l1 = {"class": "L1", "arguments": {"l1": 0.01}}
    l2 = {"class": "L2", "arguments": {"l2": 0.02}}
    both = {"class": "L1L2", "arguments": {"l1": 0.01, "l2": 0.02}}
    compile = {"optimizer": using(), "loss": SPARSE, "metrics": ["accuracy", SPARSE]}
    for name, arguments in [
            ("l1", {"kernel_regularizer": l1}), ("l2", {"kernel_regularizer": l2, "bias_regularizer": l2}),
            ("l1_l2", {"kernel_regularizer": both}), ("activity", {"activity_regularizer": l2})]:
        case(f"regularizer_{name}", classifier(**arguments), x, y, compile, TWO_EPOCHS, validation=classes(11))


def other_losses():
    x, y = values()
    regression = sequential([5], dense(6, activation="tanh"), dense(1))
    for name, loss in [
            ("mean_squared_error", "mean_squared_error"), ("mean_absolute_error", "mean_absolute_error"),
            ("huber", {"class": "Huber", "arguments": {"delta": 0.5}})]:
        case(f"regression_{name}", regression, x, y,
             {"optimizer": using(), "loss": loss, "metrics": ["mse", "mae", {
                 "class": "RootMeanSquaredError", "arguments": {}}]}, TWO_EPOCHS)
    binary = (y > 0).astype("float64")
    case("binary", sequential([5], dense(6, activation="relu"), dense(1, activation="sigmoid")), x, binary,
         {"optimizer": using("Adam", learning_rate=0.02), "loss": "binary_crossentropy",
          "metrics": ["accuracy", {"class": "AUC", "arguments": {}}, {"class": "Precision", "arguments": {}}]},
         TWO_EPOCHS)
    case("binary_logits", sequential([5], dense(6, activation="relu"), dense(1)), x, binary,
         {"optimizer": using("Adam", learning_rate=0.02), "metrics": [{
             "class": "BinaryAccuracy", "arguments": {"threshold": 0.0}}],
          "loss": {"class": "BinaryCrossentropy", "arguments": {"from_logits": True, "label_smoothing": 0.1}}},
         TWO_EPOCHS)
    x, y = classes()
    case("label_smoothing", classifier(), x, np.eye(4)[y],
         {"optimizer": using(), "metrics": ["accuracy", {"class": "TopKCategoricalAccuracy", "arguments": {"k": 2}}],
          "loss": {"class": "CategoricalCrossentropy", "arguments": {"label_smoothing": 0.1}}}, TWO_EPOCHS)


def functional():
    numbers = Numbers("two inputs")
    x = {"a": numbers.normal((38, 4), decimals=2), "b": numbers.normal((38, 3), decimals=2)}
    y = {"kind": numbers.integers((38,), 0, 3), "amount": numbers.normal((38, 1))}
    two = {
        "type": "functional", "name": "two", "inputs": [{"name": "a", "shape": [4]}, {"name": "b", "shape": [3]}],
        "layers": [
            entry("Dense", "left", ["a"], units=5, activation="relu"),
            entry("Dense", "right", ["b"], units=4, activation="tanh"),
            entry("Concatenate", "joined", ["left", "right"]),
            entry("Dense", "kind", ["joined"], units=3, activation="softmax"),
            entry("Dense", "amount", ["joined"], units=1)],
        "outputs": ["kind", "amount"]}
    case("two_inputs_two_outputs", two, x, y,
         {"optimizer": using(), "loss": {"kind": SPARSE, "amount": "mse"}, "lossWeights": {"kind": 1.0, "amount": 0.3},
          "metrics": {"kind": ["accuracy"], "amount": ["mae"]}}, {**TWO_EPOCHS, "validation_split": 0.2})
    x, y = images(size=6)
    residual = {
        "type": "functional", "name": "residual", "inputs": [{"name": "image", "shape": [6, 6, 3]}],
        "layers": [
            entry("Conv2D", "stem", ["image"], filters=4, kernel_size=3, padding="same", activation="relu"),
            entry("Conv2D", "first", ["stem"], filters=4, kernel_size=3, padding="same", use_bias=False),
            entry("BatchNormalization", "normal", ["first"], momentum=0.9),
            entry("ReLU", "rectified", ["normal"]),
            entry("Conv2D", "second", ["rectified"], filters=4, kernel_size=3, padding="same"),
            entry("Add", "sum", ["stem", "second"]),
            entry("Conv2D", "down", ["sum"], filters=6, kernel_size=3, strides=2, padding="same", activation="relu"),
            entry("Conv2D", "shortcut", ["sum"], filters=6, kernel_size=1, strides=2),
            entry("Add", "end", ["shortcut", "down"]),
            entry("GlobalAveragePooling2D", "mean", ["end"]),
            entry("Dense", "class", ["mean"], units=3, activation="softmax")],
        "outputs": ["class"]}
    case("residual", residual, x, y,
         {"optimizer": using(learning_rate=0.05, momentum=0.9), "loss": SPARSE, "metrics": ["accuracy"]}, TWO_EPOCHS)
    x, y = classes()
    shared = {
        "type": "functional", "name": "shared", "inputs": [{"name": "x", "shape": [12]}],
        "layers": [
            entry("Dense", "wide", ["x"], units=6, activation="relu"),
            entry("Dense", "twice", ["wide"], units=6, activation="tanh"),
            {"shared": "twice", "label": "again", "inputs": ["twice"]},
            entry("Multiply", "product", ["wide", "again"]),
            entry("Dense", "class", ["product"], units=4, activation="softmax")],
        "outputs": ["class"]}
    case("shared_layer", shared, x, y,
         {"optimizer": using("Adam", learning_rate=0.01), "loss": SPARSE, "metrics": ["accuracy"]}, TWO_EPOCHS)


def nesting_and_freezing():
    x, y = classes()
    compile = {"optimizer": using(), "loss": SPARSE, "metrics": ["accuracy"]}
    base = sequential([12], dense(7, activation="relu", name="one"), entry("BatchNormalization", "normal", momentum=0.9),
                      dense(6, activation="relu", name="two"), name="base")
    nested = sequential([12], {"class": "Sequential", "name": "base", "model": base},
                        dense(4, activation="softmax", name="head"), name="outer")
    case("nested", nested, x, y, compile, TWO_EPOCHS)
    case("nested_frozen", nested, x, y, compile, TWO_EPOCHS, freeze=["base"])
    flat = sequential([12], dense(7, activation="relu", name="one"), entry("BatchNormalization", "normal", momentum=0.9),
                      dense(4, activation="softmax", name="head"))
    case("frozen_layer", flat, x, y, compile, TWO_EPOCHS, freeze=["one"])
    case("frozen_batch_normalization", flat, x, y, compile, TWO_EPOCHS, freeze=["normal"])


def tokens():
    numbers = Numbers("tokens")
    x, y = numbers.integers((38, 6), 0, 9), numbers.integers((38,), 0, 3)
    case("embedding", sequential(
        [6], entry("Embedding", input_dim=9, output_dim=5), entry("GlobalAveragePooling1D"),
        dense(3, activation="softmax"), inputType="int32"), x, y,
        {"optimizer": using("Adam", learning_rate=0.02), "loss": SPARSE, "metrics": ["accuracy"]}, TWO_EPOCHS)
    case("layer_normalization", sequential(
        [12], dense(8), entry("LayerNormalization"), entry("Activation", activation="gelu"),
        dense(4, activation="softmax")), *classes(),
        {"optimizer": using("Adam", learning_rate=0.02), "loss": SPARSE, "metrics": ["accuracy"]}, TWO_EPOCHS)


def sequences():
    numbers = Numbers("sequences")
    x, y = numbers.integers((38, 6), 0, 9), numbers.integers((38,), 0, 3)
    compile = {"optimizer": using("Adam", learning_rate=0.02), "loss": SPARSE, "metrics": ["accuracy"]}
    case("lstm", sequential(
        [6], entry("Embedding", input_dim=9, output_dim=5), entry("LSTM", units=7, return_sequences=True),
        entry("LSTM", units=5), dense(3, activation="softmax"), inputType="int32"), x, y, compile, TWO_EPOCHS)
    block = lambda x, name: [
        entry("MultiHeadAttention", f"{name}_attention", [x, x], num_heads=2, key_dim=4),
        entry("Add", f"{name}_sum", [x, f"{name}_attention"]),
        entry("LayerNormalization", f"{name}_normal", [f"{name}_sum"]),
        entry("Dense", f"{name}_wide", [f"{name}_normal"], units=12, activation="relu"),
        entry("Dense", f"{name}_narrow", [f"{name}_wide"], units=8),
        entry("Add", f"{name}_total", [f"{name}_normal", f"{name}_narrow"]),
        entry("LayerNormalization", name, [f"{name}_total"])]
    case("transformer", {
        "type": "functional", "name": "model", "inputs": [{"name": "words", "shape": [6], "dtype": "int32"}],
        "layers": [
            entry("Embedding", "embedding", ["words"], input_dim=9, output_dim=8), *block("embedding", "first"),
            *block("first", "second"), entry("GlobalAveragePooling1D", "mean", ["second"]),
            entry("Dense", "head", ["mean"], units=3, activation="softmax")],
        "outputs": ["head"]}, x, y, {**compile, "optimizer": using("Adam", learning_rate=0.005)}, TWO_EPOCHS)


def running():
    x, y = classes()
    compile = {"optimizer": using(), "loss": SPARSE, "metrics": ["accuracy"]}
    schedule = {"class": "ExponentialDecay", "arguments": {
        "initial_learning_rate": 0.1, "decay_steps": 5, "decay_rate": 0.5}}
    case("learning_rate_schedule", classifier(), x, y,
         {**compile, "optimizer": using("Adam", learning_rate=schedule)}, TWO_EPOCHS)
    case("learning_rate_scheduler", classifier(), x, y, compile, {**TWO_EPOCHS, "callbacks": [
        {"class": "LearningRateScheduler", "arguments": {"rates": [0.1, 0.02]}}]})
    case("initial_epoch", classifier(), x, y, compile, {**TWO_EPOCHS, "epochs": 5, "initial_epoch": 3})
    case("steps_per_epoch", classifier(), x, y, compile, {**TWO_EPOCHS, "epochs": 5, "steps_per_epoch": 4})
    case("one_batch", classifier(), x, y, compile, {"batch_size": 38, "epochs": 4})
    case("batch_of_one", classifier(), x[:10], y[:10], compile, {"batch_size": 1, "epochs": 2})


FAMILIES = {
    "optimizers": optimizers,
    "convolutions": convolutions,
    "weighting": weighting,
    "validating": validating,
    "regularizing": regularizing,
    "other_losses": other_losses,
    "functional": functional,
    "nesting_and_freezing": nesting_and_freezing,
    "tokens": tokens,
    "sequences": sequences,
    "running": running,
}
