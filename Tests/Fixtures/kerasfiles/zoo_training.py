"""Models for what `compile` sets up. Each function returns (model, inputs, targets or None)."""

import numpy as np
import keras
from keras import layers as L
from zoo import classes, numbers, positive

O, S = keras.optimizers, keras.optimizers.schedules


def losses():
    l, n, i = keras.losses, 5, L.Input((4,))
    def one_hot():
        return np.eye(3, dtype="float32")[classes(n, 3)]
    def signs():
        return np.sign(numbers(n, 2))
    # The function of an output, its loss and its targets.
    rows = [
        ("sigmoid", l.BinaryCrossentropy(label_smoothing=0.2), positive(n, 2)), (None, l.BinaryCrossentropy(from_logits=True), positive(n, 2)),
        ("softmax", l.CategoricalCrossentropy(), one_hot()), (None, l.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1), one_hot()),
        ("softmax", l.SparseCategoricalCrossentropy(), classes(n, 3)), (None, l.SparseCategoricalCrossentropy(from_logits=True), classes(n, 3)),
        (None, l.CategoricalHinge(), one_hot()), (None, l.CosineSimilarity(), numbers(n, 3)), (None, l.Hinge(), signs()),
        (None, l.SquaredHinge(), signs()), (None, l.Huber(0.3), numbers(n, 2)), ("softmax", l.KLDivergence(), positive(n, 2)),
        (None, l.LogCosh(), numbers(n, 2)), (None, l.MeanAbsoluteError(), numbers(n, 2)), (None, l.MeanAbsolutePercentageError(), positive(n, 2)),
        (None, l.MeanSquaredError(), numbers(n, 2)), ("sigmoid", l.MeanSquaredLogarithmicError(), positive(n, 2)), ("sigmoid", l.Poisson(), positive(n, 2)),
        ("sigmoid", "binary_crossentropy", positive(n, 2)), ("softmax", "kl_divergence", positive(n, 2)), (None, "huber", numbers(n, 2)),
        (None, "log_cosh", numbers(n, 2)), (None, "cosine_similarity", numbers(n, 2)), ("sigmoid", "msle", positive(n, 2)), (None, "mae", numbers(n, 2)),
        (None, "mape", positive(n, 2)), (None, "mean_squared_error", numbers(n, 2)), (None, "squared_hinge", signs()), (None, "hinge", signs()),
        ("sigmoid", "poisson", positive(n, 2)), (None, "categorical_hinge", one_hot()),
    ]
    outputs = [L.Dense(3 if y.ndim == 1 else y.shape[1], activation=f, name=f"o{k}")(i) for k, (f, _, y) in enumerate(rows)]
    model = keras.Model(i, outputs)
    model.compile(O.SGD(0.01), loss={f"o{k}": loss for k, (_, loss, _) in enumerate(rows)},
                  loss_weights={f"o{k}": 0.5 + 0.1 * k for k in range(len(rows))})
    return model, [numbers(n, 4)], [y for _, _, y in rows]


def metrics():
    m, i = keras.metrics, L.Input((4,))
    model = keras.Model(i, [L.Dense(3, activation="softmax", name="kind of it")(i), L.Dense(1, activation="sigmoid", name="yes-no")(i)])
    model.compile("adam", {"kind of it": "categorical_crossentropy", "yes-no": "binary_crossentropy"},
                  metrics={"kind of it": ["acc", m.CategoricalAccuracy(name="cat"), m.TopKCategoricalAccuracy(2), m.TopKCategoricalAccuracy(1, name="top1")],
                           "yes-no": [m.BinaryAccuracy(threshold=0.3), "mse", "mae", m.MeanAbsoluteError(), m.MeanSquaredError(name="e"), m.RootMeanSquaredError()]})
    return model, [numbers(4, 4)], [np.eye(3, dtype="float32")[classes(4, 3)], positive(4, 1)]


def initializers():
    k, r, i = keras.initializers, keras.regularizers, L.Input((3,))
    kinds = [k.Zeros(), k.Ones(), k.Constant(0.3), k.RandomNormal(0.1, 0.2), k.RandomUniform(-1, 1, seed=4), k.TruncatedNormal(stddev=0.4),
             k.GlorotNormal(), k.GlorotUniform(seed=2), k.HeNormal(), k.HeUniform(), k.LecunNormal(), k.LecunUniform(), k.Orthogonal(gain=2.0),
             k.Identity(gain=0.5), k.VarianceScaling(1.5, "fan_out", "untruncated_normal"), k.VarianceScaling(1.5, "fan_in", "truncated_normal")]
    penalties = [None, "l1", "l2", r.L1L2(0.1, 0.2), r.L1(0.1), r.L2(0.2)]
    outputs = [L.Dense(3, kernel_initializer=kind, kernel_regularizer=penalties[n % 6])(i) for n, kind in enumerate(kinds)]
    model = keras.Model(i, L.Concatenate()(outputs))
    model.compile(O.SGD(0.1), "mse")
    return model, [numbers(4, 3)], [numbers(4, 48)]


def frozen():
    model = keras.Sequential([L.Input((3,)), L.Dense(4), L.BatchNormalization(), L.Dense(3), L.Dense(2)])
    for place in (1, 2):
        model.layers[place].trainable = False
    model.compile("adam", "mse")
    return model, [numbers(4, 3)], [numbers(4, 2)]


def trained_by(name, make):
    def case():
        i = L.Input((3,))
        model = keras.Model(i, L.Dense(2)(i))
        model.compile(make(), "mse")
        return model, [numbers(4, 3)], [numbers(4, 2)]
    case.__name__ = name
    return case


OPTIMIZERS = {
    "exponential_decay": lambda: O.Adam(S.ExponentialDecay(0.1, 2, 0.5)),
    "inverse_time_decay": lambda: O.SGD(S.InverseTimeDecay(0.1, 2, 0.5, staircase=True), nesterov=True, momentum=0.3),
    "polynomial_decay": lambda: O.SGD(S.PolynomialDecay(0.1, 4, 0.01, power=0.5, cycle=True), momentum=0.9),
    "cosine_decay": lambda: O.RMSprop(S.CosineDecay(0.1, 5, alpha=0.1)),
    "cosine_decay_restarts": lambda: O.Adam(S.CosineDecayRestarts(0.1, 2, t_mul=1.5, m_mul=0.7, alpha=0.01)),
    "piecewise_decay": lambda: O.Adam(S.PiecewiseConstantDecay([1, 4], [0.1, 0.05, 0.01])),
    "rmsprop_centered": lambda: O.RMSprop(0.01, centered=True, weight_decay=0.01),
    "rmsprop_momentum": lambda: O.RMSprop(0.01, momentum=0.5, clipnorm=0.1),
    "sgd_decay": lambda: O.SGD(0.1, weight_decay=0.1, clipvalue=0.05),
    "adamw": lambda: O.AdamW(0.1, weight_decay=0.3, beta_1=0.8, beta_2=0.99, epsilon=1e-3, global_clipnorm=0.5, amsgrad=True, name="mine"),
    "adam_decay": lambda: O.Adam(0.1, weight_decay=0.2, amsgrad=True),
}

CASES = [losses, metrics, initializers, frozen] + [trained_by(name, make) for name, make in OPTIMIZERS.items()]
