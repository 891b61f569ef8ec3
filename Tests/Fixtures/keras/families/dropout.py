"""Which elements of a batch Keras' dropout treats alike, for several noise shapes."""

from .common import keras, np, write

CASES = [
    ((8, 6), None), ((8, 6), (None, None)), ((8, 6), (None, 1)), ((8, 6), (1, None)), ((8, 6), (1, 6)),
    ((8, 5, 6), (None, 1, None)), ((8, 5, 6), (None, None, 1)), ((8, 5, 6), (1, 5, 1)), ((8, 4, 3, 6), (None, 1, 1, 1)),
    ((8, 4, 3, 6), (None, 1, 1, None)), ((8, 4, 3, 6), (None, 4, 1, 6)), ((8, 4, 3, 6), (1, 1, 3, 1)),
]


def generate():
    cases = []
    for shape, noise_shape in CASES:
        layer = keras.layers.Dropout(0.5, noise_shape=noise_shape, seed=3)
        y = np.asarray(layer(np.ones(shape), training=True))
        cases.append({
            "shape": list(shape), "noiseShape": noise_shape and list(noise_shape),
            "together": [bool((y == y.take([0], axis)).all()) for axis in range(y.ndim)],
            "numbers": sorted(set(y.reshape(-1).tolist()))})
    write("dropout.json", {"rate": 0.5, "cases": cases})
