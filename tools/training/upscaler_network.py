"""The upscaler's network: a residual network on the small image's grid, conditioned on the blur, that knows the data."""

import math

import torch
from torch import nn
from torch.nn import functional as F

GUESSES = 2
CONDITIONS = 13
HIDDEN = 64

# By how much differences from the small image are enlarged before a convolution.
CONTRAST = 4.0

# A data step's trust, where the conditions add nothing: the picture's error before it, in 255ths.
ERROR = 8.0


class UpscalerNetwork(nn.Module):
    """
    small [N, 3, h, w], guesses [N, 2, 3, sh, sw], conditions [N, 13] and kernels [N, k, k] -> picture [N, 3, sh, sw].

    The network works in stages. The first begins at a base: the bicubic enlargement, moved toward the closed-form guesses
    by gates that follow from the conditions. A stage adds what its residual blocks say, and ends with a data step, which
    brings the picture back to what the blurred image allows. The next stage sees the result and adds to it. The conditions
    scale and shift channels of the blocks, too, so that for one image they can be folded into the convolutions' weights.
    """

    def __init__(self, scale, channels, blocks):
        super().__init__()
        self.scale, self.channels, self.blocks = scale, channels, tuple(blocks)
        count, planes = sum(blocks), 3 * scale**2
        self.head = nn.Conv2d(3 + GUESSES * planes, channels, 3, padding=1)
        self.again = nn.ModuleList(nn.Conv2d(3 + planes, channels, 3, padding=1) for _ in blocks[1:])
        self.first = nn.ModuleList(nn.Conv2d(channels, channels, 3, padding=1) for _ in range(count))
        self.second = nn.ModuleList(nn.Conv2d(channels, channels, 3, padding=1) for _ in range(count))
        self.tail = nn.ModuleList(nn.Conv2d(channels, planes, 3, padding=1) for _ in blocks)
        self.conditions_in = nn.Linear(CONDITIONS, HIDDEN)
        self.conditions_out = nn.Linear(HIDDEN, count * 3 * channels + GUESSES + len(blocks))
        for layer in self.second:
            layer.weight.data *= 0.2
        for layer in self.tail:
            layer.weight.data *= 0.1
            layer.bias.data.zero_()
        self.conditions_out.weight.data *= 0.1
        self.conditions_out.bias.data.zero_()

    def forward(self, small, guesses, conditions, kernels, unknown=0):
        """`unknown`: width of the rim, in small pixels, where what the blur mixes in from outside is not known."""
        s, count = self.scale, len(small)
        told = self.conditions_out(torch.relu(self.conditions_in(standardized(conditions))))
        films, gates, trust = told.split([sum(self.blocks) * 3 * self.channels, GUESSES, len(self.blocks)], 1)
        films = films.view(count, -1, 3, self.channels, 1, 1)
        gates = gates.view(count, GUESSES, 1, 1, 1)
        alphas = (conditions[:, 6:7] / ERROR) ** 2 * torch.exp(trust)

        near = small.repeat_interleave(s, 2).repeat_interleave(s, 3)

        def seen(pictures):
            differences = CONTRAST * (pictures - near[:, None])
            return torch.cat([small - 0.5, F.pixel_unshuffle(differences.flatten(1, 2), s)], 1)

        data = DataStep(small, kernels, s, unknown)
        bicubic = F.interpolate(small, scale_factor=s, mode="bicubic", align_corners=False)
        picture = bicubic + (gates * (guesses - bicubic[:, None])).sum(1)
        x = self.head(seen(guesses))
        block = 0
        for stage, blocks in enumerate(self.blocks):
            if stage > 0:
                x = x + self.again[stage - 1](seen(picture[:, None]))
            for _ in range(blocks):
                scale, shift, weight = films[:, block].unbind(1)
                inner = torch.relu(self.first[block](x) * (1 + scale) + shift)
                x = x + self.second[block](inner) * (1 + weight)
                block += 1
            picture = data(picture + F.pixel_shuffle(self.tail[stage](x), s), alphas[:, stage])
        return picture

    def multiply_adds(self):
        """Of one pixel of the picture; what an image needs once and the data steps are not counted."""
        layers = [self.head, *self.again, *self.first, *self.second, *self.tail]
        return sum(layer.weight.numel() for layer in layers) / self.scale**2


class DataStep:
    """
    USRNet's data step: x -> argmin |y - (z * k) sampled|^2 + alpha |z - x|^2, exact for circular blur, as a correction of x.
    kernels [N, k, k]: their middle on the first pixel, wrapped around; k is at most the picture's sides.
    """

    def __init__(self, small, kernels, scale, unknown):
        self.small, self.scale, self.unknown = small, scale, unknown
        height, width = (scale * side for side in small.shape[2:])
        self.size = height, width
        psf = wrapped(kernels, height, width)
        self.transfer = torch.fft.rfft2(psf)[:, None]
        power = torch.fft.fft2(psf).abs().square()
        self.power = power.view(len(psf), scale, height // scale, scale, width // scale).mean((1, 3))

    def __call__(self, x, alpha):
        s, rim = self.scale, self.unknown
        blurred = torch.fft.irfft2(torch.fft.rfft2(x) * self.transfer, s=self.size)
        rest = self.small - blurred[..., ::s, ::s]
        if rim > 0:
            rest = F.pad(rest[..., rim:-rim, rim:-rim], (rim, rim, rim, rim))
        weighed = torch.fft.fft2(rest) / (self.power + alpha[:, None, None])[:, None]
        tiled = weighed.repeat(1, 1, s, s)[..., : self.size[1] // 2 + 1]
        return x + torch.fft.irfft2(tiled * self.transfer.conj(), s=self.size)


def wrapped(kernels, height, width):
    """Kernels on a larger grid."""
    side = kernels.shape[-1]
    half = side // 2
    psf = F.pad(kernels.roll((half, half), (1, 2)), (0, width - side, 0, height - side))
    return psf.roll((-half, -half), (1, 2))


def standardized(conditions):
    """
    Noise, error, nonGaussianity, covariance xx, xy, yy, the guesses' two sigmas, brightnessNoise, camera, compressed, quality and
    gaussian, brought to about the same size.
    """
    noise, error, nonGaussianity, xx, xy, yy, sharp, smooth, brightness, *kind = conditions.unbind(1)
    camera, compressed, quality, gaussian = kind
    covariance = [xx / 4 - 0.75, xy / 2, yy / 4 - 0.75]
    sigmas = [torch.log(sharp) / 2, torch.log(smooth) - math.log(6)]
    photo = [brightness / 10, 2 * camera - 1, 2 * compressed - 1, compressed * (100 - quality) / 50, 2 * gaussian - 1]
    return torch.stack([noise / 10, error, nonGaussianity * 25, *covariance, *sigmas, *photo], 1)
