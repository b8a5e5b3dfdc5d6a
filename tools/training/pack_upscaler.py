"""
Joins the weights of two trainings of `train_upscaler.py` to one file in half precision, which a network for photos chooses from:

    python3 pack_upscaler.py other/best.safetensors camera/best.safetensors small-x2.safetensors

The second file's tensors, for photos that a camera took, get the prefix "camera.". One file alone, of any network, is only halved.
"""

import sys

import numpy as np

from tensor_files import open_tensors, write_tensors

SIZES = ("format", "scale", "channels", "blocks")


def main():
    *sources, target = sys.argv[1:]
    if len(sources) not in (1, 2):
        sys.exit(__doc__)
    tensors, metadata = {}, {}
    for path, prefix in zip(sources, ("", "camera.")):
        weights, said = open_tensors(path)
        if metadata and any(said[name] != metadata[name] for name in SIZES):
            sys.exit(f"{path} is not a network of the same size as {sources[0]}: train both with the same options.")
        tensors.update({prefix + name: np.array(values).astype(np.float16) for name, values in weights.items()})
        metadata.update({name if name in SIZES else prefix + name: value for name, value in said.items()})
    write_tensors(target, tensors, metadata)


if __name__ == "__main__":
    main()
