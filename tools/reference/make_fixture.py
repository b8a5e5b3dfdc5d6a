#!/usr/bin/env python3
"""Writes test/fixtures/adaptation.json: a trace of adaptation.py with weights and an image made by formula.

    python3 make_fixture.py [--out FILE]

The formulas are stated in the file's own "format" entry, and test/support/synthetic.ts evaluates them in
TypeScript to the same bits. All results are those of float64 arithmetic on float32 inputs.
"""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path

import numpy as np
import torch
from adaptation import (
    DISCRIMINATOR,
    GENERATOR,
    LR_DISCRIMINATOR,
    LR_GENERATOR,
    NOISE_SIGMA,
    REAL,
    Adaptation,
    State,
    Step,
    cut,
)
from torch import Tensor

SEED = 8
WIDTH, HEIGHT = 96, 80
IMAGE_STREAM, NOISE_STREAM, PATCH_STREAM = 999, 1000, 1001
STEPS, NOISE_STEPS = 25, 2
KERNELS_AFTER = (1, 2, 5, 25)
WHOLE_UP_TO = 1000  # gradients of at most so many elements are stored whole
SAMPLES = 24

FORMAT = {
    "threefry": "Threefry-2x32-20; key (seed, stream), counter (a, b), result words w0, w1",
    "uniform": "(w0 >>> 8) * 2^-23 - 1, in [-1, 1), exact in float32",
    "tensors": "element i = float32(scale * uniform(seed, stream; i, 0) + offset), evaluated in float64",
    "image": "planar RGB. wave(t) = t mod 256 < 128 ? t mod 128 : 127 - t mod 128, all integers. Level of "
    "channel c, row y, column x: 60 + (wave(5x + 3y + 40c) * wave(7y - 2x + 512 + 30c) >> 7), plus 60 where "
    "(x - 30)^2 + (y - 36)^2 < 400, minus 45 where x + 2y > 150, plus 50 where x > 60 and (x >> 2) + (y >> 3) "
    "is odd, plus (w0 >>> 28) - 8 of stream imageStream at counter ((c * height + y) * width + x, 0); clamped to "
    "0..255; value = float32(level / 255)",
    "noise": "shape [2, 3, 32, 32], item 0 for the real patch, 1 for the fake; u1 = ((w0 >>> 8) + 1) / 2^24, "
    "u2 = (w1 >>> 8) / 2^24 of stream noiseStream at counter (i, step), steps from 0; r = sqrt(-2 ln u1); element "
    "2i = sigma r cos(2 pi u2), element 2i + 1 = sigma r sin(2 pi u2), rounded to float32",
    "gradients": "norm: L2 norm of the whole; values: all elements, or those at indices",
    "zero gradients": "biases of discriminator.conv.0 to 5 sit before a batch normalization: compare absolutely",
    "losses": "per step, before its updates: adversarial, generator's total, discriminator's",
}


# ------------------------------------------------------------------------------------------ random numbers


def rotate(x: np.ndarray, bits: int) -> np.ndarray:
    return (x << np.uint32(bits)) | (x >> np.uint32(32 - bits))


def threefry(key: tuple[int, int], a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Threefry-2x32 with 20 rounds (Salmon et al. 2011) of the counters (a, b)."""
    rotations = (13, 15, 26, 6, 17, 29, 16, 24)
    keys = [np.uint32(key[0]), np.uint32(key[1]), np.uint32(0x1BD11BDA ^ key[0] ^ key[1])]
    with np.errstate(over="ignore"):
        x0 = np.asarray(a, np.uint32) + keys[0]
        x1 = np.asarray(b, np.uint32) + keys[1]
        for n in range(20):
            x0 = x0 + x1
            x1 = rotate(x1, rotations[n % 8]) ^ x0
            if n % 4 == 3:
                m = n // 4 + 1
                x0 = x0 + keys[m % 3]
                x1 = x1 + keys[(m + 1) % 3] + np.uint32(m)
    return x0, x1


def check_threefry() -> None:
    """Checks the known answers of Threefry's authors."""
    ones = 0xFFFFFFFF
    known = [
        ((0, 0), (0, 0), (0x6B200159, 0x99BA4EFE)),
        ((ones, ones), (ones, ones), (0x1CB996FC, 0xBB002BE7)),
        ((0x13198A2E, 0x03707344), (0x243F6A88, 0x85A308D3), (0xC4923A9C, 0x483DF7A0)),
    ]
    for key, counter, answer in known:
        words = threefry(key, np.array([counter[0]]), np.array([counter[1]]))
        assert tuple(int(w[0]) for w in words) == answer, (key, counter, words)


def first_words(stream: int, count: int) -> np.ndarray:
    index = np.arange(count, dtype=np.uint32)
    return threefry((SEED, stream), index, np.zeros_like(index))[0]


def uniform(stream: int, count: int) -> np.ndarray:
    return (first_words(stream, count) >> np.uint32(8)).astype(np.float64) * 2.0**-23 - 1


# ------------------------------------------------------------------------------------------------- inputs


def tensor_specs() -> list[dict]:
    """Name, shape, stream, scale and offset of every tensor, in the order of the streams."""
    # Generator: (gain, relative size of the random part, incoming weights). The mean parts multiply to a kernel
    # of positive sum, about the product of the gains; the random parts, larger than the means, give it structure.
    layers = [(4.5, 20, 8 * 49), (1.8, 12, 64 * 9), (1.8, 12, 64 * 9), (0.36, 3, 64), (0.36, 3, 64), (0.36, 2, 8)]
    shapes = [(64, 1, 7, 7), (64, 64, 3, 3), (64, 64, 3, 3), (64, 64, 1, 1), (64, 64, 1, 1), (1, 64, 1, 1)]
    specs = [
        (name, shape, random * gain / fan, gain / fan)
        for name, shape, (gain, random, fan) in zip(GENERATOR, shapes, layers)
    ]
    # Discriminator: spectral norm of about 1 for W; u and v are unnormalized, the first power step sees to it.
    for n in range(7):
        out, fan = (64, 3 * 49) if n == 0 else (1 if n == 6 else 64, 64)
        side = 7 if n == 0 else 1
        norm = (math.sqrt(out) + math.sqrt(fan)) / math.sqrt(3) if n < 6 else math.sqrt(fan / 3)
        prefix = f"discriminator.conv.{n}"
        specs.append((f"{prefix}.weight_orig", (out, 3 if n == 0 else 64, side, side), 1 / norm, 0))
        specs.append((f"{prefix}.bias", (out,), 0.1, 0))
        specs.append((f"{prefix}.weight_u", (out,), 1, 0))
        specs.append((f"{prefix}.weight_v", (fan,), 1, 0))
    for n in range(5):
        specs.append((f"discriminator.bn.{n}.weight", (64,), 0.4, 2 if n == 4 else 1))
        specs.append((f"discriminator.bn.{n}.bias", (64,), 0.3, 0.1))
    return [
        {
            "name": name,
            "shape": list(shape),
            "stream": stream,
            "scale": float(np.float32(scale)),
            "offset": float(np.float32(offset)),
        }
        for stream, (name, shape, scale, offset) in enumerate(specs)
    ]


def synthetic_weights(specs: list[dict]) -> State:
    weights = {}
    for spec in specs:
        count = math.prod(spec["shape"])
        values = np.float64(spec["scale"]) * uniform(spec["stream"], count) + np.float64(spec["offset"])
        weights[spec["name"]] = torch.from_numpy(values.astype(np.float32).reshape(spec["shape"]))
    return weights


def wave(t: np.ndarray) -> np.ndarray:
    """An integer triangle of period 256, 0..127."""
    return np.where(t % 256 < 128, t % 128, 127 - t % 128)


def synthetic_image() -> np.ndarray:
    """[3, HEIGHT, WIDTH] levels, 0..255: waves, edges, a little noise; integers throughout."""
    c, y, x = np.meshgrid(np.arange(3), np.arange(HEIGHT), np.arange(WIDTH), indexing="ij")
    level = 60 + (wave(5 * x + 3 * y + 40 * c) * wave(7 * y - 2 * x + 512 + 30 * c) >> 7)
    level += 60 * ((x - 30) ** 2 + (y - 36) ** 2 < 400)
    level -= 45 * (x + 2 * y > 150)
    level += 50 * ((x > 60) & (((x >> 2) + (y >> 3)) % 2 == 1))
    words = first_words(IMAGE_STREAM, level.size).reshape(level.shape)
    level += (words >> np.uint32(28)).astype(np.int64) - 8
    return level.clip(0, 255)


def synthetic_noise(step: int) -> Tensor:
    pairs = 2 * 3 * REAL * REAL // 2
    index = np.arange(pairs, dtype=np.uint32)
    w0, w1 = threefry((SEED, NOISE_STREAM), index, np.full_like(index, step))
    u1 = ((w0 >> np.uint32(8)).astype(np.float64) + 1) / 2**24
    u2 = (w1 >> np.uint32(8)).astype(np.float64) / 2**24
    radius = np.sqrt(-2 * np.log(u1))
    normal = np.stack([radius * np.cos(2 * np.pi * u2), radius * np.sin(2 * np.pi * u2)], axis=1)
    return torch.from_numpy((NOISE_SIGMA * normal).astype(np.float32).reshape(2, 3, REAL, REAL))


def synthetic_patches() -> list[list[int]]:
    """Even [top, left] of 64x64 patches, one per step."""
    words = first_words(PATCH_STREAM, 2 * STEPS).astype(np.int64).reshape(STEPS, 2)
    rows, columns = (HEIGHT - 64) // 2 + 1, (WIDTH - 64) // 2 + 1
    return [[2 * (int(a) % rows), 2 * (int(b) % columns)] for a, b in words]


# ------------------------------------------------------------------------------------------------- output


def rounded(values: Tensor) -> list[float]:
    """Flat, 9 significant digits."""
    return [float(f"{x:.9g}") for x in values.detach().double().flatten().tolist()]


def spread(count: int) -> list[int]:
    """SAMPLES indices over the whole range, first and last among them, of varying remainders."""
    return sorted({round(i * (count - 1) / (SAMPLES - 1)) for i in range(SAMPLES)})


def gradient_entry(gradient: Tensor, whole_up_to: int = WHOLE_UP_TO) -> dict:
    entry = {"norm": rounded(gradient.norm())[0]}
    flat = gradient.flatten()
    if len(flat) <= whole_up_to:
        return {**entry, "values": rounded(flat)}
    indices = spread(len(flat))
    return {**entry, "indices": indices, "values": rounded(flat[indices])}


def losses(step: Step) -> list[float]:
    return rounded(torch.tensor([step.adversarial, step.generator, step.discriminator], dtype=torch.float64))


def compact(value, indent: str = "") -> str:
    """JSON with one line per entry of the outer objects, and flat lists on one line."""
    if isinstance(value, dict) and "values" not in value:
        inner = indent + "  "
        lines = [f"{inner}{json.dumps(k)}: {compact(v, inner)}" for k, v in value.items()]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(f"{indent}  {json.dumps(v)}" for v in value) + f"\n{indent}]"
    return json.dumps(value, separators=(",", ":"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    root = Path(__file__).resolve().parents[2]
    parser.add_argument("--out", type=Path, default=root / "test" / "fixtures" / "adaptation.json")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    check_threefry()

    specs = tensor_specs()
    weights = synthetic_weights(specs)
    levels = synthetic_image()
    pixels = torch.from_numpy((levels / 255).astype(np.float32))
    patches = synthetic_patches()

    # The trace in float64, layer by layer; the same in float32 along both paths shows the deviation.
    exact = Adaptation(weights, torch.float64, "layers")
    single = [Adaptation(weights, torch.float32, path) for path in ("layers", "collapsed")]
    kernels = {"0": rounded(exact.kernel())}
    deviation, trace, power = {}, [], {}
    for n, patch in enumerate(patches, 1):
        step = exact.step(cut(pixels[None].double(), *patch))
        others = [adaptation.step(cut(pixels[None], *patch)) for adaptation in single]
        error = max((step.kernel - other.kernel).abs().max().item() for other in others)
        total = step.kernel.sum().item()
        total_error = max(abs(total - other.kernel.sum().item()) for other in others)
        print(f"step {n:2}: losses {losses(step)}  sum {total:.6f}  f32 off by {error:.1e}")
        # The sign of 1 - sum must be the same in float32, or the traces diverge.
        assert n == STEPS or abs(1 - total) > 10 * total_error, "the sum is too close to 1"
        trace.append(losses(step))
        if n == 1:
            gradients = {name: gradient_entry(step.gradients[name]) for name in GENERATOR + DISCRIMINATOR}
            gradient_deviation = {}
            for name, gradient in step.gradients.items():
                if gradient.norm() > 1e-12:
                    off = max(((o.gradients[name] - gradient).norm() / gradient.norm()).item() for o in others)
                    gradient_deviation[name] = float(f"{off:.2g}")
        if n == 2:
            names = [f"discriminator.conv.{layer}.weight_{part}" for layer in (0, 4) for part in "uv"]
            power = {name: rounded(exact.state[name]) for name in names}
        if n in KERNELS_AFTER:
            kernels[str(n)] = rounded(step.kernel)
            deviation[str(n)] = float(f"{error:.2g}")

    noisy = Adaptation(weights, torch.float64, "layers")
    noise = [synthetic_noise(n) for n in range(NOISE_STEPS)]
    noise_kernels, noise_trace = {}, []
    for n in range(NOISE_STEPS):
        step = noisy.step(cut(pixels[None].double(), *patches[n]), noise[n].double())
        noise_trace.append(losses(step))
        noise_kernels[str(n + 1)] = rounded(step.kernel)
        if n == 0:
            noise_gradients = {name: gradient_entry(step.gradients[name], SAMPLES) for name in DISCRIMINATOR}

    # A few inputs to check another implementation of the formulas, as the shortest decimals that identify a float32.
    def exactly(values: Tensor) -> list[float]:
        return [float(str(x)) for x in values.flatten().numpy()]

    samples = {}
    for spec in specs:
        flat = weights[spec["name"]].flatten()
        indices = sorted({0, len(flat) // 2, len(flat) - 1})
        samples[spec["name"]] = {"indices": indices, "values": exactly(flat[indices])}
    indices = spread(levels.size)

    fixture = {
        "about": "Made by tools/reference/make_fixture.py; do not edit.",
        "format": FORMAT,
        "seed": SEED,
        "tensors": specs,
        "tensorSamples": samples,
        "image": {
            "width": WIDTH,
            "height": HEIGHT,
            "stream": IMAGE_STREAM,
            "levelSum": int(levels.sum()),
            "indices": indices,
            "levels": levels.flatten()[indices].tolist(),
        },
        "rates": {"generator": LR_GENERATOR, "discriminator": LR_DISCRIMINATOR},
        "patches": patches,
        "kernels": kernels,
        "losses": trace,
        "gradients": gradients,
        "power": power,
        "float32Deviation": {
            "note": "kernels: largest absolute difference between this trace and float32 runs on a CPU, layer by layer "
            "and through the collapsed kernel, after the given steps. gradients: relative L2 norm of the difference, "
            "step 1, of those that are not zero. Expect these times a few; the jumps come from activations so close "
            "to zero that their ReLU falls on the other side",
            "kernels": deviation,
            "gradients": gradient_deviation,
        },
        "noise": {
            "stream": NOISE_STREAM,
            "sigma": NOISE_SIGMA,
            "first": exactly(noise[0].flatten()[:8]),
            "lastOfStep1": exactly(noise[1].flatten()[-8:]),
            "kernels": noise_kernels,
            "losses": noise_trace,
            "gradients": noise_gradients,
        },
    }
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(compact(fixture) + "\n")
    print(f"{arguments.out.name}: {arguments.out.stat().st_size / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
