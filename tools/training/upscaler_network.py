"""The upscaler's network: a residual network on the small image's grid, conditioned on the blur."""

import math

import torch
from torch import nn
from torch.nn import functional as F

GUESSES = 2
CONDITIONS = 8
HIDDEN = 64

# By how much the guesses' differences from the small image are enlarged before the first convolution.
CONTRAST = 4.0


class UpscalerNetwork(nn.Module):
    """
    small [N, 3, h, w], guesses [N, 2, 3, sh, sw] and conditions [N, 8] -> picture [N, 3, sh, sw].

    The picture is a base plus what the residual blocks add. The base is the bicubic enlargement, moved toward the
    closed-form guesses by gates that follow from the conditions. They scale and shift channels of the blocks, too, so that
    for one image they can be folded into the convolutions' weights.
    """

    def __init__(self, scale, channels, blocks):
        super().__init__()
        self.scale, self.channels, self.blocks = scale, channels, blocks
        inputs = 3 + GUESSES * 3 * scale**2
        self.head = nn.Conv2d(inputs, channels, 3, padding=1)
        self.first = nn.ModuleList(nn.Conv2d(channels, channels, 3, padding=1) for _ in range(blocks))
        self.second = nn.ModuleList(nn.Conv2d(channels, channels, 3, padding=1) for _ in range(blocks))
        self.tail = nn.Conv2d(channels, 3 * scale**2, 3, padding=1)
        self.conditions_in = nn.Linear(CONDITIONS, HIDDEN)
        self.conditions_out = nn.Linear(HIDDEN, blocks * 3 * channels + GUESSES)
        for layer in self.second:
            layer.weight.data *= 0.2
        self.tail.weight.data *= 0.1
        self.tail.bias.data.zero_()
        self.conditions_out.weight.data *= 0.1
        self.conditions_out.bias.data.zero_()

    def forward(self, small, guesses, conditions):
        s, count = self.scale, len(small)
        told = self.conditions_out(torch.relu(self.conditions_in(standardized(conditions))))
        gates = told[:, -GUESSES:].view(count, GUESSES, 1, 1, 1)
        films = told[:, :-GUESSES].view(count, self.blocks, 3, self.channels, 1, 1)

        near = small.repeat_interleave(s, 2).repeat_interleave(s, 3)
        differences = CONTRAST * (guesses - near[:, None])
        planes = F.pixel_unshuffle(differences.flatten(1, 2), s)
        x = self.head(torch.cat([small - 0.5, planes], 1))
        for block in range(self.blocks):
            scale, shift, weight = films[:, block].unbind(1)
            inner = torch.relu(self.first[block](x) * (1 + scale) + shift)
            x = x + self.second[block](inner) * (1 + weight)
        bicubic = F.interpolate(small, scale_factor=s, mode="bicubic", align_corners=False)
        base = bicubic + (gates * (guesses - bicubic[:, None])).sum(1)
        return base + F.pixel_shuffle(self.tail(x), s)

    def multiply_adds(self):
        """Of one pixel of the picture; what an image needs once is not counted."""
        weights = sum(layer.weight.numel() for layer in [self.head, *self.first, *self.second, self.tail])
        return weights / self.scale**2


def standardized(conditions):
    """Noise, error, nonGaussianity, covariance xx, xy, yy and the guesses' two sigmas, brought to about the same size."""
    noise, error, nonGaussianity, xx, xy, yy, sharp, smooth = conditions.unbind(1)
    covariance = [xx / 4 - 0.75, xy / 2, yy / 4 - 0.75]
    sigmas = [torch.log(sharp) / 2, torch.log(smooth) - math.log(6)]
    return torch.stack([noise / 10, error, nonGaussianity * 25, *covariance, *sigmas], 1)
