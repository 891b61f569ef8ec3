"""Writes the files of this folder with Python's safetensors, and what they hold as plain numbers.

    pip install safetensors numpy torch
    python generate.py
"""

import json

import numpy as np
import torch
from safetensors.torch import save_file

values = [0, 1, 2, 100]
types = {
    "bool": torch.bool, "u8": torch.uint8, "i8": torch.int8, "i16": torch.int16, "i32": torch.int32, "i64": torch.int64,
    "f16": torch.float16, "bf16": torch.bfloat16, "f32": torch.float32, "f64": torch.float64,
}
tensors = {name: torch.tensor(values, dtype=type).reshape(2, 2) for name, type in types.items()}
tensors["scalar"] = torch.tensor(1.5)
tensors["empty"] = torch.zeros((0, 3))
tensors["fractions"] = torch.tensor([0.1, -2.5, 65504.0], dtype=torch.float16)
tensors["rounded"] = torch.tensor([0.1, -2.5, 1e30], dtype=torch.bfloat16)
tensors["layer/ünïcode \"name\"\n"] = torch.tensor([7.0])
save_file(tensors, "types.safetensors", metadata={"format": "pt", "author": "a \"b\" \\ ü\n"})
save_file({}, "nothing.safetensors")
save_file({"f8": torch.tensor([1.0, 2.0]).to(torch.float8_e4m3fn)}, "float8.safetensors")
with open("types.json", "w") as file:
    expected = {name: {"shape": list(t.shape), "values": t.to(torch.float32).flatten().tolist()} for name, t in tensors.items()}
    json.dump(expected, file, indent=1)
