"""Checks ONNX files that DeepSwift exported, and runs them: the same outputs, for any number of samples.

    python check.py FOLDER
"""

import glob
import sys
from collections import Counter

import numpy as np
import onnx
import onnxruntime

TOLERANCE = 1e-5


def difference(found, expected):
    if found.shape != expected.shape or found.dtype != np.float32 or np.isnan(found).any():
        return np.inf
    return float(np.max(np.abs(found - expected) / np.maximum(1, np.abs(expected)), initial=0))


def check(path):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    for port in list(model.graph.input) + list(model.graph.output):
        assert port.type.tensor_type.shape.dim[0].dim_param == "batch", f"{port.name} has no batch"
    data = np.load(path.replace(".onnx", ".npz"))
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    largest = 0
    for rows in (3, 1):
        feed = {port.name: data[f"x{i}"][:rows] for i, port in enumerate(session.get_inputs())}
        for i, found in enumerate(session.run(None, feed)):
            largest = max(largest, difference(found, data[f"y{i}"][:rows]))
    counts = Counter(node.op_type for node in model.graph.node)
    return largest, sum(counts.values()), counts["Transpose"]


faults = 0
onnxruntime.set_default_logger_severity(3)
for path in sorted(glob.glob(f"{sys.argv[1]}/*.onnx")):
    name = path.split("/")[-1]
    try:
        largest, nodes, transposes = check(path)
        good = largest < TOLERANCE
        print(f"{'  ' if good else '! '}{name}: differs by {largest:.1e}, {nodes} operators, {transposes} of them Transpose")
    except Exception as error:
        good = False
        print(f"! {name}: {error}")
    faults += not good
print(f"{faults} faults; onnx {onnx.__version__}, onnxruntime {onnxruntime.__version__}")
sys.exit(faults > 0)
