"""USRNet's prior network (Zhang et al. 2020, section 4.2) in PyTorch. Tensors have the names of the authors' code."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor


def res_unet(weights: dict[str, Tensor], x: Tensor) -> Tensor:
    """[N, 4, H, W] -> [N, 3, H, W]; both sides are multiples of 2 ** levels."""
    levels = range(1, 1 + sum(".m_up" in name and weights[name].shape[3] == 2 for name in weights))
    x = F.conv2d(x, weights["p.m_head.weight"], padding=1)
    skipped = [x]
    for level in levels:
        x = blocks(weights, f"p.m_down{level}", x)
        x = F.conv2d(x, resampling(weights, f"p.m_down{level}"), stride=2)
        skipped.append(x)
    x = blocks(weights, "p.m_body", x)
    for level in reversed(levels):
        x = F.conv_transpose2d(x + skipped.pop(), resampling(weights, f"p.m_up{level}"), stride=2)
        x = blocks(weights, f"p.m_up{level}", x)
    return F.conv2d(x + skipped.pop(), weights["p.m_tail.weight"], padding=1)


def blocks(weights: dict[str, Tensor], name: str, x: Tensor) -> Tensor:
    """The residual blocks of a level in order: x + conv(ReLU(conv(x)))."""
    ends = (".res.0.weight", ".res.2.weight")
    layers = [[value for key, value in weights.items() if key.startswith(name) and key.endswith(end)] for end in ends]
    for first, second in zip(*layers):
        x = x + F.conv2d(F.relu(F.conv2d(x, first, padding=1)), second, padding=1)
    return x


def resampling(weights: dict[str, Tensor], name: str) -> Tensor:
    return next(value for key, value in weights.items() if key.startswith(name) and value.shape[3] == 2)
