#!/usr/bin/env python3
"""KernelGAN (Bell-Kligler et al. 2019) in plain PyTorch, with MetaKernelGAN's networks: a readable specification of
`--method kernelgan`. It writes test/fixtures/kernelgan.json: the first steps in float64, with the weights and the image
of test/fixtures/adaptation.json.

    python3 kernelgan.py [--out FILE]

The losses follow their definitions literally, and PyTorch computes the gradients.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from adaptation import (
    DISCRIMINATOR,
    GENERATOR,
    REAL,
    Adaptation,
    Step,
    cut,
    discriminate,
    generate,
    generate_collapsed,
)
from make_fixture import compact, losses, rounded, synthetic_image, synthetic_patches, synthetic_weights, tensor_specs
from torch import Tensor

SIZE = 11
RATE, BETAS = 2e-4, (0.5, 0.999)
CENTER = 4.5  # target of the kernel's center of mass, on both axes
STEPS = 3


def weights_at(step: int) -> dict[str, float]:
    """Weights of all losses but the adversarial one. The published code divides the bicubic weight by 100 every 200
    steps, and adds sparsity and center once it is below 5e-3."""
    bicubic = max(5 / 100 ** (step // 200), 5e-6)
    late = bicubic < 5e-3
    return {"bicubic": bicubic, "sum": 0.5, "boundaries": 0.5, "sparsity": 5 * late, "center": 1 * late}


def bicubic_kernel() -> Tensor:
    """Bicubic downscaling by two with antialiasing, 8x8 taps centered at 4.5 within 11x11."""

    def cubic(x: float) -> float:
        x = abs(x)
        if x <= 1:
            return 1.5 * x**3 - 2.5 * x**2 + 1
        return -0.5 * x**3 + 2.5 * x**2 - 4 * x + 2 if x < 2 else 0.0

    line = torch.tensor([cubic((place - CENTER) / 2) / 2 for place in range(SIZE)], dtype=torch.float64)
    return torch.outer(line, line)


def boundary_penalty() -> Tensor:
    """30 times one minus a Gaussian of the kernel's size, on the outermost ring; zero inside."""
    place = torch.arange(SIZE, dtype=torch.float64) - SIZE // 2
    line = torch.exp(-(place**2) / (2 * SIZE**2))
    penalty = 30 * (1 - torch.outer(line, line))
    penalty[1:-1, 1:-1] = 0
    return penalty


class KernelGAN(Adaptation):
    """Adam instead of plain gradient descent, and five regularizers instead of one."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.generator = torch.optim.Adam([self.state[name] for name in GENERATOR], RATE, BETAS)
        self.discriminator = torch.optim.Adam([self.state[name] for name in DISCRIMINATOR], RATE, BETAS)

    def step(self, patch: Tensor, noise: Tensor | None = None) -> Step:
        state, weight = self.state, weights_at(self.index)
        for optimizer in (self.generator, self.discriminator):
            optimizer.param_groups[0]["lr"] = RATE / 10 ** (self.index // 750)
            optimizer.zero_grad()

        fake, k = generate(state, patch, self.path)
        adversarial = (discriminate(state, fake) - 1).abs().mean()
        # KernelGAN's images are in [-1, 1], so differences are twice as large.
        bicubic = ((2 * (fake - generate_collapsed(bicubic_kernel().to(patch), patch))) ** 2).mean()
        place = torch.arange(SIZE, dtype=k.dtype)
        center = torch.stack([(k.sum(0) * place).sum(), (k.sum(1) * place).sum()]) / k.sum()
        generator = (
            adversarial
            + weight["bicubic"] * bicubic
            + weight["sum"] * (1 - k.sum()).abs()
            + weight["boundaries"] * (k * boundary_penalty().to(k)).abs().mean()
            + weight["sparsity"] * (k.abs() ** 0.2).mean()
            + weight["center"] * ((center - CENTER) ** 2).mean()
        )
        for name, gradient in zip(GENERATOR, torch.autograd.grad(generator, [state[name] for name in GENERATOR])):
            state[name].grad = gradient
        self.generator.step()

        fake, k = (x.detach() for x in generate(state, patch, self.path))
        real = patch[:, :, :REAL, :REAL]
        if noise is not None:
            real, fake = real + noise[0:1], fake + noise[1:2]
        on_real, on_fake = discriminate(state, real), discriminate(state, fake)
        discriminator = 0.5 * (on_real - 1).abs().mean() + 0.5 * on_fake.abs().mean()
        discriminator.backward()
        # The gradient of a bias before a batch normalization is rounding error, which Adam would turn into a step.
        for n in range(6):
            state[f"discriminator.conv.{n}.bias"].grad = None
        self.discriminator.step()
        self.index += 1
        return Step(adversarial.item(), generator.item(), discriminator.item(), k, {})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    root = Path(__file__).resolve().parents[2]
    parser.add_argument("--out", type=Path, default=root / "test" / "fixtures" / "kernelgan.json")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    weights = synthetic_weights(tensor_specs())
    pixels = torch.from_numpy((synthetic_image() / 255).astype(np.float32))[None]

    kernels, trace = {}, []
    exact = KernelGAN(weights, torch.float64, "layers")
    single = KernelGAN({name: value.clone() for name, value in weights.items()}, torch.float32, "collapsed")
    for n, patch in enumerate(synthetic_patches()[:STEPS], 1):
        step = exact.step(cut(pixels.double(), *patch))
        other = single.step(cut(pixels, *patch))
        print(f"step {n}: losses {losses(step)}  f32 off by {(step.kernel - other.kernel).abs().max():.1e}")
        trace.append(losses(step))
        kernels[str(n)] = rounded(step.kernel)
    fixture = {
        "about": "Made by tools/reference/kernelgan.py; do not edit.",
        "bicubic": rounded(bicubic_kernel()),
        "penalty": rounded(boundary_penalty()),
        "weights": {str(step): list(weights_at(step).values()) for step in (0, 199, 200, 400, 600, 2999)},
        "kernels": kernels,
        "losses": trace,
    }
    arguments.out.write_text(compact(fixture) + "\n")


if __name__ == "__main__":
    main()
