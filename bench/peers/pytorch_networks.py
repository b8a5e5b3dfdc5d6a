"""The networks and the adaptation step in PyTorch as one would write them for speed: with the library's own batch
normalization, and with nothing read back from the device in a step. The readable specification is tools/reference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Iterable

import torch
import torch.nn.functional as F
from adaptation import (
    BN_EPS,
    DISCRIMINATOR,
    GENERATOR,
    LR_DISCRIMINATOR,
    LR_GENERATOR,
    REAL,
    SUM_TO_ONE,
    State,
    generate,
    generate_layers,
    spectral_weight,
)
from res_unet import res_unet
from torch import Tensor

LAYERS = 7


def discriminate(state: State, x: Tensor, merged: bool) -> Tensor:
    """[1, 3, 32, 32] -> [1, 1, 26, 26]. `merged`: with the algebra of metakernelgan, which makes one convolution of the first
    two, between which there is nothing, and leaves out the biases that a batch normalization takes away."""
    weights = [spectral_weight(state, n) for n in range(LAYERS)]
    bias = [state[f"discriminator.conv.{n}.bias"] for n in range(LAYERS)]
    if merged:
        first = (weights[1].flatten(1) @ weights[0].flatten(1)).view_as(weights[0])
        x = normalized(state, F.conv2d(x, first), 0)
    else:
        x = normalized(state, F.conv2d(F.conv2d(x, weights[0], bias[0]), weights[1], bias[1]), 0)
    for n in range(2, LAYERS - 1):
        x = normalized(state, F.conv2d(x, weights[n], None if merged else bias[n]), n - 1)
    return torch.sigmoid(F.conv2d(x, weights[-1], bias[-1]))


def normalized(state: State, x: Tensor, n: int) -> Tensor:
    scale, shift = (state[f"discriminator.bn.{n}.{part}"] for part in ("weight", "bias"))
    return F.relu(F.batch_norm(x, None, None, scale, shift, training=True, eps=BN_EPS))


def gradients_of(loss: Tensor, state: State, names: list[str]) -> State:
    """Zero for parameters that the algebra leaves out."""
    tensors = [state[name] for name in names]
    found = torch.autograd.grad(loss, tensors, allow_unused=True)
    return {
        name: torch.zeros_like(tensor) if gradient is None else gradient
        for name, tensor, gradient in zip(names, tensors, found)
    }


def descend(state: State, names: list[str], loss: Tensor, rate: float) -> None:
    """A plain gradient step, in place."""
    found = torch.autograd.grad(loss, [state[name] for name in names], allow_unused=True)
    with torch.no_grad():
        for name, gradient in zip(names, found):
            if gradient is not None:
                state[name].sub_(gradient, alpha=rate)


def fresh(state: State, names: Iterable[str]) -> State:
    """A copy whose named tensors are trained."""
    copy = {name: value.detach().clone() for name, value in state.items()}
    for name in names:
        copy[name].requires_grad_()
    return copy


@dataclass(frozen=True)
class Networks:
    """The forward passes that a workload is made of."""

    discriminate: Callable[..., Tensor] = discriminate
    generate: Callable[..., tuple[Tensor, Tensor]] = generate
    generate_layers: Callable[..., Tensor] = generate_layers
    res_unet: Callable[..., Tensor] = res_unet


def compiled() -> Networks:
    """Those of torch.compile, each as one graph. All shapes are fixed."""
    if not hasattr(torch, "compile"):
        raise RuntimeError(f"PyTorch {torch.__version__} has no torch.compile: use one from 2.0 on")
    each = (discriminate, generate, generate_layers, res_unet)
    return Networks(*(torch.compile(network, dynamic=False) for network in each))


class Step:
    """One step of an adaptation after another; losses stay on the device."""

    def __init__(self, networks: Networks, inputs: State, path: str, merged: bool):
        self.networks = networks
        names = [*GENERATOR, *DISCRIMINATOR, *(name for name in inputs if name.endswith(("weight_u", "weight_v")))]
        self.state = fresh({name: inputs[name] for name in names}, GENERATOR + DISCRIMINATOR)
        self.path, self.merged = path, merged

    def generator_losses(self, patch: Tensor) -> tuple[Tensor, Tensor]:
        fake, kernel = self.networks.generate(self.state, patch, self.path)
        adversarial = (self.networks.discriminate(self.state, fake, self.merged) - 1).abs().mean()
        return adversarial, SUM_TO_ONE * (1 - kernel.sum()).abs()

    def __call__(self, patch: Tensor) -> Tensor:
        """The losses [3] before the updates: adversarial, sum-to-one and the discriminator's."""
        state, discriminate = self.state, self.networks.discriminate
        adversarial, sum_to_one = self.generator_losses(patch)
        descend(state, GENERATOR, adversarial + sum_to_one, LR_GENERATOR)
        with torch.no_grad():
            fake = self.networks.generate(state, patch, self.path)[0]
        on_real = discriminate(state, patch[:, :, :REAL, :REAL], self.merged)
        on_fake = discriminate(state, fake, self.merged)
        loss = 0.5 * (on_real - 1).abs().mean() + 0.5 * on_fake.mean()
        descend(state, DISCRIMINATOR, loss, LR_DISCRIMINATOR)
        return torch.stack([adversarial.detach(), sum_to_one.detach(), loss.detach()])
