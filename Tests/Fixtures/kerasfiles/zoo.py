"""Models that go to and fro between Keras and DeepSwift. Each function returns (model, inputs, targets or None)."""

import numpy as np
import keras
from keras import layers as L

random = np.random.default_rng(7)


def numbers(*shape):
    return random.standard_normal(shape).astype("float32")


def positive(*shape):
    return random.uniform(0.1, 0.9, shape).astype("float32")


def classes(n, k):
    return random.integers(0, k, n).astype("int32")


def sequential(shape, *layers, optimizer="adam", loss="mse", n=6, y=None, metrics=()):
    model = keras.Sequential([L.Input(shape), *layers])
    model.compile(optimizer=optimizer, loss=loss, metrics=list(metrics))
    x = numbers(n, *shape)
    y = numbers(n, *model.output_shape[1:]) if y is None else y(n)
    return model, [x], [y]


def dense():
    return sequential((5,), L.Dense(4, activation="relu", kernel_regularizer="l2"), L.Dense(3, activation="gelu", use_bias=False),
                      L.Dense(2, activation="softmax", kernel_initializer="he_normal", bias_initializer=keras.initializers.Constant(0.5)),
                      optimizer=keras.optimizers.Adam(0.01, amsgrad=True), loss="sparse_categorical_crossentropy",
                      metrics=["accuracy"], y=lambda n: classes(n, 2))


def regularized():
    r = keras.regularizers
    return sequential((5,), L.Dense(4, kernel_regularizer=r.L1(0.02), bias_regularizer=r.L1L2(0.01, 0.03),
                                    activity_regularizer=r.L2(0.01), kernel_initializer=keras.initializers.VarianceScaling(
                                        2.0, "fan_avg", "uniform", seed=3), activation=keras.layers.LeakyReLU(0.1)),
                      L.Dense(2, kernel_initializer=keras.initializers.RandomNormal(0.1, 0.2, seed=1),
                              bias_initializer=keras.initializers.RandomUniform(-0.2, 0.1)),
                      optimizer=keras.optimizers.RMSprop(0.01, momentum=0.8, centered=True), metrics=["mae"])


def lenet():
    return sequential((16, 16, 1), L.Conv2D(3, 5, padding="same", activation="tanh"), L.AveragePooling2D(2),
                      L.Conv2D(4, 5, activation="tanh"), L.AveragePooling2D(2), L.Flatten(), L.Dense(8, activation="tanh"),
                      L.Dense(4, activation="softmax"), optimizer=keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True, clipnorm=1.0),
                      loss=keras.losses.CategoricalCrossentropy(label_smoothing=0.1),
                      metrics=["accuracy", keras.metrics.TopKCategoricalAccuracy(2)], y=lambda n: np.eye(4, dtype="float32")[classes(n, 4)])


def vgg():
    def block(k):
        return [L.Conv2D(k, 3, padding="same", activation="relu"), L.Conv2D(k, 3, padding="same", use_bias=False),
                L.BatchNormalization(momentum=0.9), L.Activation("relu"), L.MaxPooling2D(), L.Dropout(0.0)]
    return sequential((8, 8, 3), L.Rescaling(0.5, 0.25), *block(4), *block(5), L.GlobalAveragePooling2D(), L.Dense(3),
                      loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True), y=lambda n: classes(n, 3),
                      optimizer=keras.optimizers.AdamW(0.01, weight_decay=0.02, clipvalue=0.5))


def resnet():
    def block(x, k, stride):
        y = L.Conv2D(k, 3, stride, padding="same", use_bias=False)(x)
        y = L.Activation("relu")(L.BatchNormalization()(y))
        y = L.BatchNormalization()(L.Conv2D(k, 3, padding="same", use_bias=False)(y))
        if stride > 1:
            x = L.BatchNormalization()(L.Conv2D(k, 1, stride, use_bias=False)(x))
        return L.Activation("relu")(L.Add()([y, x]))
    x = i = L.Input((8, 8, 3))
    x = L.Activation("relu")(L.BatchNormalization()(L.Conv2D(4, 3, padding="same", use_bias=False)(x)))
    for k, stride in [(4, 1), (4, 1), (4, 1), (6, 2), (6, 1), (6, 1), (8, 2), (8, 1), (8, 1)]:
        x = block(x, k, stride)
    model = keras.Model(i, L.Dense(3, activation="softmax")(L.GlobalAveragePooling2D()(x)), name="resnet20")
    model.compile(keras.optimizers.SGD(keras.optimizers.schedules.PiecewiseConstantDecay([2, 4], [0.1, 0.01, 0.001]), momentum=0.9,
                                       weight_decay=1e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model, [numbers(4, 8, 8, 3)], [classes(4, 3)]


def several():
    a, b = L.Input((4,), name="left"), L.Input((6, 3), name="right")
    x = L.Concatenate()([L.Dense(3, name="one")(a), L.Flatten()(b)])
    y1, y2 = L.Dense(2, name="first")(x), L.Dense(3, activation="softmax", name="second")(L.Dense(4, activation="silu")(x))
    model = keras.Model([a, b], [y1, y2])
    model.compile("adam", {"first": "mse", "second": keras.losses.CategoricalCrossentropy()}, loss_weights={"first": 2.0, "second": 0.5},
                  metrics={"first": ["mae"], "second": ["accuracy"]})
    return model, [numbers(4, 4), numbers(4, 6, 3)], [numbers(4, 2), np.eye(3, dtype="float32")[classes(4, 3)]]


def shared():
    tower, deep = L.Dense(3, activation="tanh", name="tower"), L.Dense(3)
    a, b = L.Input((4,)), L.Input((4,))
    x, y = tower(a), tower(b)
    z = deep(deep(x))
    merged = [L.Add()([x, y, z]), L.Subtract()([x, y]), L.Multiply()([x, y]), L.Average()([x, y]), L.Maximum()([x, y]), L.Minimum()([x, z])]
    model = keras.Model([a, b], L.Dense(1)(L.Concatenate(axis=1)(merged)))
    model.compile(keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.1, 20, 0.1, warmup_target=0.2, warmup_steps=5), global_clipnorm=0.7), keras.losses.Huber(0.7))
    return model, [numbers(5, 4), numbers(5, 4)], [numbers(5, 1)]


def nested():
    i = L.Input((4,))
    encoder = keras.Model(i, [L.Dense(3, name="mean")(i), L.Dense(3, name="spread")(i)], name="encoder")
    head = keras.Sequential([L.Input((3,)), L.Dense(5, activation="elu"), L.Dense(2)], name="head")
    a, b = L.Input((4,), name="a"), L.Input((4,), name="b")
    (m1, s1), (m2, s2) = encoder(a), encoder(b)
    model = keras.Model([a, b], [head(L.Add()([m1, s2])), s1, L.Dense(2)(head(m2))])
    encoder.layers[1].trainable = False
    model.compile(keras.optimizers.Adam(0.02), ["mse", None, "mae"])
    return model, [numbers(4, 4), numbers(4, 4)], [numbers(4, 2), None, numbers(4, 2)]


def nested_sequential():
    base = keras.Sequential([L.Input((6, 6, 2)), L.DepthwiseConv2D(3, depth_multiplier=2, padding="same", activation="relu"),
                             L.Conv2D(4, (1, 3), (2, 1), dilation_rate=1, groups=2)], name="base")
    base.trainable = False
    model = keras.Sequential([base, L.GlobalMaxPooling2D(keepdims=True), L.Flatten(), L.Dropout(0.0, seed=5), L.Dense(2, name="head")])
    model.compile("rmsprop", "mse")
    return model, [numbers(4, 6, 6, 2)], [numbers(4, 2)]


def shapes():
    return sequential((4, 6), L.Reshape((6, 4, 1)), L.ZeroPadding2D(((1, 0), (2, 1))), L.UpSampling2D((2, 1)), L.Permute((2, 1, 3)),
                      L.UpSampling2D(2, interpolation="bilinear"), L.Reshape((-1, 7)), L.LayerNormalization(), L.LayerNormalization(axis=[1, 2]),
                      L.BatchNormalization(axis=1, scale=False), L.Flatten(), L.Dense(2), optimizer="sgd")


def embedding():
    model = keras.Sequential([L.Input((5,)), L.Embedding(11, 4), L.Flatten(), L.Dense(1, activation="sigmoid")])
    model.compile(keras.optimizers.Adam(keras.optimizers.schedules.ExponentialDecay(0.1, 3, 0.5, staircase=True)), "binary_crossentropy", metrics=["accuracy"])
    return model, [classes(30, 11).reshape(6, 5).astype("float32")], [classes(6, 2).astype("float32").reshape(6, 1)]


def operators():
    a, b = L.Input((4,)), L.Input((4,))
    x = L.Dense(4)(a)
    y = (x + b) * 2.0 - 1.0
    model = keras.Model([a, b], L.Dense(2)(keras.ops.relu(y * x)))
    model.compile("adam", "mse")
    return model, [numbers(4, 4), numbers(4, 4)], [numbers(4, 2)]


def activations():
    names = ["linear", "relu", "relu6", "sigmoid", "tanh", "softmax", "log_softmax", "softplus", "softsign", "exponential", "elu", "selu",
             "leaky_relu", "gelu", "silu", "mish", "hard_sigmoid", "hard_silu", "log_sigmoid"]
    i = L.Input((4,))
    outputs = [L.Activation(n)(i) for n in names]
    model = keras.Model(i, L.Dense(1)(L.Concatenate()(outputs)))
    model.compile("sgd", keras.losses.LogCosh())
    return model, [numbers(4, 4)], [numbers(4, 1)]


def recurrent():
    model = keras.Sequential([L.Input((6,)), L.Embedding(9, 3), L.LSTM(4, return_sequences=True, recurrent_dropout=0.0),
                              L.LSTM(3, unit_forget_bias=False, go_backwards=True), L.Dense(3, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model, [classes(30, 9).reshape(5, 6).astype("float32")], [classes(5, 3)]


def states():
    i = L.Input((5, 3))
    x, h, c = L.LSTM(4, return_sequences=True, return_state=True)(i)
    y = L.LSTM(4)(x, initial_state=[h, c])
    model = keras.Model(i, L.Dense(2)(y))
    model.compile("adam", "mse")
    return model, [numbers(4, 5, 3)], [numbers(4, 2)]


def encoder():
    i = L.Input((5, 4))
    a = L.MultiHeadAttention(2, 3, dropout=0.0)(i, i, use_causal_mask=True)
    x = L.LayerNormalization()(L.Add()([i, a]))
    b = L.MultiHeadAttention(2, 3, value_dim=3, use_bias=False)(x, i, key=i)
    model = keras.Model(i, L.Dense(2)(L.Flatten()(b)))
    model.compile("adam", "mse")
    return model, [numbers(4, 5, 4)], [numbers(4, 2)]


def images():
    return sequential((9, 9, 3), L.RandomRotation(0.0, fill_mode="nearest"), L.RandomZoom(0.0), L.RandomTranslation(0.0, 0.0),
                      L.RandomContrast(0.0), L.RandomBrightness(0.0), L.Resizing(8, 8),
                      L.CenterCrop(6, 6), L.Normalization(mean=[0.1, 0.2, 0.3], variance=[1, 2, 3]), L.Flatten(), L.Dense(2))


def normalized():
    layer = L.Normalization()
    layer.adapt(numbers(20, 5) * 3 + 1)
    return sequential((5,), layer, L.Dense(2))


def windows():
    return sequential((11, 10, 2), L.ZeroPadding2D(((2, 0), (1, 3))), L.Conv2D(3, (3, 5), strides=(2, 3), use_bias=False), L.ZeroPadding2D((0, 2)),
                      L.MaxPooling2D((2, 3), strides=(1, 2), padding="same"), L.AveragePooling2D((3, 2), strides=(1, 2), padding="same"),
                      L.DepthwiseConv2D(3, strides=2, padding="same", depth_multiplier=3, activation="relu6"),
                      L.UpSampling2D((3, 4), interpolation="bilinear"), L.Permute((3, 1, 2)), L.Reshape((3, -1, 6)), L.AveragePooling2D(2), L.Flatten(),
                      L.Dense(3), optimizer=keras.optimizers.SGD(0.01, momentum=0.5), loss="mae", n=3)


def normalizations():
    return sequential((4, 5, 6), L.BatchNormalization(center=False, scale=False, momentum=0.5, epsilon=0.01),
                      L.BatchNormalization(axis=1, center=False), L.BatchNormalization(axis=2, gamma_regularizer="l2", beta_regularizer="l1"),
                      L.LayerNormalization(axis=[1, 3], epsilon=0.1), L.LayerNormalization(axis=(-2, -1), center=False), L.LayerNormalization(axis=1, scale=False),
                      L.LayerNormalization(gamma_initializer=keras.initializers.RandomUniform(0.5, 1.5), beta_regularizer="l2"), L.Flatten(), L.Dense(1),
                      optimizer=keras.optimizers.RMSprop(0.003, rho=0.8, epsilon=1e-4))


def attention():
    q, v, m = L.Input((4, 5)), L.Input((6, 3)), L.Input((4, 6), name="mask")
    a = L.MultiHeadAttention(2, 3, value_dim=3, output_shape=7, kernel_initializer="he_uniform", bias_regularizer="l2")(q, v, attention_mask=m)
    b = L.MultiHeadAttention(1, 2, output_shape=(7,), dropout=0.0, use_bias=False)(q, v, v)
    c = L.MultiHeadAttention(3, 2)(a, a, use_causal_mask=True)
    model = keras.Model([q, v, m], L.Dense(2)(L.Flatten()(L.Add()([a, b, c]))))
    model.compile(keras.optimizers.AdamW(0.01, weight_decay=0.1, amsgrad=True), "mse")
    return model, [numbers(3, 4, 5), numbers(3, 6, 3), (positive(3, 4, 6) > 0.3).astype("float32")], [numbers(3, 2)]


def activation_layers():
    i = L.Input((4, 4, 3))
    kinds = [L.ReLU(), L.ReLU(6.0), L.ReLU(negative_slope=0.2), L.LeakyReLU(), L.LeakyReLU(0.05), L.ELU(), L.ELU(0.5), L.Softmax()]
    model = keras.Model(i, L.Dense(2)(L.Flatten()(L.Concatenate()([kind(L.Conv2D(2, 3)(i)) for kind in kinds]))))
    model.compile("adam", "mse")
    return model, [numbers(4, 4, 4, 3)], [numbers(4, 2)]


def newer_activations():
    names = ["celu", "hard_tanh", "tanh_shrink", "soft_shrink", "hard_shrink", "squareplus", "sparse_plus", "sparse_sigmoid"]
    i = L.Input((3,))
    model = keras.Model(i, L.Concatenate()([L.Dense(2, activation=name)(i) for name in names]))
    model.compile("rmsprop", "mse")
    return model, [numbers(4, 3)], [numbers(4, 16)]


def matrices():
    i = L.Input((3, 4))
    x = L.Concatenate(axis=-2)([L.Dense(5, activation="relu")(i), L.Activation(keras.activations.tanh)(L.Dense(5)(i))])
    model = keras.Model(i, L.Dense(2, use_bias=False)(L.Concatenate(axis=1)([x, x])))
    model.compile("adam", "mse")
    return model, [numbers(4, 3, 4)], [numbers(4, 12, 2)]


def random_images():
    """Layers that do something while training only; it is not trained."""
    return keras.Sequential([L.Input((9, 10, 3)), L.Rescaling(1 / 255.0, offset=-0.5), L.RandomFlip("horizontal", seed=1),
                             L.RandomRotation(0.2, fill_mode="reflect"), L.RandomZoom((-0.2, 0.1), fill_mode="wrap", interpolation="nearest"),
                             L.RandomTranslation(0.1, (0.0, 0.2), fill_mode="constant", fill_value=0.3), L.RandomContrast(0.3),
                             L.RandomBrightness(0.1, value_range=(0.0, 1.0)), L.Dropout(0.4, seed=9), L.Conv2D(2, 3), L.Flatten(), L.Dense(2)]), \
        [numbers(3, 9, 10, 3)], None


def preprocessing():
    first = L.Normalization(axis=(1, 3))
    first.adapt(numbers(6, 4, 5, 2) * 3 + 2)
    i = L.Input((4, 5, 2))
    x = L.Normalization(invert=True, mean=[0.1, 0.2], variance=[1.0, 2.0])(L.Normalization(axis=None, mean=1.0, variance=2.0)(first(i)))
    parts = [L.Resizing(6, 7)(x), L.Resizing(3, 9, interpolation="nearest")(i), L.Resizing(5, 5, crop_to_aspect_ratio=True)(i), L.CenterCrop(3, 2)(i)]
    model = keras.Model(i, L.Dense(2)(L.Concatenate()([L.Flatten()(part) for part in parts])))
    model.compile("sgd", "mse")
    return model, [numbers(3, 4, 5, 2)], [numbers(3, 2)]


def separable():
    return sequential((7, 8, 2), L.SeparableConv2D(4, (3, 2), strides=2, padding="same", depth_multiplier=2, activation="relu", pointwise_regularizer="l2",
                                                   depthwise_initializer="he_normal", pointwise_initializer="he_uniform"),
                      L.Dropout(0.0, noise_shape=(None, 1, 1, 1)), L.SeparableConv2D(3, 2, dilation_rate=2, use_bias=False, depthwise_regularizer="l1"),
                      L.Dropout(0.0, noise_shape=(1, None, 1, 3), seed=2), L.Flatten(), L.Dense(2), n=3)


CASES = [separable, dense, regularized, lenet, vgg, resnet, several, shared, nested, nested_sequential, shapes, embedding, operators, activations, recurrent, states, encoder,
         images, normalized, windows, normalizations, attention, activation_layers, newer_activations, matrices, random_images, preprocessing]
