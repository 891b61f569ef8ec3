"""Writes the HDF5 files of this folder and, beside them, `expected.json` with what they hold.

    python3 -m venv /path/to/venv && /path/to/venv/bin/pip install keras==3.15.1 jax h5py==3.14.0 numpy
    /path/to/venv/bin/python generate.py
"""

import json
import os

os.environ.setdefault("KERAS_BACKEND", "jax")

import h5py
import numpy as np

random = np.random.default_rng(1)
expected = {}


def value(x):
    """A JSON value of an attribute."""
    if isinstance(x, h5py.Empty):
        return None
    if isinstance(x, bytes):
        return x.decode()
    if isinstance(x, np.ndarray):
        return [value(e) for e in x.ravel()]
    if isinstance(x, (np.bool_, np.integer)):
        return int(x)
    if isinstance(x, np.floating):
        return float(x)
    return x


def describe(item):
    """All that a group or data set holds, as h5py reads it."""
    attributes = {name: value(item.attrs[name]) for name in item.attrs}
    if isinstance(item, h5py.Group):
        links = {name: item.get(name, getlink=True) for name in item}
        members = {n: describe(item[n]) for n in item if isinstance(links[n], h5py.HardLink)}
        return {"attributes": attributes, "members": members}
    if h5py.check_string_dtype(item.dtype) or item.dtype.kind == "S":
        values = [value(e) for e in np.asarray(item[()]).ravel()]
    else:
        values = np.asarray(item[()]).astype(np.float64).ravel().tolist()
    about = {"attributes": attributes, "shape": list(item.shape), "type": str(item.dtype), "values": values[:100]}
    if len(values) > 100:
        # The rest by a sum in which every place counts differently.
        about["sum"] = float(sum(v * (i % 97 + 1) for i, v in enumerate(values)))
    return about


def file(name, **options):
    """A file that is described when the function it decorates has filled it."""

    def run(fill):
        with h5py.File(name, "w", **options) as f:
            fill(f)
        record(name)

    return run


def record(name):
    with h5py.File(name, "r") as f:
        expected[name] = describe(f)


def numbers(*shape):
    return random.integers(-1000, 1000, shape).astype("f4") / 8


def kinds(f):
    """Every type of number in both orders, strings, truth values, odd shapes."""
    for kind in ["u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8", "f2", "f4", "f8"]:
        for order in "<>":
            f[f"{kind}_{'little' if order == '<' else 'big'}"] = np.array([0, 1, 2, 100], order + kind)
    f["negative"] = np.array([-1, -128], "i1")
    f["halves"] = np.array([0.5, -2, 65504, 6e-8, np.float16(1) / 3], "f2")
    f["truth"] = np.array([[True, False], [False, True]])
    f["fixed"] = np.array([b"ab", b"", b"longest"])
    f.create_dataset("terminated", data=np.array([b"ab", b"c"]), dtype=terminated(4))
    f["variable"] = ["text", "", "ünïcødé", "x" * 100]
    f["scalar"] = np.float32(2.5)
    f["scalar_text"] = "one text"
    f["nothing"] = np.zeros((0, 3), "f4")
    f.create_dataset("unwritten", (2, 3), "f4")
    f.create_dataset("filled", (2, 2), "i4", fillvalue=7)
    f["deep"] = numbers(2, 1, 3, 1, 2)
    f.attrs["text"] = "ünïcødé"
    f.attrs["bytes"] = b"bytes"
    f.attrs["fixed"] = np.array([b"dense", b"dense_1"])
    f.attrs["texts"] = ["a", "", "ccc"]
    f.attrs["integer"] = -5
    f.attrs["integers"] = np.array([[1, 2], [3, 4]], "i2")
    f.attrs["big_endian"] = np.array([1, -2], ">i4")
    f.attrs["float"] = 0.25
    f.attrs["floats"] = np.array([1.5, -2], "f4")
    f.attrs["truth"] = True
    f.attrs["empty"] = h5py.Empty("f4")
    f.attrs["no_texts"] = np.array([], "S1")
    f["soft"] = h5py.SoftLink("/deep")
    f["external"] = h5py.ExternalLink("other.h5", "/x")


def terminated(size):
    kind = h5py.h5t.C_S1.copy()
    kind.set_size(size)
    kind.set_strpad(h5py.h5t.STR_NULLTERM)
    return kind


def many(f):
    """More names and attributes than fit into one table or header. Most names lead to the same few values."""
    group = f.create_group("many")
    for i in range(20):
        group[f"value_{i}"] = np.int32(i * i)
    for i in range(300):
        group[f"{i * 7 % 300}"] = group[f"value_{i % 20}"]
    nested = f
    for depth in range(8):
        nested = nested.create_group(f"level_{depth}")
    nested["value"] = numbers(3)
    attributes = f.create_group("attributes")
    for i in range(40):
        attributes.attrs[f"attribute_{i}"] = f"value {i}" if i % 2 else i / 4
    attributes.attrs["long"] = np.arange(2000, dtype="i2")


def compressed(f):
    """Chunks and filters, with edges, gaps and several kinds of index."""
    x = numbers(13, 7)
    f.create_dataset("gzip", data=x, chunks=(4, 3), compression="gzip")
    f.create_dataset("gzip_shuffle", data=x, chunks=(5, 7), compression="gzip", shuffle=True)
    f.create_dataset("everything", data=x, chunks=(5, 2), compression="gzip", shuffle=True, fletcher32=True)
    f.create_dataset("fletcher32", data=x, chunks=(13, 7), fletcher32=True)
    f.create_dataset("plain", data=x, chunks=(4, 4))
    f.create_dataset("one_chunk", data=x, chunks=(13, 7))
    f.create_dataset("one_chunk_gzip", data=x, chunks=(13, 7), compression="gzip")
    f.create_dataset("growing", data=x, chunks=(2, 3), maxshape=(None, 7))
    f.create_dataset("growing_last", data=x, chunks=(2, 3), maxshape=(13, None), compression="gzip")
    f.create_dataset("growing_both", data=x, chunks=(2, 3), maxshape=(None, None))
    f.create_dataset("growing_both_gzip", data=x, chunks=(2, 3), maxshape=(None, None), compression="gzip")
    f.create_dataset("may_grow", data=x, chunks=(2, 3), maxshape=(20, 10))
    f.create_dataset("odd_bytes", data=np.arange(7, dtype="u1"), chunks=(7,), fletcher32=True)
    gaps = f.create_dataset("gaps", (20,), "i4", chunks=(5,), fillvalue=-1)
    gaps[7] = 3
    f.create_dataset("unwritten", (8,), "f4", chunks=(4,), compression="gzip")
    f.create_dataset("zeros", data=np.zeros((100, 100), "f4"), compression="gzip")
    f.create_dataset("texts", data=["a", "bb", "ccc"], chunks=(2,), compression="gzip", dtype=h5py.string_dtype())
    early = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    early.set_chunk((3,))
    early.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    space = h5py.h5s.create_simple((8,))
    implicit = h5py.h5d.create(f.id, b"implicit", h5py.h5t.IEEE_F32LE, space, early)
    implicit.write(h5py.h5s.ALL, h5py.h5s.ALL, np.arange(8, dtype="f4"))
    compact = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    compact.set_layout(h5py.h5d.COMPACT)
    small = h5py.h5d.create(f.id, b"compact", h5py.h5t.STD_I16BE, space, compact)
    small.write(h5py.h5s.ALL, h5py.h5s.ALL, np.arange(8, dtype="i8"))


def indexes(f):
    """Indexes of chunks in all their depths."""
    f.create_dataset("pages", data=np.arange(1100, dtype="i2"), chunks=(1,))
    f.create_dataset("growing", data=np.arange(300, dtype="i2"), chunks=(1,), maxshape=(None,))
    f.create_dataset("growing_both", data=numbers(20, 15), chunks=(1, 1), maxshape=(None, None))
    partly = f.create_dataset("growing_partly", (150_000,), "u1", chunks=(1,), maxshape=(None,))
    partly[140_000:140_010] = 1
    some = f.create_dataset("pages_partly", (4000,), "u1", chunks=(1,))
    some[2500:2502] = 3


def weights(f):
    """As Keras' `model.save_weights` has it."""
    layers = f.create_group("layers")
    for name, shapes in {"conv2d": [(3, 3, 1, 4), (4,)], "dense": [(16, 5), (5,)], "flatten": []}.items():
        variables = layers.create_group(name).create_group("vars")
        variables.attrs["name"] = name + "_of_mine"
        for i, shape in enumerate(shapes):
            variables[str(i)] = numbers(*shape)
    optimizer = f.create_group("optimizer").create_group("vars")
    optimizer["0"] = np.int32(12)
    optimizer["1"] = np.float32(0.001)
    f.create_group("vars")


for libver in ["earliest", "latest"]:
    for fill in [kinds, many, compressed, weights]:
        file(f"{fill.__name__}_{libver}.h5", libver=libver)(fill)
file("indexes_latest.h5", libver="latest")(indexes)
file("ordered.h5", libver="latest", track_order=True)(lambda f: [f.create_group(n) for n in ["z", "a", "m"]])
file("ordered_many.h5", track_order=True)(lambda f: [f.create_dataset(f"n{i * 7 % 50}", data=i) for i in range(50)])
file("user_block.h5", userblock_size=1024)(lambda f: f.create_dataset("x", data=numbers(3)))
file("weights_v108.h5", libver=("v108", "v108"))(weights)


def refused(f):
    """What is not read: each has an error that says so. The group beside it is."""
    f["virtual_source"] = numbers(4)
    layout = h5py.VirtualLayout((4,), "f4")
    layout[:] = h5py.VirtualSource(f["virtual_source"])
    f.create_virtual_dataset("virtual", layout)
    f.create_dataset("external", (4,), "f4", external=[("somewhere.bin", 0, 16)])
    f.create_dataset("lzf", data=numbers(100), compression="lzf")
    f["record"] = np.array([(1, 2.0)], [("a", "i4"), ("b", "f4")])
    f["complex"] = np.array([1 + 2j])
    f["named"] = np.dtype("f4")
    f["opaque"] = np.array([b"\1\2", b"\3\4"], "V2")
    f["x"] = numbers(2)
    f.attrs["reference"] = f["x"].ref
    f.create_dataset("claims", (1 << 30,), "f4")
    f.create_dataset("claims_chunks", (1 << 30,), "f4", chunks=(1 << 10,))
    a = f.create_group("circle")
    a["back"] = h5py.SoftLink("/circle")


with h5py.File("refused.h5", "w") as f:
    refused(f)
with h5py.File("circle.h5", "w") as f:
    f.create_group("a").create_group("b")
    f["a/b/a"] = f["a"]
with h5py.File("shared.h5", "w") as f:
    # Every group holds the next one ten times: ten to the eighth paths.
    group = f.create_group("last")
    for _ in range(8):
        outer = f.create_group(None)
        for i in range(10):
            outer[str(i)] = group
        group = outer
    f["all"] = group


import keras

keras.utils.set_random_seed(1)
model = keras.Sequential(
    [keras.Input((4,)), keras.layers.Dense(3, "relu"), keras.layers.BatchNormalization(), keras.layers.Dense(2)]
)
model.compile("adam", "mse")
model.fit(np.ones((4, 4)), np.ones((4, 2)), epochs=1, verbose=0)
model.save("keras_model.h5")
record("keras_model.h5")
model.save_weights("keras.weights.h5")
record("keras.weights.h5")

with open("expected.json", "w") as f:
    json.dump(expected, f, indent=None, separators=(",", ":"), sort_keys=True)
    f.write("\n")
