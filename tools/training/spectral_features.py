"""
The numbers that the spectral estimator reads a photo's blur off, as `src/model/spectral` computes them:

    python3 spectral_features.py POOL

measures the samples that `metakernelgan train spectral-samples` wrote to a folder, and stores the numbers beside them. Files
that were measured earlier are kept.
"""

import glob
import math
import os
import sys

import numpy as np

from tensor_files import open_tensors, write_tensors

WINDOW = 32
COLOR_WINDOW = 16
MAX_WINDOWS = 1024
MAX_COLOR_WINDOWS = 128
FLOOR = (0.1 / 255) ** 2
BRIGHTNESS = np.array([0.299, 0.587, 0.114], np.float32)

SUFFIX = ".features"


def main():
    (pool,) = sys.argv[1:]
    for path in sorted(glob.glob(os.path.join(pool, "*.safetensors"))):
        target = path + SUFFIX
        if os.path.exists(target):
            continue
        tensors, _ = open_tensors(path)
        rows = [features_of(small.astype(np.float32) / 255) for small in tensors["small"]]
        names = ("spectra", "colors", "windows")
        measured = {name: np.stack([row[i] for row in rows]) for i, name in enumerate(names)}
        truth = {name: np.array(tensors[name]) for name in ("kernel", "family", "facts")}
        write_tensors(target, {**measured, **truth}, {})


def features_of(image):
    """image [3, h, w] from 0 to 1 -> spectra [3, 32, 17], colors [2, 16, 9] and the number of windows."""
    brightness = np.tensordot(BRIGHTNESS, image, 1)
    corners = window_corners(*brightness.shape)
    power = window_powers(brightness, corners, WINDOW)
    spectra = np.stack([-2 * np.log((power**-0.5).mean(0)), np.log(power).mean(0), np.log(power.mean(0))])
    few = corners[:: max(1, len(corners) // MAX_COLOR_WINDOWS)]
    colors = np.stack(
        [np.log(window_powers(image[color] - image[1], few, COLOR_WINDOW)).mean(0) for color in (0, 2)]
    )
    relative = colors - spectra[1, ::2, ::2]
    return (
        spectra.astype(np.float32),
        relative.astype(np.float32),
        np.float32(len(corners)),
    )


def window_corners(height, width):
    half = lambda length: math.ceil((length - WINDOW) / (WINDOW // 2)) + 1
    rows, columns = half(height), half(width)
    thinned = min(1, math.sqrt(MAX_WINDOWS / (rows * columns)))
    kept_rows = min(max(1, math.floor(rows * thinned)), MAX_WINDOWS)
    kept_columns = min(columns, MAX_WINDOWS // kept_rows)
    return [
        (top, left)
        for top in evenly_spaced(height - WINDOW, kept_rows)
        for left in evenly_spaced(width - WINDOW, kept_columns)
    ]


def evenly_spaced(last, count):
    if count == 1:
        return [last // 2]
    return [math.floor(i * last / (count - 1) + 0.5) for i in range(count)]


def window_powers(plane, corners, side):
    """Power at each frequency of windows weighted by Hann's function, their weighted means taken off."""
    hann = (1 - np.cos(2 * np.pi * np.arange(side) / side)) / 2
    weights = np.outer(hann, hann)
    windows = np.stack([plane[top : top + side, left : left + side] for top, left in corners]).astype(np.float64)
    means = (windows * weights).sum((1, 2), keepdims=True) / weights.sum()
    spectrum = np.fft.rfft2((windows - means) * weights)
    return (spectrum.real**2 + spectrum.imag**2) / (weights**2).sum() + FLOOR


if __name__ == "__main__":
    main()
