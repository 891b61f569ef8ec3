"""metrics.json: every metric after a first batch, after a second, shorter one, and after a reset."""

from keras.src.trainers.compile_utils import get_metric

from .common import Numbers, array, jax, keras, np, write


def run(make, batches, weighted):
    """The value after each batch."""
    metric, values = make(), []
    for target, prediction, weight in batches:
        metric.update_state(
            jax.numpy.asarray(target), jax.numpy.asarray(prediction), sample_weight=weight if weighted else None)
        values.append(float(np.asarray(metric.result())))
    metric.reset_state()
    return values, float(np.asarray(metric.result()))


def case(name, arguments, batches, automatic=False, note=None):
    if automatic:
        make = lambda: get_metric(name, batches[0][0], batches[0][1])
    else:
        make = lambda: getattr(keras.metrics, name)(**arguments)
    numbers = Numbers(f"{name} {arguments} {note}")
    batches = [(t, p, numbers.uniform((len(t),), 0.1, 2.0)) for t, p in batches]
    keras.backend.clear_session()
    metric = make()
    values, _ = run(make, batches, False)
    weighted, _ = run(make, batches, True)
    result = {"metric": name, "arguments": arguments}
    if automatic:
        result["chosen"] = type(metric).__name__
    if note:
        result["note"] = note
    return {
        **result, "name": metric.name,
        "batches": [{"target": array(t), "prediction": array(p), "sampleWeight": array(w)} for t, p, w in batches],
        "values": values, "weightedValues": weighted}


def guess(numbers, labels, classes):
    """Probabilities that favour the right class in about half of the rows."""
    values = numbers.uniform((*labels.shape, classes), 0.1, 1.0)
    values += 0.7 * np.eye(classes)[labels] * numbers.integers((*labels.shape, 1), 0, 2)
    return np.round(values / values.sum(-1, keepdims=True), 3)


def classified(numbers, shape, classes):
    labels = numbers.integers(shape, 0, classes)
    return labels, guess(numbers, labels, classes)


def two(make):
    """Two batches, of five and of three samples."""
    return [make(5), make(3)]


def data(name):
    numbers = Numbers(f"metric data {name}")
    if name == "binary":
        return two(lambda n: (numbers.integers((n, 1), 0, 2).astype("float64"), numbers.uniform((n, 1))))
    if name == "flat binary":
        return two(lambda n: (numbers.integers((n,), 0, 2).astype("float64"), numbers.uniform((n,))))
    if name == "several binary":
        return two(lambda n: (numbers.integers((n, 3), 0, 2).astype("float64"), numbers.uniform((n, 3))))
    if name == "categorical":
        labelled = two(lambda n: classified(numbers, (n,), 6))
        return [(np.eye(6)[labels], guesses) for labels, guesses in labelled]
    if name == "sparse":
        return two(lambda n: classified(numbers, (n,), 6))
    if name == "sparse column":
        return [(labels[:, None], guesses) for labels, guesses in data("sparse")]
    if name == "sparse sequence":
        return two(lambda n: classified(numbers, (n, 2), 4))
    if name == "regression":
        return two(lambda n: (numbers.normal((n, 2)), numbers.normal((n, 2))))
    if name == "one value":
        return two(lambda n: (numbers.normal((n, 1)), numbers.normal((n, 1))))
    if name == "positive":
        return two(lambda n: (numbers.uniform((n, 2), 0.2, 4.0), numbers.uniform((n, 2), 0.2, 4.0)))
    raise KeyError(name)


def cases():
    for name in ("binary", "several binary", "categorical", "sparse", "sparse column"):
        yield case("accuracy", {}, data(name), automatic=True, note=name)
    yield case("acc", {}, data("sparse"), automatic=True)
    for threshold in (0.5, 0.2, 0.8):
        yield case("BinaryAccuracy", {"threshold": threshold}, data("binary"))
    yield case("BinaryAccuracy", {}, data("several binary"))
    yield case("CategoricalAccuracy", {}, data("categorical"))
    for name in ("sparse", "sparse column"):
        yield case("SparseCategoricalAccuracy", {}, data(name), note=name)
    for k in (1, 2, 3, 5):
        yield case("TopKCategoricalAccuracy", {"k": k}, data("categorical"))
        yield case("SparseTopKCategoricalAccuracy", {"k": k}, data("sparse"))
    for name in ("regression", "one value"):
        for metric in (
                "MeanSquaredError", "RootMeanSquaredError", "MeanAbsoluteError", "LogCoshError", "R2Score"):
            yield case(metric, {}, data(name), note=name)
    yield case("CosineSimilarity", {}, data("regression"))
    for metric in ("MeanAbsolutePercentageError", "MeanSquaredLogarithmicError", "Poisson"):
        yield case(metric, {}, data("positive"))
    yield case("KLDivergence", {}, data("categorical"))
    for metric in ("Hinge", "SquaredHinge"):
        yield case(metric, {}, data("binary"))
    yield case("BinaryCrossentropy", {}, data("binary"))
    yield case("CategoricalCrossentropy", {}, data("categorical"))
    yield case("SparseCategoricalCrossentropy", {}, data("sparse"))
    for metric in ("Precision", "Recall"):
        yield case(metric, {}, data("binary"))
        yield case(metric, {"thresholds": 0.3}, data("several binary"))
        yield case(metric, {"class_id": 1, "thresholds": 0.2}, data("categorical"))
        yield case(metric, {"top_k": 2}, data("categorical"))
    for metric in ("TruePositives", "TrueNegatives", "FalsePositives", "FalseNegatives"):
        yield case(metric, {}, data("binary"))
    for name in ("binary", "several binary"):
        yield case("AUC", {}, data(name), note=name)
    yield case("AUC", {"num_thresholds": 11}, data("binary"))
    yield case("AUC", {"curve": "PR"}, data("binary"))
    yield case("AUC", {"summation_method": "minoring"}, data("binary"))
    yield case("AUC", {"summation_method": "majoring"}, data("binary"))
    yield case("AUC", {"multi_label": True, "num_labels": 3}, data("several binary"))
    yield case("F1Score", {"average": "macro"}, data("categorical"))
    yield case("F1Score", {"average": "micro"}, data("categorical"))
    yield case("F1Score", {"average": "macro", "threshold": 0.5}, data("several binary"))


def generate():
    write("metrics.json", {"cases": list(cases())})
