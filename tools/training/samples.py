"""Samples that `metakernelgan train upscaler-samples` has written."""

import glob
import math
import os

import numpy as np

from tensor_files import open_tensors

KINDS = ("clean", "noise", "jpeg", "camera")

# Part of the patches of which no more than the noise is told, as at x4 or where a kernel is given.
UNKNOWN = 0.1

# Place of the probability that a camera took the photo among the conditions, and what weights for cameras' photos and for all others
# learn from: more than they are used for, which is a probability above and below 0.5.
CAMERA = 9
LEARNED = {"camera": (0.35, 1), "other": (0, 0.65)}


class SamplePool:
    """
    The samples of a folder, or those of some photos: "camera" or "other". Files that are added later are seen after `rescan`. `side` is the shortest of all small images,
    in pixels.
    """

    def __init__(self, folder, photos=None):
        self.folder = folder
        self.photos = photos
        self.shards = []
        self.scale = None
        self.side = None
        self.rescan()

    def __len__(self):
        return sum(len(shard["kind"]) for shard in self.shards)

    def rescan(self, most=None):
        """Opens files that were added since, up to the first `most` in all; returns the number of open files."""
        paths = sorted(glob.glob(os.path.join(self.folder, "*.safetensors")))[:most]
        for path in paths[len(self.shards) :]:
            tensors, metadata = open_tensors(path)
            self.shards.append(tensors)
            self.side = min(self.side or math.inf, *tensors["small"].shape[2:])
            self.scale = int(metadata["scale"])
        return len(self.shards)

    def draw_batch(self, random, count, size):
        """
        Cuts patches of `size`² small pixels out of samples drawn at random, each turned and mirrored at random.
        Returns small [N, 3, p, p], guesses [N, 2, 3, sp, sp], conditions [N, 13], kernels [N, k, k] and sharp
        [N, 3, sp, sp], float32.
        """
        patches = [self._draw_patch(random, size) for _ in range(count)]
        return tuple(np.stack(parts) for parts in zip(*patches))

    def _draw_patch(self, random, size):
        # Of which nothing is known, a photo counts as another than a camera's.
        unknown = self.photos != "camera" and random.random() < UNKNOWN
        shard, index = self._draw_sample(random)
        while not unknown and not self._is_wanted(shard, index):
            shard, index = self._draw_sample(random)
        height, width = shard["small"].shape[2:]
        top, left = random.integers(height - size + 1), random.integers(width - size + 1)
        flips = random.integers(2, size=3)
        s = self.scale

        def cut(name, factor):
            rows = slice(factor * top, factor * (top + size))
            columns = slice(factor * left, factor * (left + size))
            part = shard[name][index, ..., rows, columns]
            part = part.astype(np.float32) / (255 if part.dtype == np.uint8 else 1)
            return _turned(part, flips)

        conditions = _turned_conditions(shard["conditions"][index], flips)
        if unknown:
            conditions[8:] = unknown_photo(conditions[0])
        kernel = _turned_kernel(shard["kernels"][index], flips, s)
        return cut("small", 1), cut("guesses", s), conditions, kernel, cut("sharp", s)

    def _draw_sample(self, random):
        shard = self.shards[random.integers(len(self.shards))]
        return shard, random.integers(len(shard["kind"]))

    def _is_wanted(self, shard, index):
        least, most = LEARNED.get(self.photos, (0, 1))
        return least <= shard["conditions"][index][CAMERA] <= most

    def __iter__(self):
        """All samples whole, one by one: kind, whether the true kernel was given, and arrays as of `draw_batch`."""
        for shard in self.shards:
            for index, kind in enumerate(shard["kind"]):
                yield (
                    KINDS[kind],
                    bool(shard["given"][index]),
                    shard["small"][index].astype(np.float32) / 255,
                    shard["guesses"][index].astype(np.float32),
                    np.array(shard["conditions"][index]),
                    np.array(shard["kernels"][index]),
                    shard["sharp"][index].astype(np.float32) / 255,
                )


def unknown_photo(noise):
    """Brightness's noise, camera, compressed, quality and gaussian of a photo of which nothing but the noise is known."""
    return np.array([math.hypot(0.299, 0.587, 0.114) * noise, 0.5, 0.5, 80, 0.5], np.float32)


def _turned(planes, flips):
    if flips[0]:
        planes = planes[..., ::-1]
    if flips[1]:
        planes = planes[..., ::-1, :]
    if flips[2]:
        planes = planes.swapaxes(-1, -2)
    return np.ascontiguousarray(planes)


def _turned_conditions(conditions, flips):
    """The covariance turned as the picture is."""
    noise, error, nonGaussianity, xx, xy, yy, *others = conditions
    if flips[0] != flips[1]:
        xy = -xy
    if flips[2]:
        xx, yy = yy, xx
    return np.array([noise, error, nonGaussianity, xx, xy, yy, *others], np.float32)


def _turned_kernel(kernel, flips, scale):
    """The kernel turned as the picture is; its middle is on the first pixel. A mirrored small pixel lies scale - 1 further on."""
    mirrored = (-np.arange(len(kernel)) - (scale - 1)) % len(kernel)
    if flips[0]:
        kernel = kernel[:, mirrored]
    if flips[1]:
        kernel = kernel[mirrored]
    return np.ascontiguousarray(kernel.T if flips[2] else kernel)
