#!/usr/bin/env python3
"""Times one adaptation step in PyTorch, layer by layer and through the collapsed kernel; prints JSON.

    python3 bench_pytorch.py [--samples 30] [--threads N]

Float32 on the CPU. The weights are random: they make no difference to the time.
"""

from __future__ import annotations

import argparse
import json
import os
import time

import numpy as np
import torch
from adaptation import NOISE_SIGMA, PATCH, REAL, Adaptation, State


def random_weights() -> State:
    """Tensors of the right shapes, scaled so that nothing overflows."""
    shapes = {
        **{f"generator.{n}.weight": s for n, s in enumerate([(64, 1, 7, 7)] + [(64, 64, 3, 3)] * 2)},
        **{f"generator.{n}.weight": (64, 64, 1, 1) for n in (3, 4)},
        "generator.5.weight": (1, 64, 1, 1),
    }
    for n in range(7):
        shape = [(64, 3, 7, 7), *[(64, 64, 1, 1)] * 5, (1, 64, 1, 1)][n]
        prefix = f"discriminator.conv.{n}"
        shapes[f"{prefix}.weight_orig"] = shape
        shapes[f"{prefix}.bias"] = shapes[f"{prefix}.weight_u"] = (shape[0],)
        shapes[f"{prefix}.weight_v"] = (shape[1] * shape[2] * shape[3],)
    for n in range(5):
        shapes[f"discriminator.bn.{n}.weight"] = shapes[f"discriminator.bn.{n}.bias"] = (64,)
    weights = {}
    for name, shape in shapes.items():
        fan = np.prod(shape[1:]) if len(shape) > 1 else 1
        weights[name] = torch.randn(shape) / float(np.sqrt(fan))
    return weights


def measure(path: str, samples: int, warm_up: int = 5) -> dict[str, float]:
    adaptation = Adaptation(random_weights(), torch.float32, path)
    times = []
    for n in range(warm_up + samples):
        patch = torch.rand(1, 3, PATCH, PATCH)
        begin = time.perf_counter()
        adaptation.step(patch, NOISE_SIGMA * torch.randn(2, 3, REAL, REAL))
        if n >= warm_up:
            times.append(1e3 * (time.perf_counter() - begin))
    return {
        "mean_ms": round(float(np.mean(times)), 2),
        "median_ms": round(float(np.median(times)), 2),
        "p90_ms": round(float(np.percentile(times, 90)), 2),
        "samples": samples,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=60)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)
    result = {"torch": torch.__version__, "threads": torch.get_num_threads()}
    for path in ("layers", "collapsed"):
        result[path] = measure(path, arguments.samples)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
