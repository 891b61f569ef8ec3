"""history.json: the keys that fit reports, and what callbacks decide over given sequences."""

import warnings

from .common import Numbers, keras, np, write

X = Numbers("history").normal((12, 4))
LABELS = Numbers("history labels").integers((12,), 0, 3)
VALUES = Numbers("history values").normal((12, 1))


# Keys ----------------------------------------------------------------------------------------------------------------

def single(activation="softmax", units=3):
    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(units, activation=activation)])


def double():
    x = keras.Input((4,), name="x")
    return keras.Model(x, [
        keras.layers.Dense(3, activation="softmax", name="kind")(x), keras.layers.Dense(1, name="amount")(x)])


def made(metric):
    """A metric's description to what compile takes."""
    if isinstance(metric, dict) and "class" in metric:
        return getattr(keras.metrics, metric["class"])(**metric.get("arguments", {}))
    if isinstance(metric, dict):
        return {k: made(v) for k, v in metric.items()}
    if isinstance(metric, list):
        return [made(m) for m in metric]
    return metric


def keys(outputs, loss, metrics=None, weighted=None, validation=False, loss_weights=None, targets="labels", callbacks=()):
    """Keys of History in its order, of evaluate(return_dict: true), and the order of evaluate's list."""
    keras.backend.clear_session()
    built = double() if outputs == 2 else single() if targets != "values" else single("linear", 1)
    y = {"labels": LABELS, "one hot": np.eye(3)[LABELS], "values": VALUES}[targets] if outputs == 1 else {
        "kind": LABELS, "amount": VALUES}
    built.compile("sgd", loss, metrics=made(metrics), weighted_metrics=made(weighted), loss_weights=loss_weights)
    more = {"validation_data": (X, y)} if validation else {}
    chosen = {
        "LearningRateScheduler": lambda: keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate),
        "ReduceLROnPlateau": lambda: keras.callbacks.ReduceLROnPlateau(monitor="loss")}
    history = built.fit(X, y, batch_size=6, epochs=1, verbose=0, callbacks=[chosen[c]() for c in callbacks], **more)
    result = {"outputs": outputs, "targets": targets if outputs == 1 else "labels and values", "loss": loss}
    for name, value in (("metrics", metrics), ("weightedMetrics", weighted), ("lossWeights", loss_weights)):
        if value is not None:
            result[name] = value
    if callbacks:
        result["callbacks"] = list(callbacks)
    result["validation"] = validation
    result["history"] = list(history.history)
    logs = built.evaluate(X, y, verbose=0, return_dict=True)
    result["evaluate"] = list(logs)
    # What evaluate returns without return_dict: its order.
    order = built._flatten_metrics_in_order({name: name for name in logs})
    result["evaluateList"] = order if isinstance(order, list) else [order]
    return result


def all_keys():
    sparse = "sparse_categorical_crossentropy"
    objects = [{"class": "SparseCategoricalAccuracy"}, {"class": "SparseTopKCategoricalAccuracy", "arguments": {"k": 2}}]
    two = {"kind": sparse, "amount": "mse"}
    yield keys(1, sparse)
    yield keys(1, sparse, validation=True)
    yield keys(1, sparse, ["accuracy"])
    yield keys(1, sparse, ["accuracy"], validation=True)
    yield keys(1, sparse, ["acc"], validation=True)
    yield keys(1, sparse, ["accuracy", sparse])
    yield keys(1, sparse, objects, validation=True)
    yield keys(1, sparse, [{"class": "SparseCategoricalAccuracy", "arguments": {"name": "right"}}, "accuracy"])
    yield keys(1, sparse, ["accuracy"], ["accuracy"], validation=True)
    yield keys(1, sparse, ["accuracy", "accuracy"])
    yield keys(1, sparse, None, ["accuracy"])
    yield keys(1, "categorical_crossentropy", ["accuracy", "top_k_categorical_accuracy"], targets="one hot")
    yield keys(1, "categorical_crossentropy", [
        {"class": "AUC"}, {"class": "AUC"}, {"class": "Precision"}, {"class": "Recall"}], targets="one hot", validation=True)
    yield keys(1, "mse", ["mse", "mae"], targets="values", validation=True)
    yield keys(1, "mean_squared_error", ["mean_squared_error", {"class": "MeanAbsoluteError"}, {
        "class": "RootMeanSquaredError"}], targets="values")
    yield keys(1, "huber", ["MeanSquaredError", "RootMeanSquaredError"], targets="values")
    for callbacks in (["LearningRateScheduler"], ["ReduceLROnPlateau"]):
        yield keys(1, sparse, ["accuracy"], callbacks=callbacks, validation=True)
    yield keys(2, two)
    yield keys(2, two, validation=True)
    yield keys(2, two, {"kind": ["accuracy"], "amount": ["mae"]}, validation=True)
    yield keys(2, two, {"kind": "accuracy"}, loss_weights={"kind": 1.0, "amount": 0.5})
    yield keys(2, two, {"kind": ["accuracy", "sparse_categorical_accuracy"]}, {"amount": ["mse"]})
    yield keys(2, [sparse, "mse"], [["accuracy"], ["mae"]])
    yield keys(2, {"kind": sparse, "amount": None}, {"amount": ["mae"]})


# Decisions of callbacks ----------------------------------------------------------------------------------------------

class Stand:
    """As much of a model as callbacks look at."""

    def __init__(self):
        self.metrics, self.stop_training, self.weights, self.saved = [], False, -1, []
        self.optimizer = keras.optimizers.SGD(0.1)

    def get_weights(self):
        return self.weights

    def set_weights(self, weights):
        self.weights = weights


SEQUENCES = [
    [1, 0.9, 0.92, 0.89, 0.88, 0.9, 0.91, 0.95],
    [1, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2],
    [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2],
    [1, 1, 1, 1, 1, 1, 1, 1],
    [1, 0.99, 0.985, 0.97, 0.969, 0.968, 0.967, 0.9],
    [0.3, 0.5, 0.4, 0.2, 0.45, 0.6, 0.55, 0.58],
]


def stopping(sequence, monitor, arguments):
    """Epochs count from 0; `weights` is the epoch whose weights the model has at the end."""
    callback, stand = keras.callbacks.EarlyStopping(monitor=monitor, **arguments), Stand()
    callback.set_model(stand)
    callback.on_train_begin()
    for epoch, value in enumerate(sequence):
        stand.weights = epoch
        callback.on_epoch_end(epoch, {monitor: value})
        if stand.stop_training:
            break
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        callback.on_train_end()
    return {
        "lastEpoch": epoch, "stopped": stand.stop_training, "stoppedEpoch": int(callback.stopped_epoch),
        "bestEpoch": int(callback.best_epoch), "best": None if callback.best is None else float(callback.best),
        "weights": stand.weights}


def early_stopping():
    settings = [
        {}, {"patience": 1}, {"patience": 2}, {"patience": 3}, {"patience": 2, "min_delta": 0.05},
        {"patience": 1, "min_delta": 0.01}, {"patience": 1, "min_delta": -0.01}, {"patience": 1, "baseline": 0.5},
        {"patience": 2, "baseline": 0.95}, {"patience": 1, "start_from_epoch": 3},
        {"patience": 2, "restore_best_weights": True}, {"patience": 20, "restore_best_weights": True},
        {"patience": 1, "baseline": 0.1, "restore_best_weights": True},
        {"patience": 1, "start_from_epoch": 2, "restore_best_weights": True}]
    for sequence in SEQUENCES:
        for mode in ("min", "max"):
            for arguments in settings:
                # Half of the settings are enough for the later sequences.
                if sequence is not SEQUENCES[0] and mode == "max" and len(arguments) > 2:
                    continue
                full = {**arguments, "mode": mode}
                yield {"sequence": sequence, "arguments": full, **stopping(sequence, "val_loss", full)}
    for monitor in ("loss", "val_loss"):
        yield {"sequence": SEQUENCES[0], "monitor": monitor, "arguments": {"patience": 1},
               **stopping(SEQUENCES[0], monitor, {"patience": 1})}


def plateau(sequence, arguments):
    """The learning rate after each epoch."""
    callback, stand, rates = keras.callbacks.ReduceLROnPlateau(monitor="val_loss", **arguments), Stand(), []
    callback.set_model(stand)
    callback.on_train_begin()
    for epoch, value in enumerate(sequence):
        callback.on_epoch_end(epoch, {"val_loss": value})
        rates.append(float(np.asarray(stand.optimizer.learning_rate.value)))
    return rates


def plateaus():
    settings = [
        {"patience": 1}, {"patience": 2}, {"patience": 2, "factor": 0.5}, {"patience": 1, "factor": 0.5, "cooldown": 2},
        {"patience": 1, "factor": 0.5, "min_lr": 0.03}, {"patience": 1, "factor": 0.5, "min_delta": 0.05},
        {"patience": 3, "factor": 0.2, "cooldown": 1}, {"patience": 0, "factor": 0.5},
        {"patience": 1, "factor": 0.5, "min_delta": 0.0}, {"patience": 2, "factor": 0.1, "min_lr": 0.005, "cooldown": 1}]
    for sequence in SEQUENCES:
        for mode in ("min", "max"):
            for arguments in settings:
                if sequence is not SEQUENCES[0] and mode == "max" and len(arguments) > 2:
                    continue
                full = {**arguments, "mode": mode}
                yield {"sequence": sequence, "arguments": full, "initial": 0.1, "learningRates": plateau(sequence, full)}


def checkpoints():
    """At which epochs ModelCheckpoint(saveBestOnly) saves."""
    for sequence in SEQUENCES:
        for mode in ("min", "max"):
            for threshold in (None, 0.6):
                stand, saved = Stand(), []
                callback = keras.callbacks.ModelCheckpoint(
                    "best.keras", monitor="val_loss", save_best_only=True, mode=mode, initial_value_threshold=threshold)
                callback.set_model(stand)
                stand.save = lambda *more, **named: saved.append(epoch)
                for epoch, value in enumerate(sequence):
                    callback.on_epoch_begin(epoch)
                    callback.on_epoch_end(epoch, {"val_loss": value})
                yield {"sequence": sequence, "mode": mode, "initialValueThreshold": threshold, "savedEpochs": saved}


def generate():
    write("history.json", {
        "keys": list(all_keys()), "earlyStopping": list(early_stopping()),
        "reduceLearningRate": list(plateaus()), "modelCheckpoint": list(checkpoints())})
