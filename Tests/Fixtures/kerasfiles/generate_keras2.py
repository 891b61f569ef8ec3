"""Writes NAME.h5 by Keras 2 (`pip install tensorflow tf_keras`), and NAME.npz as generate.py does.

    python generate_keras2.py FOLDER [NAME...]

The weights alone come into FOLDER/weights. `KerasExchange read FOLDER BACK` loads the models and compares.
"""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tf_keras as keras
from tf_keras import layers as L

STEPS = 3
O = keras.optimizers
random = np.random.default_rng(5)


def numbers(*shape):
    return random.standard_normal(shape).astype("float32")


def classes(n, k):
    return random.integers(0, k, n).astype("int32")


def sequential(*layers, optimizer="adam", loss="mse", metrics=None):
    model = keras.Sequential(list(layers))
    model.compile(optimizer, loss, metrics=metrics)
    return model


def small(optimizer):
    return sequential(L.Dense(3, input_shape=(3,)), L.Dense(2), optimizer=optimizer), [numbers(5, 3)], [numbers(5, 2)]


def keras2_functional():
    a, b = L.Input((4, 3), name="a"), L.Input((4, 3), name="b")
    shared = L.Dense(3, activation="tanh", name="shared")
    x, y = shared(a), shared(shared(b))
    attended = L.MultiHeadAttention(2, 3, name="attention")(x, y)
    p = L.Dense(2, name="p")(L.Flatten()(L.Add()([attended, a])))
    model = keras.Model([a, b], [p, L.Dense(1, name="q")(L.Flatten()(y))], name="outer")
    model.compile(O.SGD(0.05), {"p": keras.losses.Huber(0.5), "q": keras.losses.MeanAbsoluteError()}, loss_weights={"p": 1.0, "q": 0.5}, metrics={"p": "mae"})
    return model, [numbers(5, 4, 3), numbers(5, 4, 3)], [numbers(5, 2), numbers(5, 1)]


def images():
    model = sequential(L.Conv2D(4, 3, input_shape=(8, 8, 2), use_bias=False), L.BatchNormalization(momentum=0.5), L.ReLU(), L.MaxPool2D(),
                       L.SeparableConv2D(3, 2, depth_multiplier=2), L.Dropout(0.0, noise_shape=(None, 1, 1, 1)), L.GlobalAveragePooling2D(),
                       L.Dense(2, activation="softmax"), optimizer=O.Adam(0.01, amsgrad=True),
                       loss=keras.losses.CategoricalCrossentropy(label_smoothing=0.1), metrics=["accuracy"])
    return model, [numbers(6, 8, 8, 2)], [np.eye(2, dtype="float32")[classes(6, 2)]]


def windows():
    model = sequential(L.DepthwiseConv2D(3, depth_multiplier=2, input_shape=(7, 6, 2), padding="same", strides=2), L.ZeroPadding2D(((1, 0), (0, 2))),
                       L.UpSampling2D(2, interpolation="bilinear"), L.Permute((3, 1, 2)), L.Reshape((-1,)), L.LayerNormalization(), L.Dense(2))
    return model, [numbers(3, 7, 6, 2)], [numbers(3, 2)]


def recurrent():
    model = sequential(L.Embedding(9, 4, input_length=6), L.LSTM(5, return_sequences=True), L.LSTM(3), L.Dense(1, activation="sigmoid"),
                       optimizer=O.RMSprop(0.01, momentum=0.3, centered=True), loss="binary_crossentropy", metrics=["acc"])
    return model, [classes(30, 9).reshape(5, 6)], [classes(5, 2).astype("float32").reshape(5, 1)]


def states():
    i = L.Input((4, 2))
    sequence, h, c = L.LSTM(3, return_sequences=True, return_state=True)(i)
    model = keras.Model(i, L.LSTM(3)(sequence, initial_state=[h, c]))
    model.compile("adam", "mse")
    return model, [numbers(3, 4, 2)], [numbers(3, 3)]


def nested():
    i, encoder = L.Input((3,)), keras.Sequential([L.Dense(4, input_shape=(3,), activation="elu"), L.BatchNormalization(), L.Dense(3)], name="encoder")
    model = keras.Model(i, L.Dense(2)(L.Multiply()([encoder(i), encoder(encoder(i))])), name="outer")
    model.compile(O.SGD(O.schedules.ExponentialDecay(0.1, 2, 0.5)), "mae")
    return model, [numbers(5, 3)], [numbers(5, 2)]


def frozen():
    model = keras.Sequential([L.Dense(3, input_shape=(3,)), L.BatchNormalization(), L.Dense(2)])
    model.layers[0].trainable = False
    model.compile(O.Adam(0.01), "mse")
    return model, [numbers(5, 3)], [numbers(5, 2)]


def functions():
    model = sequential(L.Dense(6, input_shape=(3,)), L.LeakyReLU(alpha=0.2), L.Dense(4), L.ELU(0.7), L.Dense(4), L.ReLU(6.0), L.Dense(3), L.Softmax(),
                       L.Activation("swish"), L.Dense(2, kernel_regularizer=keras.regularizers.l1_l2(0.01, 0.02)), optimizer="sgd", loss=keras.losses.LogCosh())
    return model, [numbers(5, 3)], [numbers(5, 2)]


def normalized():
    return sequential(L.Normalization(mean=[1.0, 2.0], variance=[2.0, 3.0], input_shape=(2,)), L.Rescaling(0.5), L.Dense(1)), [numbers(3, 2)], [numbers(3, 1)]


def not_compiled():
    return keras.Sequential([L.Dense(3, input_shape=(4,))]), [numbers(3, 4)], None


def adamw():
    return small(O.AdamW(0.02, weight_decay=0.1, clipnorm=0.5))


def rmsprop():
    return small(O.RMSprop(0.01))


def old_adam():
    return small(O.legacy.Adam(0.02))


def old_momentum():
    return small(O.legacy.SGD(0.02, momentum=0.9))


def old_descent():
    return small(O.legacy.SGD(0.02))


CASES = [keras2_functional, images, windows, recurrent, states, nested, frozen, functions, normalized, not_compiled, adamw, rmsprop, old_adam, old_momentum,
         old_descent]


def flat(values):
    return list(values) if isinstance(values, (list, tuple)) else [values]


def one(values):
    return values[0] if len(values) == 1 else list(values)


def write(case, folder):
    keras.utils.set_random_seed(3)
    model, inputs, targets = case()
    name = os.path.join(folder, case.__name__)
    for _ in range(STEPS if targets else 0):
        model.train_on_batch(one(inputs), one(targets))
    model.save(name + ".h5")
    model.save_weights(os.path.join(folder, "weights", case.__name__ + ".h5"))
    data = {f"x{i}": x for i, x in enumerate(inputs)} | {f"y{i}": y for i, y in enumerate(flat(model.predict(one(inputs), verbose=0)))}
    if targets:
        data |= {f"t{i}": t for i, t in enumerate(targets)}
        model = keras.models.load_model(name + ".h5")
        for _ in range(STEPS):
            model.train_on_batch(one(inputs), one(targets))
        data |= {f"later{i}": y for i, y in enumerate(flat(model.predict(one(inputs), verbose=0)))}
    np.savez(name + ".npz", **data)


if __name__ == "__main__":
    folder, names = sys.argv[1], sys.argv[2:]
    os.makedirs(os.path.join(folder, "weights"), exist_ok=True)
    for case in CASES:
        if not names or case.__name__ in names:
            write(case, folder)
    print(f"Keras {keras.__version__}: files in {folder}")
