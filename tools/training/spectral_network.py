"""The networks of the spectral estimator: the first reads a Gaussian, the second reads whole kernels and the noise's kind."""

import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from spectral_features import FLOOR

SIDE = 32
COLUMNS = 17
COLOR_SIDE = 16
COLOR_COLUMNS = 9
SPECTRA = 3

# Features of the first network; the second has the colors and the first one's rows besides.
FIRST_FEATURES = SPECTRA * SIDE * COLUMNS + SPECTRA + 1
WINDOWS = FIRST_FEATURES - 1
FIRST_ROWS = 6
PHOTO_FEATURES = FIRST_FEATURES + 2 * COLOR_SIDE * COLOR_COLUMNS
FEATURES = PHOTO_FEATURES + FIRST_ROWS

# The second network's rows before those of the kernel.
COVARIANCE, NOISE, BRIGHTNESS_NOISE, GATE, ERROR, DISTANCE, CAMERA, COMPRESSED, QUALITY, GAUSSIAN, PRECISION = (
    slice(0, 3),
    3,
    4,
    5,
    6,
    7,
    8,
    9,
    10,
    11,
    slice(12, 15),
)
TOLD = 16

# What is 1 in a row: 255ths of noise, K-COV in square pixels, distance of kernels, quality.
UNITS = {NOISE: 16, BRIGHTNESS_NOISE: 16, ERROR: 5, DISTANCE: 0.04, QUALITY: 100}

# Distances of a kernel's 32 rows or columns from its middle.
OFFSETS = np.arange(SIDE) - (SIDE - 1) / 2


def _places(side, columns, source):
    """For each place of a turned half spectrum its place in the original one; a spectrum is point-symmetric."""
    places = []
    for row in range(side):
        for column in range(columns):
            r, c = (v % side for v in source(row, column))
            if c >= columns:
                r, c = -r % side, side - c
            places.append(r * columns + c)
    return np.array(places)


_SOURCES = (lambda r, c: (r, c), lambda r, c: (-r, c), lambda r, c: (c, r), lambda r, c: (c, -r))
TRANSPOSING = (2, 3)


def _feature_places(symmetry):
    """For each feature of a photo that was turned its place among those of the original photo."""
    own = _places(SIDE, COLUMNS, _SOURCES[symmetry])
    color = _places(COLOR_SIDE, COLOR_COLUMNS, _SOURCES[symmetry])
    spectrum, colors = SIDE * COLUMNS, COLOR_SIDE * COLOR_COLUMNS
    parts = [own + i * spectrum for i in range(SPECTRA)]
    parts.append(np.arange(SPECTRA * spectrum, FIRST_FEATURES))
    parts += [FIRST_FEATURES + color + i * colors for i in range(2)]
    return np.concatenate(parts)


FEATURE_PLACES = [_feature_places(symmetry) for symmetry in range(4)]


def photo_features(spectra, windows, colors):
    """What was measured of N photos -> [N, PHOTO_FEATURES], float32, not turned."""
    count = len(spectra)
    flat = spectra.reshape(count, SPECTRA, -1)
    averages = flat.mean(2)
    return np.concatenate(
        [
            (flat - averages[:, :, None]).reshape(count, -1),
            averages,
            np.log(windows)[:, None],
            colors.reshape(count, -1),
        ],
        1,
    ).astype(np.float32)


def gray_colors(photos):
    """The color features that photos [N, PHOTO_FEATURES] would have without their colors."""
    spectrum = SIDE * COLUMNS
    averages = photos[:, SPECTRA * spectrum + 1, None, None]
    brightness = photos[:, spectrum : 2 * spectrum].reshape(-1, SIDE, COLUMNS) + averages
    relative = math.log(FLOOR) - brightness[:, ::2, ::2]
    return np.concatenate([relative.reshape(len(photos), -1)] * 2, 1).astype(np.float32)


def turned_covariance(rows, symmetry):
    """xx, yy and 2·xy of a kernel turned likewise; each symmetry is its own inverse."""
    xx, yy, xy = rows[..., 0], rows[..., 1], rows[..., 2]
    if symmetry in TRANSPOSING:
        xx, yy = yy, xx
    if symmetry in (1, 3):
        xy = -xy
    stack = np.stack if isinstance(rows, np.ndarray) else torch.stack
    return stack([xx, yy, xy], -1)


def turned_kernel(kernel, symmetry):
    """A point-symmetric kernel [..., 32, 32] turned likewise."""
    if symmetry == 1:
        return kernel.flip(-2)
    if symmetry == 2:
        return kernel.transpose(-1, -2)
    if symmetry == 3:
        return kernel.transpose(-1, -2).flip(-1)
    return kernel


def linear(x, weight, bias):
    """A fully connected layer as a 1×1 convolution: twenty times as fast where PyTorch has only the reference BLAS."""
    return F.conv2d(x[:, :, None, None], weight[:, :, None, None], bias)[:, :, 0, 0]


def first_rows(weights, features):
    """The first network's rows for features [N, FIRST_FEATURES]: xx, yy, 2·xy, noise, non-Gaussianity, error."""
    x = features
    for layer in (1, 2, 3):
        x = linear(x, weights[f"layer{layer}.weight"], weights[f"layer{layer}.bias"])
        x = torch.relu(x) if layer < 3 else x
    return x[:, :FIRST_ROWS]


class WholeKernelNetwork(nn.Module):
    """
    features [N, FEATURES] -> rows [N, TOLD + 512]. The covariance in the rows is what the first network said, moved by what
    this one adds, as far as its gate is open.
    """

    def __init__(self, widths):
        super().__init__()
        sizes = [FEATURES, *widths, TOLD + SIDE**2 // 2]
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))
        self.register_buffer("mean", torch.zeros(FEATURES))
        self.register_buffer("deviation", torch.ones(FEATURES))
        nn.init.zeros_(self.layers[-1].weight.data[TOLD:])
        nn.init.zeros_(self.layers[-1].bias.data)

    def forward(self, features, dropout=0.0):
        x = (features - self.mean) / self.deviation
        for layer in self.layers[:-1]:
            x = torch.relu(linear(x, layer.weight, layer.bias))
            x = F.dropout(x, dropout, dropout > 0)
        return linear(x, self.layers[-1].weight, self.layers[-1].bias)

    def unfold(self, tensors):
        """Takes weights for plain features, by name."""
        for index, layer in enumerate(self.layers):
            weight, bias = (
                torch.from_numpy(np.array(tensors[f"whole{index + 1}.{kind}"], np.float32)) for kind in ("weight", "bias")
            )
            if index == 0:
                weight = weight[:, :FEATURES]
                # What is ignored stays away: its deviation is infinite.
                seen = torch.isfinite(self.deviation)
                bias = bias + (weight * self.mean)[:, seen].sum(1)
                weight = torch.where(seen, weight * self.deviation, 0)
            layer.weight.data[:], layer.bias.data[:] = weight, bias

    def folded(self):
        """The weights for plain features instead of standardized ones, by name."""
        tensors = {}
        for index, layer in enumerate(self.layers):
            weight, bias = layer.weight.data, layer.bias.data
            if index == 0:
                weight = weight / self.deviation
                bias = bias - (weight * self.mean).sum(1)
                # The first network has eight rows, of which two are unused.
                weight = F.pad(weight, (0, 2))
            tensors[f"whole{index + 1}.weight"] = weight
            tensors[f"whole{index + 1}.bias"] = bias
        return tensors


def covariance_of(rows, first):
    """xx, yy, 2·xy of both networks' rows."""
    gate = torch.sigmoid(rows[:, GATE : GATE + 1])
    return first[:, :3] + gate * rows[:, COVARIANCE]


_Y, _X = (torch.tensor(grid, dtype=torch.float32) for grid in np.meshgrid(OFFSETS, OFFSETS, indexing="ij"))


def half_kernel(rows):
    """The first 16 rows [N, 16, 32] of the point-symmetric kernel, whose sum is ½."""
    half = SIDE // 2
    extra = rows[:, TOLD:].reshape(-1, half, SIDE)
    wide, slant, high = (rows[:, PRECISION.start + i, None, None] for i in range(3))
    # The Gaussian's precision by its Cholesky factor, positive definite whatever the network says.
    x, y = _X[:half], _Y[:half]
    u = torch.exp(-0.5 * wide) * x + slant * y
    v = torch.exp(-0.5 * high) * y
    logarithms = extra - 0.5 * (u**2 + v**2)
    return torch.softmax(logarithms.flatten(1), 1).reshape(-1, half, SIDE) / 2


def half_covariance(half):
    """xx, yy, 2·xy of the whole kernel."""
    x, y = _X[: SIDE // 2], _Y[: SIDE // 2]
    return torch.stack([2 * (half * weight).sum((1, 2)) for weight in (x**2, y**2, 2 * x * y)], 1)


def whole_kernel(half):
    """[N, 16, 32] -> [N, 32, 32]"""
    return torch.cat([half, half.flip(1, 2)], 1)
