"""layers/*.json: what each layer computes, and its gradients."""

import inspect

from .common import Numbers, array, jax, keras, layer, np, weight_name, write

K = keras.layers


# One case ------------------------------------------------------------------------------------------------------------

def several(xs):
    """How most layers take their inputs."""
    return (xs if len(xs) > 1 else xs[0],), {}


def passes(built, inputs, numbers, training, hand_over):
    """Output and gradients of Σ output·g, and the weights that changed, in one mode."""
    trainable = [v.value for v in built.trainable_variables]
    others = [v.value for v in built.non_trainable_variables]
    floats = [i for i, x in enumerate(inputs) if x.dtype.kind == "f"]
    arguments = {"training": training} if "training" in inspect.signature(built.call).parameters else {}

    def forward(trainable, given):
        xs = [jax.numpy.asarray(x) for x in inputs]
        for i, x in zip(floats, given):
            xs[i] = x
        positions, names = hand_over(xs)
        return built.stateless_call(trainable, others, *positions, **names, **arguments)

    output, changed = forward(trainable, [inputs[i] for i in floats])
    g = numbers.normal(output.shape)
    total = lambda t, x: jax.numpy.sum(forward(t, x)[0] * g)
    dweights, dinputs = jax.grad(total, argnums=(0, 1))(trainable, [jax.numpy.asarray(inputs[i]) for i in floats])
    by_input = [None] * len(inputs)
    for i, d in zip(floats, dinputs):
        by_input[i] = array(d)
    result = {
        "output": array(output),
        "outputGradient": array(g),
        "inputGradients": by_input,
        "weightGradients": [array(d, name=weight_name(built, v)) for v, d in zip(built.trainable_variables, dweights)],
    }
    updated = [
        array(new, name=v.name) for v, old, new in zip(built.non_trainable_variables, others, changed)
        if "seed" not in v.name and not np.array_equal(old, new)]
    if updated:
        result["updatedWeights"] = updated
    return result


def case(name, arguments, *inputs, scale=0.5, training=False, label=None, given=several, call={}, shapes=None):
    """One layer with its arguments, weights and inputs; `training` adds that mode to inference. `given` makes of the
    inputs what the call takes, `call` stands among the arguments of the case, `shapes` are those to build with."""
    numbers = Numbers(f"{name} {arguments} {label} {[x.shape for x in inputs]}")
    built = layer({"class": name, "arguments": arguments})
    built.build(*(shapes or [[x.shape for x in inputs] if len(inputs) > 1 else inputs[0].shape]))
    arguments = {**arguments, **call}
    weights = []
    for v in built.weights:
        if "seed" in v.name:
            continue
        positive = v.name in ("gamma", "moving_variance")
        v.assign(numbers.uniform(v.shape, 0.5, 1.5) if positive else numbers.normal(v.shape, scale))
        weights.append(array(v.numpy(), name=weight_name(built, v), trainable=bool(v.trainable)))
    result = {"layer": name, "arguments": arguments, "inputs": [array(x) for x in inputs], "weights": weights}
    if label:
        result["note"] = label
    result["inference"] = passes(built, inputs, numbers, False, given)
    if training:
        result["training"] = passes(built, inputs, numbers, True, given)
    return result


def normal(*shape):
    return Numbers(f"normal {shape}").normal(shape)


def distinct(*shape):
    return Numbers(f"distinct {shape}").distinct(shape)


# Activations ---------------------------------------------------------------------------------------------------------

def activations():
    """Values and derivatives of every activation; "kinks" are the places where left and right derivative differ."""
    x = np.array([-3, -1.5, -0.2, 0, 0.3, 0.7, 2, 6.5])
    with_arguments = [
        ("relu", {"negative_slope": 0.1}), ("relu", {"max_value": 1.5}), ("relu", {"threshold": 0.5}),
        ("relu", {"negative_slope": 0.2, "max_value": 6.0, "threshold": 0.25}),
        ("leaky_relu", {"negative_slope": 0.3}), ("elu", {"alpha": 0.5}), ("celu", {"alpha": 0.5}),
        ("gelu", {"approximate": True}), ("squareplus", {"b": 2}), ("hard_shrink", {"threshold": 1.0}),
        ("soft_shrink", {"threshold": 1.0}), ("threshold", {"threshold": 0.5, "default_value": -1.0}),
    ]
    pointwise = [
        "linear", "relu", "relu6", "leaky_relu", "elu", "selu", "celu", "gelu", "sigmoid", "hard_sigmoid",
        "log_sigmoid", "silu", "hard_silu", "tanh", "hard_tanh", "tanh_shrink", "softplus", "softsign", "soft_shrink",
        "hard_shrink", "squareplus", "mish", "exponential", "sparse_plus", "sparse_sigmoid"]
    cases = []
    for name, arguments in [(n, {}) for n in pointwise] + with_arguments:
        function = lambda v: getattr(keras.activations, name)(jax.numpy.asarray(v), **arguments)
        derivative = jax.grad(lambda v: jax.numpy.sum(function(v)))
        left, right = (np.asarray(derivative(x + side)) for side in (-1e-9, 1e-9))
        values = np.asarray(function(x))
        cases.append({
            "activation": name, "arguments": arguments, "input": array(x), "output": array(values),
            "derivative": array(derivative(jax.numpy.asarray(x))),
            "kinks": [int(i) for i in np.nonzero(np.abs(left - right) > 1e-5)[0]]})
    rows = np.stack([x[:4], x[4:], np.array([1.0, -1.0, 0.5, 0.25])])
    for name, arguments in [
            ("softmax", {}), ("log_softmax", {}), ("sparsemax", {}), ("softmax", {"axis": 1}), ("glu", {})]:
        values = rows if not arguments else np.stack([rows, rows[::-1] * 0.5])
        g = Numbers(f"{name} {arguments}").normal(
            np.asarray(getattr(keras.activations, name)(jax.numpy.asarray(values), **arguments)).shape)
        function = lambda v: getattr(keras.activations, name)(v, **arguments)
        cases.append({
            "activation": name, "arguments": arguments, "input": array(values),
            "output": array(function(jax.numpy.asarray(values))), "outputGradient": array(g),
            "inputGradient": array(jax.grad(lambda v: jax.numpy.sum(function(v) * g))(jax.numpy.asarray(values)))})
    # Far out: no overflow, no NaN.
    far = np.array([-1000.0, -50.0, 50.0, 700.0])
    for name in ("sigmoid", "tanh", "softplus", "silu", "mish", "gelu", "elu", "selu", "log_sigmoid", "softsign"):
        function = getattr(keras.activations, name)
        cases.append({
            "activation": name, "arguments": {}, "input": array(far), "output": array(function(jax.numpy.asarray(far))),
            "derivative": array(jax.grad(lambda v: jax.numpy.sum(function(v)))(jax.numpy.asarray(far))), "kinks": []})
    return cases


# Layers --------------------------------------------------------------------------------------------------------------

def dense():
    yield case("Dense", {"units": 4}, normal(3, 5))
    yield case("Dense", {"units": 3, "use_bias": False}, normal(4, 6))
    yield case("Dense", {"units": 1}, normal(2, 7))
    yield case("Dense", {"units": 33}, normal(1, 17), label="one row, odd sizes")
    for activation in ("relu", "sigmoid", "tanh", "softmax", "elu", "selu", "gelu", "softplus", "silu", "leaky_relu"):
        yield case("Dense", {"units": 4, "activation": activation}, normal(3, 5))
    yield case("Dense", {"units": 4, "activation": "relu"}, normal(2, 3, 5), label="rank 3")
    yield case("Dense", {"units": 3, "activation": "softmax"}, normal(2, 2, 2, 4), label="rank 4")


def activation_layers():
    for name, arguments in [
            ("Activation", {"activation": "relu"}), ("Activation", {"activation": "tanh"}),
            ("Activation", {"activation": "softmax"}), ("ReLU", {}), ("ReLU", {"max_value": 1.0}),
            ("ReLU", {"negative_slope": 0.1, "threshold": 0.2}), ("LeakyReLU", {}),
            ("LeakyReLU", {"negative_slope": 0.1}), ("ELU", {}), ("ELU", {"alpha": 0.5}), ("Softmax", {}),
            ("PReLU", {})]:
        yield case(name, arguments, normal(3, 5))
    yield case("PReLU", {"shared_axes": [1, 2]}, normal(2, 3, 2, 4))
    yield case("Softmax", {"axis": 1}, normal(2, 3, 4))


def shapes():
    yield case("Flatten", {}, normal(2, 3, 2, 2))
    yield case("Flatten", {}, normal(3, 4))
    yield case("Flatten", {}, normal(3, 4, 2))
    yield case("Reshape", {"target_shape": [6, 2]}, normal(2, 3, 4))
    yield case("Reshape", {"target_shape": [2, -1]}, normal(2, 3, 4))
    yield case("Reshape", {"target_shape": [2, 2, 3]}, normal(2, 12))
    yield case("Permute", {"dims": [2, 1]}, normal(2, 3, 4))
    yield case("Permute", {"dims": [3, 1, 2]}, normal(2, 2, 3, 4))
    yield case("Permute", {"dims": [2, 3, 1]}, normal(2, 2, 3, 4))
    yield case("RepeatVector", {"n": 3}, normal(2, 4))


def conv2d():
    def conv(shape, filters, kernel_size, label=None, **more):
        return case("Conv2D", {"filters": filters, "kernel_size": kernel_size, **more}, normal(*shape), scale=0.3, label=label)

    for padding in ("valid", "same"):
        yield conv((2, 5, 6, 3), 4, 3, padding=padding)
        for strides in (2, 3):
            yield conv((1, 7, 6, 3), 4, 3, strides=strides, padding=padding)
        yield conv((1, 7, 6, 2), 2, 3, dilation_rate=2, padding=padding)
        yield conv((1, 5, 4, 4), 4, 3, groups=2, padding=padding)
        yield conv((1, 4, 6, 2), 2, [3, 5], padding=padding)
        yield conv((1, 6, 5, 2), 2, [5, 2], strides=[2, 1], padding=padding)
        yield conv((1, 6, 6, 3), 2, 5, padding=padding)
        yield conv((2, 5, 5, 1), 5, 3, padding=padding, activation="relu")
        yield conv((1, 4, 5, 5), 2, 2, padding=padding, label="even kernel")
        yield conv((1, 7, 7, 2), 2, 4, strides=3, padding=padding, label="even kernel, stride 3")
    yield conv((2, 4, 5, 3), 5, 1, label="1x1")
    yield conv((1, 7, 7, 5), 3, 1, strides=2, label="1x1, stride 2")
    yield conv((2, 4, 4, 2), 3, 3, use_bias=False, padding="same")
    yield conv((1, 4, 5, 3), 17, 3, padding="same", label="17 filters")
    yield conv((1, 4, 4, 17), 3, 3, padding="same", label="17 channels")
    yield conv((1, 4, 5, 8), 8, 3, padding="same", label="8 to 8")
    yield conv((1, 4, 4, 3), 32, 3, padding="same", activation="relu", label="3 to 32")
    yield conv((1, 4, 4, 32), 3, 3, label="32 to 3")
    yield conv((1, 3, 4, 32), 17, 1, label="1x1, 32 to 17")
    yield conv((3, 4, 4, 1), 1, 3, padding="same", label="one channel, one filter")
    yield conv((1, 3, 3, 2), 4, 3, label="output 1x1")
    yield conv((1, 2, 2, 2), 3, 5, padding="same", label="kernel larger than the image")
    yield conv((1, 5, 5, 2), 2, 3, padding="same", activation="sigmoid")
    yield conv((1, 5, 5, 3), 3, 3, groups=3, padding="same", label="as many groups as channels")
    yield conv((1, 11, 9, 2), 2, 3, padding="same", label="several tiles")
    yield conv((1, 9, 7, 2), 2, 3, dilation_rate=[1, 3], label="dilation of one axis")


def depthwise_conv2d():
    def conv(shape, kernel_size, label=None, **more):
        return case("DepthwiseConv2D", {"kernel_size": kernel_size, **more}, normal(*shape), label=label)

    for multiplier in (1, 2):
        for padding in ("valid", "same"):
            for strides in (1, 2):
                yield conv((1, 6, 5, 3), 3, depth_multiplier=multiplier, padding=padding, strides=strides)
    yield conv((1, 7, 7, 2), 3, dilation_rate=2, padding="same")
    yield conv((1, 7, 7, 2), 3, dilation_rate=2, depth_multiplier=2)
    yield conv((1, 4, 6, 8), [3, 5], padding="same", use_bias=False, activation="relu")
    yield conv((1, 4, 4, 17), 3, padding="same", label="17 channels")
    yield conv((1, 6, 6, 1), 2, strides=2, padding="same", label="even kernel, one channel")
    yield case("SeparableConv2D", {"filters": 4, "kernel_size": 3, "padding": "same"}, normal(2, 5, 5, 3))
    yield case(
        "SeparableConv2D",
        {"filters": 3, "kernel_size": 3, "strides": 2, "depth_multiplier": 2, "activation": "relu", "use_bias": False},
        normal(1, 7, 6, 2))


def conv2d_transpose():
    for arguments, shape in [
            ({"kernel_size": 3}, (2, 3, 4, 2)), ({"kernel_size": 3, "padding": "same"}, (1, 4, 3, 2)),
            ({"kernel_size": 3, "strides": 2}, (1, 3, 4, 2)),
            ({"kernel_size": 3, "strides": 2, "padding": "same"}, (1, 3, 4, 2)),
            ({"kernel_size": 2, "strides": 2}, (1, 3, 3, 3)), ({"kernel_size": 2, "strides": 3}, (1, 3, 3, 2)),
            ({"kernel_size": 4, "strides": 2, "padding": "same", "activation": "relu"}, (1, 3, 3, 2)),
            ({"kernel_size": 3, "strides": 2, "output_padding": 1}, (1, 3, 3, 2))]:
        yield case("Conv2DTranspose", {"filters": 3, **arguments}, normal(*shape))


def conv1d():
    for arguments, shape in [
            ({"kernel_size": 3}, (2, 7, 3)), ({"kernel_size": 3, "padding": "same", "strides": 2}, (2, 7, 3)),
            ({"kernel_size": 2, "padding": "causal", "dilation_rate": 2}, (1, 8, 2)),
            ({"kernel_size": 4, "padding": "same", "activation": "relu"}, (1, 6, 5)),
            ({"kernel_size": 3, "padding": "causal", "strides": 2}, (1, 7, 2))]:
        yield case("Conv1D", {"filters": 4, **arguments}, normal(*shape))
    for name in ("MaxPooling1D", "AveragePooling1D"):
        for arguments in ({"pool_size": 2}, {"pool_size": 3, "strides": 2, "padding": "same"}):
            yield case(name, arguments, distinct(2, 7, 3))
    for name in ("GlobalAveragePooling1D", "GlobalMaxPooling1D"):
        for keepdims in (False, True):
            yield case(name, {"keepdims": keepdims}, distinct(2, 5, 3))
    yield case("ZeroPadding1D", {"padding": [1, 2]}, normal(2, 3, 2))
    yield case("UpSampling1D", {"size": 3}, normal(2, 3, 2))
    yield case("Cropping1D", {"cropping": [1, 2]}, normal(2, 5, 2))


def pooling(name):
    # Keras' AveragePooling2D has no default size.
    yield case(name, {} if name == "MaxPooling2D" else {"pool_size": 2}, distinct(2, 4, 6, 3))
    for padding in ("valid", "same"):
        yield case(name, {"pool_size": 2, "padding": padding}, distinct(2, 5, 7, 2), label="odd sizes")
        yield case(name, {"pool_size": 3, "strides": 2, "padding": padding}, distinct(2, 7, 6, 2))
        yield case(name, {"pool_size": 3, "strides": 1, "padding": padding}, distinct(1, 5, 4, 3))
        yield case(name, {"pool_size": [2, 3], "strides": [1, 2], "padding": padding}, distinct(1, 5, 6, 2))
        yield case(name, {"pool_size": 2, "strides": 3, "padding": padding}, distinct(1, 7, 8, 1), label="gaps")
    yield case(name, {"pool_size": 2}, distinct(1, 4, 4, 17), label="17 channels")


def global_pooling():
    for name in ("GlobalAveragePooling2D", "GlobalMaxPooling2D"):
        for keepdims in (False, True):
            yield case(name, {"keepdims": keepdims}, distinct(2, 3, 4, 3))
        yield case(name, {}, distinct(1, 5, 5, 17))


def padding_and_sampling():
    for padding in (1, [2, 1], [[1, 0], [2, 3]]):
        yield case("ZeroPadding2D", {"padding": padding}, normal(2, 3, 2, 2))
    for cropping in (1, [[1, 0], [0, 2]]):
        yield case("Cropping2D", {"cropping": cropping}, normal(1, 5, 4, 2))
    for size in (2, [2, 3]):
        for interpolation in ("nearest", "bilinear"):
            yield case("UpSampling2D", {"size": size, "interpolation": interpolation}, normal(2, 3, 4, 2))
    yield case("UpSampling2D", {"size": 3, "interpolation": "bilinear"}, normal(1, 1, 2, 1))


def batch_normalization():
    for arguments in (
            {}, {"momentum": 0.9, "epsilon": 1e-5}, {"center": False}, {"scale": False},
            {"center": False, "scale": False}, {"axis": 1}):
        yield case("BatchNormalization", arguments, normal(5, 3), training=True, label="rank 2")
    for arguments in ({}, {"momentum": 0.5}, {"center": False, "scale": False}):
        yield case("BatchNormalization", arguments, normal(2, 3, 2, 5), training=True, label="rank 4")
    yield case("BatchNormalization", {}, normal(4, 3, 2), training=True, label="rank 3")
    yield case("BatchNormalization", {}, normal(2, 1, 2, 17), training=True, label="17 channels")
    yield case("BatchNormalization", {}, normal(1, 4), training=True, label="a single row: no variance")


def layer_normalization():
    yield case("LayerNormalization", {}, normal(3, 6))
    yield case("LayerNormalization", {}, normal(2, 3, 8))
    yield case("LayerNormalization", {"epsilon": 1e-6}, normal(2, 2, 3, 5))
    yield case("LayerNormalization", {"center": False}, normal(3, 5))
    yield case("LayerNormalization", {"scale": False}, normal(3, 5))
    yield case("LayerNormalization", {"center": False, "scale": False}, normal(3, 5))
    yield case("LayerNormalization", {"axis": [1, 2]}, normal(2, 3, 4))
    yield case("RMSNormalization", {}, normal(3, 5))
    yield case("UnitNormalization", {}, normal(3, 5))
    yield case("GroupNormalization", {"groups": 2}, normal(2, 3, 3, 4))


def identity_layers():
    """Layers that do nothing outside of training, and layers without weights."""
    yield case("Dropout", {"rate": 0.5}, normal(3, 4))
    yield case("SpatialDropout2D", {"rate": 0.5}, normal(2, 2, 2, 3))
    yield case("GaussianNoise", {"stddev": 0.5}, normal(3, 4))
    yield case("GaussianDropout", {"rate": 0.5}, normal(3, 4))
    yield case("Identity", {}, normal(3, 4))
    yield case("Rescaling", {"scale": 1 / 255}, Numbers("rescaling").integers((2, 3), 0, 256, "uint8"))
    yield case("Rescaling", {"scale": 1 / 127.5, "offset": -1}, normal(2, 3))
    yield case("Rescaling", {"scale": 0.5, "offset": 2}, normal(2, 3, 2, 3))


def embedding():
    tokens = lambda *shape: Numbers(f"tokens {shape}").integers(shape, 0, 7)
    yield case("Embedding", {"input_dim": 7, "output_dim": 4}, tokens(3, 5))
    yield case("Embedding", {"input_dim": 7, "output_dim": 3}, tokens(6))
    yield case("Embedding", {"input_dim": 7, "output_dim": 2}, np.array([[2, 2, 2], [0, 2, 6]], "int32"), label="repeated tokens")


def merging():
    for name in ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"):
        pool = Numbers(f"merge {name}").distinct((4, 2, 3, 2, 2))
        yield case(name, {}, pool[0, 0, :, 0], pool[1, 0, :, 0])
        yield case(name, {}, pool[0], pool[1])
        if name != "Subtract":
            yield case(name, {}, pool[0, 0], pool[1, 0], pool[2, 0], label="three inputs")
    yield case("Add", {}, normal(2, 3, 4), normal(2, 1, 4), label="broadcast")
    yield case("Multiply", {}, normal(2, 3, 3, 2), normal(2, 1, 1, 2), label="broadcast over an image")
    yield case("Concatenate", {}, normal(2, 3), normal(2, 4))
    yield case("Concatenate", {"axis": 1}, normal(2, 3, 2), normal(2, 1, 2), normal(2, 2, 2))
    yield case("Concatenate", {"axis": -1}, normal(2, 2, 3, 2), normal(2, 2, 3, 1), normal(2, 2, 3, 5))
    yield case("Concatenate", {"axis": 2}, normal(2, 2, 3, 2), normal(2, 2, 1, 2))
    yield case("Dot", {"axes": 1}, normal(2, 3), normal(2, 3, 1)[:, :, 0] * 0.5)


def recurrent():
    x = normal(2, 5, 3)
    for name in ("SimpleRNN", "LSTM", "GRU"):
        yield case(name, {"units": 4}, x)
        yield case(name, {"units": 4, "return_sequences": True}, x)
    yield case("LSTM", {"units": 3, "go_backwards": True}, x)
    yield case("LSTM", {"units": 3, "use_bias": False, "activation": "relu", "recurrent_activation": "hard_sigmoid"}, x)
    yield case("GRU", {"units": 3, "reset_after": False}, x)
    yield case("SimpleRNN", {"units": 3, "activation": "relu"}, x)
    yield case("LSTM", {"units": 1}, normal(3, 1, 2), label="one step, one unit")
    yield case("LSTM", {"units": 17, "return_sequences": True, "go_backwards": True}, normal(3, 4, 5), scale=0.3)
    yield case("LSTM", {"units": 5, "activation": "softsign", "return_sequences": True, "go_backwards": True}, x)
    state = lambda xs: ((xs[0],), {"initial_state": xs[1:]})
    for arguments in ({"units": 4}, {"units": 4, "activation": "sigmoid", "use_bias": False}):
        yield case("LSTM", arguments, x, normal(2, 4), normal(2, 1, 4)[:, 0], given=state, shapes=[x.shape], label="initial state")


def attention():
    def on(arguments, *inputs, masked=False, causal=False, label=None):
        operands = inputs[:-1] if masked else inputs
        shapes = [x.shape for x in operands]
        names = lambda xs: {"attention_mask": xs[-1], "use_causal_mask": causal} if masked else {"use_causal_mask": causal}
        call = {**({"attention_mask": True} if masked else {}), **({"use_causal_mask": True} if causal else {})}
        return case("MultiHeadAttention", arguments, *inputs, given=lambda xs: (xs[:-1] if masked else xs, names(xs)),
                    call=call, shapes=[shapes[0], shapes[1], *shapes[2:]], label=label)

    two = {"num_heads": 2, "key_dim": 3}
    x, other = normal(2, 5, 4), normal(2, 3, 6)
    yield on(two, x, x, label="of a sequence to itself")
    yield on(two, x, other)
    # Without any dropout Keras calls JAX' own attention, which takes values only of the size of the keys.
    yield on({**two, "value_dim": 5, "dropout": 1e-10}, x, other, normal(2, 3, 2), label="a key of its own")
    yield on({"num_heads": 1, "key_dim": 1, "use_bias": False}, x, other)
    yield on({"num_heads": 3, "key_dim": 17, "output_shape": 7}, x, other, label="17 features")
    yield on(two, x, x, causal=True)
    mask = np.array([[[1, 0, 1]] * 5, [[1, 1, 0], [0, 1, 0], [1, 1, 1], [0, 0, 1], [1, 0, 0]]], "int32")
    yield on(two, x, other, mask, masked=True)
    yield on(two, x, x, Numbers("mask").integers((2, 5, 5), 0, 2) | np.eye(5, dtype="int32"), masked=True, causal=True)


FAMILIES = {
    "activations": activations,
    "dense": dense,
    "activation_layers": activation_layers,
    "shapes": shapes,
    "conv2d": conv2d,
    "depthwise_conv2d": depthwise_conv2d,
    "conv2d_transpose": conv2d_transpose,
    "conv1d": conv1d,
    "max_pooling2d": lambda: pooling("MaxPooling2D"),
    "average_pooling2d": lambda: pooling("AveragePooling2D"),
    "global_pooling": global_pooling,
    "padding_and_sampling": padding_and_sampling,
    "batch_normalization": batch_normalization,
    "layer_normalization": layer_normalization,
    "identity_layers": identity_layers,
    "embedding": embedding,
    "merging": merging,
    "recurrent": recurrent,
    "attention": attention,
}


def generate(name):
    write(f"layers/{name}.json", {"cases": list(FAMILIES[name]())})
