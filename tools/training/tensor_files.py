"""Tensor files in the safetensors format, read without copying and written whole."""

import json
import os

import numpy as np

_TYPES = {"F32": np.float32, "F16": np.float16, "U8": np.uint8, "I64": np.int64}
_NAMES = {np.dtype(kind): name for name, kind in _TYPES.items()}


def open_tensors(path):
    """Maps a file into memory. Returns its tensors by name, as read-only arrays, and its metadata."""
    mapped = np.memmap(path, mode="r", dtype=np.uint8)
    start = 8 + int(mapped[:8].view("<u8")[0])
    header = json.loads(bytes(mapped[8:start]))
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = mapped[start + begin : start + end].view(_TYPES[entry["dtype"]])
        tensors[name] = values.reshape(entry["shape"])
    return tensors, metadata


def write_tensors(path, tensors, metadata):
    """Writes arrays and a dictionary of strings; a reader of the path sees the old file or the complete new one."""
    header = {"__metadata__": metadata}
    end = 0
    for name, values in tensors.items():
        header[name] = {
            "dtype": _NAMES[values.dtype],
            "shape": list(values.shape),
            "data_offsets": [end, end + values.nbytes],
        }
        end += values.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    temporary = f"{path}.tmp"
    with open(temporary, "wb") as file:
        file.write(len(text).to_bytes(8, "little"))
        file.write(text)
        for values in tensors.values():
            file.write(np.ascontiguousarray(values).tobytes())
    os.replace(temporary, path)
