#!/usr/bin/env python3
"""The adaptation to one image in plain PyTorch: a readable specification of the WGSL shaders.

The network and its state are one flat dictionary of tensors, named as in the weights file:

    generator.{0..5}.weight                             six linear convolutions without bias
    discriminator.conv.{0..6}.{weight_orig,bias}        spectrally normalized convolutions
    discriminator.conv.{0..6}.{weight_u,weight_v}       state of their power iteration, not trained
    discriminator.bn.{0..4}.{weight,bias}               batch normalization (running averages are never used)

Everything is deterministic: patches and noise are arguments.

    python3 adaptation.py --weights W.safetensors --image lr.npy --patches patches.json --out kernels.json
"""

from __future__ import annotations

import argparse
import json
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

PATCH = 64  # side of the low-resolution patch that the generator reads
REAL = 32  # side of the real patch; equals the side of the generator's output
PADDING = 5  # circular, half of the 11x11 kernel
STEPS = 200
LR_GENERATOR = 0.01
LR_DROP_AT = 50  # step index (from 0) from which the generator's rate is a tenth
LR_DISCRIMINATOR = 0.2
SUM_TO_ONE = 0.5  # weight of |1 - sum(k)|
NOISE_SIGMA = 1 / 255
BN_EPS = 1e-5
NORM_EPS = 1e-12

GENERATOR = [f"generator.{n}.weight" for n in range(6)]
DISCRIMINATOR = [
    *(f"discriminator.conv.{n}.{part}" for n in range(7) for part in ("weight_orig", "bias")),
    *(f"discriminator.bn.{n}.{part}" for n in range(5) for part in ("weight", "bias")),
]
POWER_STATE = [f"discriminator.conv.{n}.{part}" for n in range(7) for part in ("weight_u", "weight_v")]

State = dict[str, Tensor]


# ---------------------------------------------------------------------------------------------- generator


def generate_layers(state: State, patch: Tensor) -> Tensor:
    """[1, 3, h, w] -> [1, 3, h/2, w/2], layer by layer; each color is a separate batch item."""
    x = F.pad(patch.transpose(0, 1), (PADDING,) * 4, mode="circular")
    for n, name in enumerate(GENERATOR):
        x = F.conv2d(x, state[name], stride=2 if n == 5 else 1)
    return x.transpose(0, 1)


def kernel_layers(state: State) -> Tensor:
    """The generator's kernel as its (flipped) response to an impulse, [11, 11]."""
    weight = state[GENERATOR[0]]
    x = F.pad(torch.ones(1, 1, 1, 1, dtype=weight.dtype), (10,) * 4)
    for name in GENERATOR:
        x = F.conv2d(x, state[name])
    return x[0, 0].flip(0, 1)


def kernel_collapsed(state: State) -> Tensor:
    """The same kernel by composing the convolutions, from the single output back to the input.

    v [c, h, w] is the kernel of the later layers. One more layer W [c, d, i, j] in front gives
    v'[d, y, x] = sum over c and over y = y1 + i, x = x1 + j of v[c, y1, x1] W[c, d, i, j]: a transposed
    convolution.
    """
    v = state[GENERATOR[5]]  # [1, 64, 1, 1]
    for name in reversed(GENERATOR[:5]):
        v = F.conv_transpose2d(v, state[name])
    return v[0, 0]


def generate_collapsed(kernel: Tensor, patch: Tensor) -> Tensor:
    """[1, 3, h, w] -> [1, 3, h/2, w/2] with one 11x11 cross-correlation of stride 2."""
    x = F.pad(patch.transpose(0, 1), (PADDING,) * 4, mode="circular")
    return F.conv2d(x, kernel[None, None], stride=2).transpose(0, 1)


def generate(state: State, patch: Tensor, path: str) -> tuple[Tensor, Tensor]:
    """The fake patch and the kernel, both differentiable, along either path."""
    if path == "layers":
        return generate_layers(state, patch), kernel_layers(state)
    kernel = kernel_collapsed(state)
    return generate_collapsed(kernel, patch), kernel


# ------------------------------------------------------------------------------------------ discriminator


def normalize(x: Tensor) -> Tensor:
    return x / x.norm().clamp_min(NORM_EPS)


def spectral_weight(state: State, layer: int) -> Tensor:
    """W / sigma after one step of power iteration, which updates the state.

    First v from the u of the previous call, then u from that v, then sigma = u' W v. The gradient treats u and v
    as constants, but not W: d sigma / d W = u v'.
    """
    prefix = f"discriminator.conv.{layer}"
    weight = state[f"{prefix}.weight_orig"]
    matrix = weight.flatten(1)  # [out, in * kh * kw]
    with torch.no_grad():
        v = normalize(matrix.t() @ state[f"{prefix}.weight_u"])
        u = normalize(matrix @ v)
        state[f"{prefix}.weight_u"], state[f"{prefix}.weight_v"] = u, v
    return weight / (u @ (matrix @ v))


def discriminate(state: State, x: Tensor) -> Tensor:
    """[1, 3, 32, 32] -> [1, 1, 26, 26] in (0, 1). Every call takes one power step in each of the 7 layers."""
    for n in range(7):
        x = F.conv2d(x, spectral_weight(state, n), state[f"discriminator.conv.{n}.bias"])
        if 1 <= n <= 5:  # convolutions 0 and 1 follow each other directly
            mean = x.mean((0, 2, 3), keepdim=True)
            variance = ((x - mean) ** 2).mean((0, 2, 3), keepdim=True)  # biased
            scale = state[f"discriminator.bn.{n - 1}.weight"][None, :, None, None]
            shift = state[f"discriminator.bn.{n - 1}.bias"][None, :, None, None]
            x = F.relu((x - mean) / torch.sqrt(variance + BN_EPS) * scale + shift)
    return torch.sigmoid(x)


# --------------------------------------------------------------------------------------------- adaptation


@dataclass
class Step:
    """The results of one step: losses before its updates, gradients of all parameters, kernel after it."""

    adversarial: float
    generator: float
    discriminator: float
    kernel: Tensor
    gradients: State


def sgd(state: State, names: list[str], loss: Tensor, rate: float) -> State:
    """Takes one plain gradient step on the named tensors and returns their gradients."""
    gradients = dict(zip(names, torch.autograd.grad(loss, [state[name] for name in names])))
    for name, gradient in gradients.items():
        state[name] = (state[name].detach() - rate * gradient).requires_grad_()
    return gradients


class Adaptation:
    """The adaptation of one generator and discriminator to one image."""

    def __init__(
        self, weights: State, dtype: torch.dtype = torch.float32, path: str = "collapsed", real_first: bool = True
    ):
        self.path = path
        self.real_first = real_first  # the authors' order of the two discriminator calls
        self.index = 0
        self.state = {name: weights[name].detach().to(dtype) for name in GENERATOR + DISCRIMINATOR + POWER_STATE}
        for name in GENERATOR + DISCRIMINATOR:
            self.state[name].requires_grad_()

    def kernel(self) -> Tensor:
        collapse = kernel_layers if self.path == "layers" else kernel_collapsed
        return collapse(self.state).detach()

    def step(self, patch: Tensor, noise: Optional[Tensor] = None) -> Step:
        """One step on a [1, 3, 64, 64] patch; noise [2, 3, 32, 32] is added to the real (0) and fake (1)."""
        state = self.state
        rate = LR_GENERATOR * (0.1 if self.index >= LR_DROP_AT else 1.0)

        # 1. The generator, against the present discriminator, whose forward pass takes a power step too.
        fake, kernel = generate(state, patch, self.path)
        adversarial = (discriminate(state, fake) - 1).abs().mean()
        generator = adversarial + SUM_TO_ONE * (1 - kernel.sum()).abs()
        gradients = sgd(state, GENERATOR, generator, rate)

        # 2. The discriminator, against the updated generator. Two calls take two power steps and have separate
        # batch statistics: the weights are the same in both, u and v are not.
        fake, kernel = (x.detach() for x in generate(state, patch, self.path))
        real = patch[:, :, :REAL, :REAL]
        if noise is not None:
            real, fake = real + noise[0:1], fake + noise[1:2]
        if self.real_first:
            on_real = discriminate(state, real)
            on_fake = discriminate(state, fake)
        else:
            on_fake = discriminate(state, fake)
            on_real = discriminate(state, real)
        discriminator = 0.5 * (on_real - 1).abs().mean() + 0.5 * on_fake.abs().mean()
        gradients |= sgd(state, DISCRIMINATOR, discriminator, LR_DISCRIMINATOR)

        self.index += 1
        return Step(adversarial.item(), generator.item(), discriminator.item(), kernel, gradients)


def cut(image: Tensor, top: int, left: int) -> Tensor:
    """The 64x64 patch of a [1, 3, h, w] image."""
    return image[:, :, top : top + PATCH, left : left + PATCH]


# -------------------------------------------------------------------------------------------------- files


def read_safetensors(path: Path) -> State:
    """The tensors of a safetensors file: u64 length of the header, JSON header, raw little-endian data."""
    data = path.read_bytes()
    (length,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8 : 8 + length])
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        dtype = {"F32": "<f4", "F64": "<f8", "I32": "<i4", "I64": "<i8", "U8": "u1"}[entry["dtype"]]
        array = np.frombuffer(data[8 + length + begin : 8 + length + end], dtype)
        tensors[name] = torch.from_numpy(array.reshape(entry["shape"]).copy())
    return tensors


def write_safetensors(path: Path, tensors: State) -> None:
    header, blobs, offset = {}, [], 0
    for name, tensor in tensors.items():
        array = tensor.detach().numpy()
        dtype = {"float32": "F32", "float64": "F64", "int32": "I32", "int64": "I64", "uint8": "U8"}[array.dtype.name]
        blobs.append(array.tobytes())
        end = offset + len(blobs[-1])
        header[name] = {"dtype": dtype, "shape": list(array.shape), "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blobs))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=Path, required=True, help="safetensors file")
    parser.add_argument("--image", type=Path, required=True, help=".npy, [h, w, 3], uint8 or floats in [0, 1]")
    parser.add_argument("--patches", type=Path, required=True, help="JSON list of [top, left], one per step")
    parser.add_argument("--noise-seed", type=int, help="add the discriminator's input noise (default: none)")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--path", choices=("layers", "collapsed"), default="collapsed")
    parser.add_argument("--dtype", choices=("f32", "f64"), default="f32")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True, help="JSON: losses of every step, last kernel")
    parser.add_argument("--out-weights", type=Path, help="the adapted weights, safetensors")
    arguments = parser.parse_args()

    torch.set_num_threads(arguments.threads)
    dtype = {"f32": torch.float32, "f64": torch.float64}[arguments.dtype]
    array = np.load(arguments.image)
    pixels = torch.from_numpy(array).to(dtype) / (255 if array.dtype == np.uint8 else 1)
    image = pixels.permute(2, 0, 1)[None].contiguous()
    patches = json.loads(arguments.patches.read_text())[: arguments.steps]
    random = torch.Generator().manual_seed(arguments.noise_seed or 0)

    adaptation = Adaptation(read_safetensors(arguments.weights), dtype, arguments.path)
    losses = []
    for top, left in patches:
        noise = None
        if arguments.noise_seed is not None:
            noise = NOISE_SIGMA * torch.randn(2, 3, REAL, REAL, generator=random, dtype=dtype)
        step = adaptation.step(cut(image, top, left), noise)
        losses.append([step.adversarial, step.generator, step.discriminator])
    kernel = adaptation.kernel()
    arguments.out.write_text(json.dumps({"kernel": kernel.tolist(), "losses": losses}))
    if arguments.out_weights:
        write_safetensors(arguments.out_weights, adaptation.state)
    print(f"{len(losses)} steps, kernel sums to {kernel.sum().item():.6f}, peak {kernel.max().item():.6f}")


if __name__ == "__main__":
    main()
