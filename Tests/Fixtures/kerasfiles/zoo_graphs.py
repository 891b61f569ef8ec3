"""Models whose layers are connected in unusual ways. Each function returns (model, inputs, targets or None)."""

import keras
from keras import layers as L
from zoo import classes, numbers


def squeeze_excite():
    i = L.Input((8, 9, 3))
    x = L.Conv2D(6, 3, padding="same", strides=2, groups=3, activation="swish")(i)
    s = L.Conv2D(2, 1, activation="relu")(L.GlobalAveragePooling2D(keepdims=True)(x))
    s = L.Conv2D(6, 1, activation="sigmoid")(s)
    x = L.Multiply()([x, s])
    y = L.DepthwiseConv2D((3, 2), padding="same", dilation_rate=2, use_bias=False, depthwise_regularizer="l1")(x)
    z = L.Conv2D(6, (1, 3), dilation_rate=(1, 2), padding="same", bias_regularizer="l2")(x)
    parts = [L.Average()([x, y, z]), L.Subtract()([y, z]), L.Maximum()([x, y, z]), L.Minimum()([x, z]), L.Add()([x, y, z, s])]
    tall, wide = L.Concatenate(axis=1)([x, y]), L.Concatenate(axis=2)([x, z])
    ends = [L.GlobalMaxPooling2D()(L.Concatenate(axis=-1)(parts)), L.GlobalAveragePooling2D()(tall), L.Flatten()(wide)]
    model = keras.Model(i, L.Dense(2)(L.Concatenate()(ends)))
    model.compile(keras.optimizers.Adam(0.01, clipvalue=0.1), "mse")
    return model, [numbers(3, 8, 9, 3)], [numbers(3, 2)]


def sequence_to_sequence():
    a, b = L.Input((5,), name="source"), L.Input((4,), name="target")
    table = L.Embedding(9, 4, embeddings_regularizer="l2", embeddings_initializer="glorot_normal")
    x, h, c = L.LSTM(3, return_state=True, recurrent_regularizer="l1")(table(a))
    y, _, last = L.LSTM(3, return_sequences=True, return_state=True, go_backwards=True)(table(b), initial_state=[h, c])
    z = L.LSTM(4, activation="relu", recurrent_activation="hard_sigmoid", use_bias=False)(y)
    model = keras.Model([a, b], [L.Dense(9, activation="softmax", name="word")(y), L.Concatenate()([z, last, x])])
    model.compile(keras.optimizers.Adam(0.01, global_clipnorm=0.1), ["sparse_categorical_crossentropy", "mse"])
    words = [classes(15, 9).reshape(3, 5).astype("float32"), classes(12, 9).reshape(3, 4).astype("float32")]
    return model, words, [classes(12, 9).reshape(3, 4), numbers(3, 10)]


def nested_twice():
    block = keras.Sequential([L.Input((4,), name="block_in"), L.Dense(5, activation="relu"), L.BatchNormalization(), L.Dense(4)], name="block")
    i, j, k = (L.Input((4,), name=name) for name in ("i", "j", "deep_in"))
    deep = keras.Model(k, L.Add()([L.Dense(4, activation="tanh")(k), L.Dense(4)(k)]), name="deep")
    inmost = keras.Sequential([L.Input((4,), name="inmost_in"), L.Dense(3)], name="inmost")
    wrap = keras.Sequential([L.Input((4,), name="wrap_in"), L.Dense(4), inmost], name="wrap")
    a, b = block(i), block(block(j))
    model = keras.Model([i, j], [L.Dense(2, name="p")(L.Concatenate()([a, b])), L.Dense(2, name="q")(wrap(deep(a))), wrap(deep(b))])
    model.compile("adam", ["mse", "mae", "mse"], loss_weights=[1.0, 0.5, 2.0])
    return model, [numbers(6, 4), numbers(6, 4)], [numbers(6, 2), numbers(6, 2), numbers(6, 3)]


def same_names():
    """Layers of the same names in several models."""
    def inner(name):
        return keras.Sequential([L.Input((3,), name=name + "_in"), L.Dense(3, name="dense"), L.Dense(3, name="dense_1")], name=name)
    i = L.Input((3,), name="i")
    a, b = inner("dense_2"), inner("sequential")
    model = keras.Model(i, L.Dense(1, name="dense")(L.Add()([a(i), b(a(i))])))
    model.compile("adam", "mse")
    return model, [numbers(4, 3)], [numbers(4, 1)]


def autoencoder():
    """A model within that begins with the input of the whole."""
    i, j = L.Input((4,), name="i"), L.Input((2,), name="j")
    encoder = keras.Model(i, L.Dense(2, activation="relu")(i), name="encoder")
    decoder = keras.Model(j, L.Dense(4)(j), name="decoder")
    model = keras.Model(i, decoder(encoder(i)))
    model.compile("adam", "mse")
    return model, [numbers(4, 4)], [numbers(4, 4)]


def unusual_names():
    i = L.Input((3,), name="Eingabe: α")
    x = i
    for name in ["größe ✓", "block.1.conv-2", "x" * 300, 'quote"back\\slash', "layers", "vars", "0", "optimizer"]:
        x = L.Dense(3, name=name)(x)
    model = keras.Model(i, [L.Dense(2, name="out put")(x), L.Dense(2, name="日本")(x)], name="my model, 2nd")
    model.compile("adam", {"out put": "mse", "日本": "mae"}, metrics={"日本": "mse"})
    return model, [numbers(4, 3)], [numbers(4, 2), numbers(4, 2)]


def passed_through():
    """An output from which another one is computed, an output that is an input."""
    a, b = L.Input((3,), name="a"), L.Input((3,), name="b")
    x = L.Dense(3, name="d")(a)
    return keras.Model([a, b], [x, L.Add()([x, b]), x, b]), [numbers(4, 3), numbers(4, 3)], None


def dictionary():
    """Outputs by names, which Keras puts into alphabetical order."""
    i = L.Input((3,), name="i")
    return keras.Model(i, {"z": L.Dense(2, name="z")(i), "a": L.Dense(1, name="a")(i)}), [numbers(4, 3)], None


def shapes_of_inputs():
    """A number for each sample, a batch of fixed size, whole numbers."""
    number, fixed, words = L.Input(()), L.Input(batch_shape=(5, 3)), L.Input((4,), dtype="int32")
    x = L.Concatenate()([L.Reshape((1,))(number), fixed, L.Flatten()(L.Embedding(7, 3)(words))])
    model = keras.Model([number, fixed, words], L.Dense(2)(x))
    model.compile("adam", "mse")
    return model, [numbers(5), numbers(5, 3), classes(20, 7).reshape(5, 4)], [numbers(5, 2)]


def more_operators():
    i, j = L.Input((4,)), L.Input((4,))
    x = L.Dense(4)(i)
    y = -x + j / 2.0 - (1.0 - j) * x
    y = keras.ops.maximum(y, x) + keras.ops.sigmoid(x) + keras.ops.tanh(j) + keras.ops.leaky_relu(x, 0.3)
    y = y + keras.ops.gelu(j, approximate=False) + keras.ops.log_softmax(x) + keras.ops.elu(j)
    y = keras.ops.add(3.0 * y + 1, 0.5)
    model = keras.Model([i, j], L.Dense(1)(y))
    model.compile("adam", "mse")
    return model, [numbers(4, 4), numbers(4, 4)], [numbers(4, 1)]


CASES = [squeeze_excite, sequence_to_sequence, nested_twice, same_names, autoencoder, unusual_names, passed_through, dictionary, shapes_of_inputs,
         more_operators]
