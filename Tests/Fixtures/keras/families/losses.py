"""losses.json: values of every loss, alone and with sample weights, and their gradients."""

from .common import Numbers, array, jax, keras, np, write


def case(name, arguments, target, prediction, weights_shape=None, note=None):
    """Per-sample values, the mean, the weighted mean, and the gradients of both with respect to the prediction."""
    numbers = Numbers(f"{name} {arguments} {prediction.shape} {note}")
    mean = getattr(keras.losses, name)(**arguments)
    each = getattr(keras.losses, name)(**arguments, reduction="none")(target, prediction)
    weight = numbers.uniform(weights_shape or np.asarray(each).shape, 0.1, 2.0)

    def value_and_gradient(sample_weight):
        function = lambda p: mean(target, p, sample_weight=sample_weight)
        value, gradient = jax.value_and_grad(function)(jax.numpy.asarray(prediction))
        return float(value), array(gradient)

    value, gradient = value_and_gradient(None)
    weighted, weighted_gradient = value_and_gradient(weight)
    result = {
        "loss": name, "arguments": arguments, "target": array(target), "prediction": array(prediction),
        "each": array(each), "value": value, "gradient": gradient, "sampleWeight": array(weight),
        "weightedValue": weighted, "weightedGradient": weighted_gradient}
    if note:
        result["note"] = note
    return result


def classification():
    for shape in ((4, 3), (2, 3, 4)):
        numbers = Numbers(f"classes {shape}")
        labels = numbers.integers(shape[:-1], 0, shape[-1])
        one_hot = np.eye(shape[-1])[labels]
        soft = numbers.probabilities(shape)
        probabilities = numbers.probabilities(shape)
        unnormalized = numbers.uniform(shape, 0.1, 0.9)
        logits = numbers.normal(shape, 2.0)
        sparse = "SparseCategoricalCrossentropy"
        yield case(sparse, {}, labels, probabilities)
        yield case(sparse, {}, labels[..., None], probabilities, note="labels with a trailing 1")
        yield case(sparse, {}, labels, unnormalized, note="rows that do not sum up to 1")
        yield case(sparse, {"from_logits": True}, labels, logits)
        ignored = labels.copy()
        ignored.flat[1] = -1
        yield case(sparse, {"ignore_class": -1, "from_logits": True}, ignored, logits)
        dense = "CategoricalCrossentropy"
        yield case(dense, {}, one_hot, probabilities)
        yield case(dense, {}, soft, probabilities, note="soft targets")
        yield case(dense, {}, one_hot, unnormalized, note="rows that do not sum up to 1")
        yield case(dense, {"from_logits": True}, one_hot, logits)
        yield case(dense, {"label_smoothing": 0.1}, one_hot, probabilities)
        yield case(dense, {"label_smoothing": 0.1, "from_logits": True}, one_hot, logits)
        yield case("KLDivergence", {}, soft, probabilities)
        yield case("CategoricalFocalCrossentropy", {}, one_hot, probabilities)
        yield case("CategoricalHinge", {}, one_hot, logits)
        yield case("CategoricalHinge", {}, one_hot, probabilities)
    sure = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    yield case("SparseCategoricalCrossentropy", {}, np.array([1, 1], "int32"), sure, note="probability 0: clipped")
    far = np.array([[1000.0, -1000.0, 0.0], [500.0, 400.0, 300.0]])
    yield case("SparseCategoricalCrossentropy", {"from_logits": True}, np.array([1, 0], "int32"), far, note="far logits")


def binary():
    for shape in ((5, 1), (4, 3), (2, 3, 4)):
        numbers = Numbers(f"binary {shape}")
        target = numbers.integers(shape, 0, 2).astype("float64")
        probabilities = numbers.uniform(shape, 0.05, 0.95)
        logits = numbers.normal(shape, 2.0)
        yield case("BinaryCrossentropy", {}, target, probabilities)
        yield case("BinaryCrossentropy", {"label_smoothing": 0.1}, target, probabilities)
        yield case("BinaryCrossentropy", {"from_logits": True}, target, logits)
        yield case("BinaryCrossentropy", {"from_logits": True, "label_smoothing": 0.2}, target, logits)
        yield case("BinaryFocalCrossentropy", {}, target, probabilities)
        yield case("Hinge", {}, target, logits, note="labels 0 and 1")
        yield case("SquaredHinge", {}, target, logits, note="labels 0 and 1")
        yield case("Hinge", {}, target * 2 - 1, logits, note="labels -1 and 1")
        yield case("SquaredHinge", {}, target * 2 - 1, logits, note="labels -1 and 1")
    yield case("BinaryCrossentropy", {}, np.array([[1.0], [0.0]]), np.array([[0.0], [1.0]]), note="quite wrong: clipped")
    yield case("BinaryCrossentropy", {"from_logits": True}, np.array([[1.0], [0.0]]), np.array([[-800.0], [90.0]]), note="far logits")


def regression():
    for shape in ((5, 1), (4, 3), (2, 3, 4)):
        numbers = Numbers(f"regression {shape}")
        target, prediction = numbers.normal(shape), numbers.normal(shape)
        positive, guess = numbers.uniform(shape, 0.2, 4.0), numbers.uniform(shape, 0.2, 4.0)
        for name in ("MeanSquaredError", "MeanAbsoluteError", "LogCosh", "CosineSimilarity", "Huber"):
            yield case(name, {}, target, prediction)
        for delta in (0.25, 0.5, 3.0):
            yield case("Huber", {"delta": delta}, target, prediction)
        for name in ("MeanAbsolutePercentageError", "MeanSquaredLogarithmicError", "Poisson"):
            yield case(name, {}, positive, guess)
    numbers = Numbers("regression axis")
    yield case("CosineSimilarity", {"axis": 1}, numbers.normal((2, 3, 4)), numbers.normal((2, 3, 4)))
    shape = (2, 3, 4)
    target, prediction = numbers.normal(shape), numbers.normal(shape)
    yield case("MeanSquaredError", {}, target, prediction, (2, 1), note="a weight per sample over (2, 3) values")
    yield case("MeanSquaredError", {}, target[0, :, 0], prediction[0, :, :1], note="targets without the trailing 1")


def reductions():
    """The other ways to make one number of many."""
    numbers = Numbers("reductions")
    target, prediction, weight = numbers.normal((4, 3)), numbers.normal((4, 3)), numbers.uniform((4,), 0.1, 2.0)
    result = []
    for reduction in ("sum_over_batch_size", "sum", "mean", "mean_with_sample_weight"):
        loss = keras.losses.MeanSquaredError(reduction=reduction)
        result.append({
            "reduction": reduction, "value": float(loss(target, prediction)),
            "weightedValue": float(loss(target, prediction, sample_weight=weight))})
    return {
        "loss": "MeanSquaredError", "target": array(target), "prediction": array(prediction),
        "sampleWeight": array(weight), "reductions": result}


def generate():
    write("losses.json", {
        "cases": [*classification(), *binary(), *regression()], "reductions": reductions()})
