#!/usr/bin/env python3
"""Times one meta-step in PyTorch, layer by layer as it is published; prints JSON.

    python3 bench_meta_pytorch.py [--samples 3] [--threads N]

25 inner steps on a 96x96 image, five evaluations of both meta-losses with their gradients, one step of Adam. Float32 on
the CPU. Weights and images are random: they make no difference to the time.
"""

from __future__ import annotations

import argparse
import json
import os
import time

import numpy as np
import torch
from adaptation import (
    DISCRIMINATOR,
    GENERATOR,
    LR_DISCRIMINATOR,
    LR_GENERATOR,
    NOISE_SIGMA,
    POWER_STATE,
    REAL,
    State,
    discriminate,
    generate,
    sgd,
)
from bench_pytorch import random_weights
from torch import Tensor

INNER, EVALUATIONS = 25, (5, 10, 15, 20, 25)
DAD = 96


def window(image: Tensor, top: int, left: int) -> Tensor:
    return image[:, :, top : top + REAL, left : left + REAL]


def noisy(x: Tensor) -> Tensor:
    return x + NOISE_SIGMA * torch.randn_like(x)


def generator_loss(state: State, dad: Tensor, top: int, left: int) -> tuple[Tensor, Tensor]:
    fake, k = generate(state, dad, "layers")
    adversarial = (discriminate(state, window(fake, top, left)) - 1).abs().mean()
    return adversarial + 0.5 * (1 - k.sum()).abs(), k


def discriminator_loss(state: State, dad: Tensor, real: Tensor, top: int, left: int) -> Tensor:
    with torch.no_grad():
        fake = window(generate(state, dad, "layers")[0], top, left)
    on_real, on_fake = discriminate(state, noisy(real)), discriminate(state, noisy(fake))
    return 0.5 * (on_real - 1).abs().mean() + 0.5 * on_fake.abs().mean()


def meta_step(start: State, optimisers: list[torch.optim.Optimizer], truth: Tensor) -> None:
    dad, son = torch.rand(1, 3, DAD, DAD), torch.rand(1, 3, DAD // 2, DAD // 2)
    places = np.random.randint(0, DAD // 2 - REAL + 1, (INNER + len(EVALUATIONS), 2))
    state = {name: value.detach().clone() for name, value in start.items()}
    for name in GENERATOR + DISCRIMINATOR:
        state[name].requires_grad_()
        start[name].grad = torch.zeros_like(start[name])
    for step, (top, left) in enumerate(places[:INNER], 1):
        sgd(state, GENERATOR, generator_loss(state, dad, top, left)[0], LR_GENERATOR)
        real = window(dad, 2 * top, 2 * left)
        sgd(state, DISCRIMINATOR, discriminator_loss(state, dad, real, top, left), LR_DISCRIMINATOR)
        if step not in EVALUATIONS:
            continue
        top, left = places[INNER + EVALUATIONS.index(step)]
        loss, k = generator_loss(state, dad, top, left)
        gradients = torch.autograd.grad(loss + (k - truth).abs().sum(), [state[name] for name in GENERATOR])
        loss = discriminator_loss(state, dad, window(son, top, left), top, left)
        gradients += torch.autograd.grad(loss, [state[name] for name in DISCRIMINATOR])
        for name, gradient in zip(GENERATOR + DISCRIMINATOR, gradients):
            start[name].grad += gradient / len(EVALUATIONS)
    for optimiser in optimisers:
        optimiser.step()
    for name in POWER_STATE:
        start[name] = state[name]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)
    np.random.seed(0)
    start = random_weights()
    for name in GENERATOR + DISCRIMINATOR:
        start[name].requires_grad_()
    optimisers = [torch.optim.Adam([start[name] for name in names], 1e-4) for names in (GENERATOR, DISCRIMINATOR)]
    truth = torch.rand(11, 11) / 121
    times = []
    for n in range(1 + arguments.samples):
        begin = time.perf_counter()
        meta_step(start, optimisers, truth)
        if n:
            times.append(1e3 * (time.perf_counter() - begin))
    result = {"torch": torch.__version__, "threads": torch.get_num_threads(), "samples": arguments.samples}
    print(json.dumps({**result, "median_ms": round(float(np.median(times)), 1)}))


if __name__ == "__main__":
    main()
