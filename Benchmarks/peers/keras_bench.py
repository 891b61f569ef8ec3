"""Times training and prediction of one course model in Keras 3.

    KERAS_BACKEND=tensorflow|jax|torch python keras_bench.py MODEL [--epochs N] [--samples N] [--threads N]

Prints one JSON line (see measure.report). The data are random: speed is measured here, nothing else. The time of
a step is the time of a whole epoch of `fit`, as a user runs it, over its number of steps: shuffling, gathering,
metrics and callbacks included. Install with: pip install keras tensorflow-cpu (or jax, or torch).
"""

import os
import time

import measure

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def import_keras(threads):
    """Imports Keras and its back end; returns the seconds that took."""
    global keras, layers, np
    if threads:
        os.environ["OMP_NUM_THREADS"] = str(threads)
        if os.environ["KERAS_BACKEND"] == "jax":
            os.environ.setdefault("XLA_FLAGS", f"--xla_cpu_multi_thread_eigen={'true' if threads > 1 else 'false'}")
    started = time.perf_counter()
    import keras
    import numpy as np
    from keras import layers

    seconds = time.perf_counter() - started
    if threads and keras.backend.backend() == "tensorflow":
        import tensorflow

        tensorflow.config.threading.set_intra_op_parallelism_threads(threads)
        tensorflow.config.threading.set_inter_op_parallelism_threads(threads)
    return seconds


def data(name, samples):
    """Random images in 0..<1 or random tokens, and a class for each sample."""
    random = np.random.default_rng(0)
    full, _, shape = measure.DATA[name]
    samples = samples or full
    if len(shape) == 1:
        x = random.integers(0, measure.VOCABULARY, (samples, *shape)).astype("int32")
    else:
        x = random.random((samples, *shape), dtype=np.float32)
    return x, random.integers(0, measure.CLASSES, samples).astype("int32")


def dense(*units):
    """Flatten, rectified dense layers, softmax."""
    hidden = [layers.Dense(n, activation="relu") for n in units]
    return keras.Sequential([
        layers.Input((28, 28)), layers.Flatten(), *hidden, layers.Dense(measure.CLASSES, activation="softmax"),
    ])


def lenet():
    return keras.Sequential([
        layers.Input((28, 28, 1)),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
        layers.Dropout(0.5),
        layers.Dense(measure.CLASSES, activation="softmax"),
    ])


def cifar():
    model = keras.Sequential([layers.Input((32, 32, 3))])
    for filters in (32, 64):
        model.add(layers.Conv2D(filters, 3, padding="same", activation="relu"))
        model.add(layers.Conv2D(filters, 3, padding="same", activation="relu"))
        model.add(layers.MaxPooling2D())
        model.add(layers.Dropout(0.25))
    model.add(layers.Flatten())
    model.add(layers.Dense(512, activation="relu"))
    model.add(layers.Dropout(0.5))
    model.add(layers.Dense(measure.CLASSES, activation="softmax"))
    return model


def resnet20():
    """Three stages of three blocks (He et al. 2015, CIFAR variant), strided 1x1 convolutions as shortcuts."""

    def normalized(x, filters, strides=1):
        x = layers.Conv2D(filters, 3, strides, padding="same", use_bias=False)(x)
        return layers.BatchNormalization()(x)

    inputs = layers.Input((32, 32, 3))
    x = layers.ReLU()(normalized(inputs, 16))
    for stage, filters in enumerate((16, 32, 64)):
        for block in range(3):
            strides = 2 if stage > 0 and block == 0 else 1
            y = layers.ReLU()(normalized(x, filters, strides))
            y = normalized(y, filters)
            if strides == 2:
                x = layers.Conv2D(filters, 1, strides, padding="same", use_bias=False)(x)
            x = layers.ReLU()(layers.Add()([x, y]))
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, layers.Dense(measure.CLASSES, activation="softmax")(x))


def lstm():
    return keras.Sequential([
        layers.Input((80,)),
        layers.Embedding(measure.VOCABULARY, 64),
        layers.LSTM(64),
        layers.Dense(measure.CLASSES, activation="softmax"),
    ])


def transformer():
    """Two encoder blocks of width 128: four heads, a dense layer of 512, normalisation after each sum."""
    inputs = layers.Input((64,))
    x = layers.Embedding(measure.VOCABULARY, 128)(inputs)
    for _ in range(2):
        y = layers.MultiHeadAttention(4, 32)(x, x)
        x = layers.LayerNormalization()(layers.Add()([x, y]))
        y = layers.Dense(128)(layers.Dense(512, activation="relu")(x))
        x = layers.LayerNormalization()(layers.Add()([x, y]))
    x = layers.GlobalAveragePooling1D()(x)
    return keras.Model(inputs, layers.Dense(measure.CLASSES, activation="softmax")(x))


MODELS = {
    "mlp": lambda: dense(128),
    "mlp512": lambda: dense(512),
    "deep-mlp": lambda: dense(300, 100),
    "lenet": lenet,
    "cifar": cifar,
    "resnet20": resnet20,
    "lstm": lstm,
    "transformer": transformer,
}


def optimizer(name):
    """Adam for all but the two networks for CIFAR-10, which are trained with momentum."""
    if name in ("cifar", "resnet20"):
        return keras.optimizers.SGD(0.01, momentum=0.9)
    return keras.optimizers.Adam()


def main():
    options = measure.arguments("Times one course model in Keras 3.")
    import_seconds = import_keras(options.threads)
    x, y = data(options.model, options.samples)
    batch = measure.DATA[options.model][1]
    model = MODELS[options.model]()
    model.compile(optimizer(options.model), "sparse_categorical_crossentropy", metrics=["accuracy"])

    clock = measure.Clock()
    timing = keras.callbacks.LambdaCallback(
        on_epoch_begin=lambda epoch, logs: clock.start(), on_epoch_end=lambda epoch, logs: clock.stop())
    model.fit(x, y, batch_size=batch, epochs=options.epochs + 1, verbose=0, callbacks=[timing])
    # The first of the three runs also traces the prediction.
    predict_seconds = measure.best_of(3, lambda: model.predict(x, batch_size=batch, verbose=0))
    row = x[:1]
    calls = [lambda: model.predict_on_batch(row), lambda: np.asarray(model(row, training=False))]
    if keras.backend.backend() == "tensorflow":
        import tensorflow

        traced = tensorflow.function(lambda batch: model(batch, training=False))
        calls.append(lambda: traced(row).numpy())
    # The quickest way that a user has counts.
    one_row_us = min(measure.median_us(call) for call in calls)
    measure.report(
        f"keras-{keras.backend.backend()}", keras.__version__, options.model, model.count_params(), len(x), batch,
        clock, predict_seconds, one_row_us, import_seconds)


if __name__ == "__main__":
    main()
