"""Images under another geometry: resizing, cropping, affine maps, and what the random layers do with given numbers."""

import jax
import keras
import numpy as np

from .activations_and_layers import case, passes
from .common import Numbers, array, layer, write


def image(*shape):
    return Numbers(f"image {shape}").uniform(shape, 0, 255, decimals=1)


def resizing(shape, height, width, label=None, **more):
    return case("Resizing", {"height": height, "width": width, **more}, image(*shape), label=label)


def normalization(shape, label=None, **arguments):
    """Weights are only used after `finalize_state`, and a variance is positive."""
    numbers = Numbers(f"Normalization {arguments} {shape}")
    inputs = [numbers.normal(shape)]
    built = layer({"class": "Normalization", "arguments": arguments})
    built.build(shape)
    for v in built.weights:
        if v.name == "mean":
            v.assign(numbers.normal(v.shape))
        elif v.name == "variance":
            v.assign(numbers.uniform(v.shape, 0.5, 2))
    built.finalize_state()
    weights = [array(v.numpy(), name=v.name, trainable=False) for v in built.weights]
    result = {"layer": "Normalization", "arguments": arguments, "inputs": [array(x) for x in inputs], "weights": weights}
    if label:
        result["note"] = label
    result["inference"] = passes(built, inputs, numbers, False)
    return result


def layers():
    """The layers that do the same while training and in inference."""
    for interpolation in ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"):
        for height, width in ((3, 4), (7, 9), (5, 3)):
            yield resizing((1, 5, 6, 2), height, width, interpolation=interpolation)
        yield resizing((1, 7, 6, 1), 3, 2, interpolation=interpolation, antialias=True)
    yield resizing((1, 6, 6, 3), 3, 3)
    yield resizing((1, 2, 2, 1), 5, 7, "one row of neighbours")
    yield resizing((1, 4, 7, 2), 4, 7, "the same size")
    yield resizing((1, 1, 1, 2), 2, 3, "one pixel", interpolation="bicubic")
    for shape in ((1, 5, 8, 2), (1, 8, 5, 2), (1, 6, 6, 1)):
        for height, width in ((4, 4), (3, 6), (6, 3)):
            yield resizing(shape, height, width, crop_to_aspect_ratio=True)
            yield resizing(shape, height, width, pad_to_aspect_ratio=True, fill_value=7.0)
    for shape in ((2, 5, 6, 2), (1, 4, 4, 1), (1, 9, 4, 2), (1, 3, 8, 1), (1, 2, 3, 2)):
        for height, width in ((4, 4), (3, 2)):
            yield case("CenterCrop", {"height": height, "width": width}, image(*shape))
    yield normalization((3, 4))
    yield normalization((2, 3, 2, 4))
    yield normalization((2, 3, 2, 4), axis=1)
    yield normalization((2, 3, 2, 4), axis=[1, 3])
    yield normalization((2, 3, 4), axis=None)
    yield normalization((3, 4), invert=True)
    yield normalization((3, 4), mean=0.5, variance=4.0)
    yield normalization((3, 2), mean=[0.5, -1.0], variance=[4.0, 0.25])
    yield normalization((3, 2), mean=[0.5, -1.0], variance=[4.0, 0.25], invert=True)
    yield normalization((3, 2), mean=[0.5, -1.0], variance=[4.0, 0.0], label="no variance")


# Maps: x' = a0 x + a1 y + a2, y' = b0 x + b1 y + b2, so chosen that no place lies half way between two pixels.
MAPS = {
    "same": [1, 0, 0, 0, 1, 0],
    "moved": [1, 0, 1.3, 0, 1, -2.2],
    "far": [1, 0, -13.3, 0, 1, 17.2],
    "enlarged": [0.6, 0, 1.03, 0, 0.7, 0.57],
    "turned": [0.8, -0.6, 1.51, 0.6, 0.8, -0.73],
    "sheared": [1.2, 0.37, -2.11, -0.41, 0.9, 3.03],
    "mirrored": [-1, 0, 5, 0, 1, 0],
}


def warps():
    for name, numbers in MAPS.items():
        for interpolation in ("nearest", "bilinear"):
            for mode in ("constant", "nearest", "reflect", "wrap"):
                x = image(1, 5, 6, 2)
                transform = np.array([numbers + [0, 0]], "float64")

                def warped(v):
                    return keras.ops.image.affine_transform(
                        v, transform, interpolation=interpolation, fill_mode=mode, fill_value=50.0)

                y = np.asarray(warped(x))
                g = Numbers(f"{name} {interpolation} {mode}").normal(y.shape)
                gradient = jax.grad(lambda v: jax.numpy.sum(warped(v) * g))(jax.numpy.asarray(x))
                yield {
                    "map": name, "numbers": array(numbers), "interpolation": interpolation, "fillMode": mode,
                    "fillValue": 50, "input": array(x), "output": array(y), "outputGradient": array(g),
                    "inputGradient": array(gradient)}


def maps():
    """The maps of the random layers for given draws, on images of 5 x 8."""
    rotation = keras.layers.RandomRotation(0.5)
    zoom, translation = keras.layers.RandomZoom(0.5), keras.layers.RandomTranslation(0.5, 0.5)
    zeros, ones = np.zeros(1), np.ones(1)
    for turn in (-0.3, 0.05, 0.25):
        matrix = rotation._compute_affine_matrix(
            center_x=0.5, center_y=0.5, angle=np.array([turn * 360]), translate_x=zeros, translate_y=zeros, scale=ones,
            shear_x=zeros, shear_y=zeros, height=5, width=8)
        yield {"layer": "RandomRotation", "draws": array([turn]), "map": array(np.asarray(matrix)[0, :6])}
    for height, width in ((0.8, 0.8), (1.25, 0.6)):
        matrix = zoom._get_zoom_matrix(np.array([[width, height]]), 5, 8)
        yield {"layer": "RandomZoom", "draws": array([height, width]), "map": array(np.asarray(matrix)[0, :6])}
    matrix = translation._get_translation_matrix(np.array([[0.25 * 8, -0.4 * 5]]))
    yield {"layer": "RandomTranslation", "draws": array([-0.4, 0.25]), "map": array(np.asarray(matrix)[0, :6])}


def colors():
    """What the layers of contrast and brightness make of given draws."""
    x = image(1, 3, 4, 2)
    for factor in (0.6, 1.0, 1.9):
        built = keras.layers.RandomContrast(0.5)
        y = built.transform_images(jax.numpy.asarray(x), {"contrast_factor": np.full((1, 1, 1, 1), factor)}, training=True)
        yield {"layer": "RandomContrast", "draw": factor, "input": array(x), "output": array(np.asarray(y))}
    for factor in (-0.3, 0.0, 0.8):
        built = keras.layers.RandomBrightness(0.5)
        delta = np.full((1, 1, 1, 1), factor * 255)
        y = built.transform_images(jax.numpy.asarray(x), {"rgb_delta": delta}, training=True)
        yield {"layer": "RandomBrightness", "draw": factor, "input": array(x), "output": array(np.asarray(y))}


def adapted():
    """What `adapt` measures."""
    for shape, axis in (((6, 3), -1), ((4, 3, 2, 2), -1), ((4, 3, 2, 2), 1), ((4, 3, 2), [1, 2]), ((5, 3), None)):
        x = Numbers(f"adapt {shape} {axis}").normal(shape, 3) + 100
        built = keras.layers.Normalization(axis=axis)
        built.adapt(x)
        yield {
            "axis": axis, "data": array(x), "mean": array(built.adapt_mean.numpy()),
            "variance": array(built.adapt_variance.numpy())}


def generate_layers():
    write("layers/images.json", {"cases": list(layers())})


def generate():
    write("images.json", {"warps": list(warps()), "maps": list(maps()), "colors": list(colors()), "adapted": list(adapted())})
