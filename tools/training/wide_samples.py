"""
Samples of wide blur, to train the network that reads it:

    python3 wide_samples.py OUT --data PHOTOS --data PHOTOS --samples 3000

Lenses far out of focus, long shakes and wide Gaussians, with white noise and JPEG. A file holds what is measured of its
photos, as of `spectral_features.py`. Existing files are kept.
"""

import argparse
import io
import math
import os

import numpy as np
from PIL import Image

from spectral_features import BRIGHTNESS, features_of
from tensor_files import write_tensors

SIDE = 32
FINE = 8
MARGIN = 16
PHOTOS = 3
SHARD = 60
SIZES = ((480, 320), (320, 208), (480, 320), (768, 512))
ENDINGS = (".jpg", ".jpeg", ".png", ".webp")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--data", action="append", required=True)
    parser.add_argument("--samples", type=int, default=3000)
    parser.add_argument("--hold-out", type=int, default=40)
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    photos = load_photos(options)
    for shard in range(math.ceil(options.samples / SHARD)):
        path = os.path.join(options.out, f"{shard:06}.safetensors.features")
        if os.path.exists(path):
            continue
        random = np.random.default_rng([options.seed, shard])
        rows = [row for _ in range(SHARD // PHOTOS) for row in scene(photos, SIZES[shard % len(SIZES)], random)]
        names = ("spectra", "colors", "windows", "kernel", "family", "facts")
        write_tensors(path, {name: np.stack([row[i] for row in rows]) for i, name in enumerate(names)}, {})


def load_photos(options):
    paths = [
        os.path.join(folder, name)
        for folder in options.data
        for name in sorted(os.listdir(folder))
        if name.lower().endswith(ENDINGS)
    ]
    n = options.hold_out
    return [
        np.asarray(Image.open(path).convert("RGB"))
        for i, path in enumerate(paths)
        if options.held_out == (n > 0 and i % n == n - 1)
    ]


def scene(photos, size, random):
    """Pictures of one part of a photo under one blur each, that differ in noise and JPEG."""
    part = photo_part(photos, size, random)
    light = np.fft.rfft2(part.transpose(2, 0, 1))
    for _ in range(PHOTOS):
        family, kernel = draw_kernel(random)
        otf = np.fft.rfft2(kernel, part.shape[:2])
        blurred = np.fft.irfft2(light * otf, part.shape[:2])
        # Beyond the margin, what wraps around does not show.
        clean = blurred[:, 2 * MARGIN :: 2, 2 * MARGIN :: 2]
        level = 0 if random.random() < 0.5 else random.uniform(0, 16) * random.random()
        noisy = np.clip(clean + level * random.standard_normal(clean.shape), 0, 255)
        small = np.rint(noisy).astype(np.uint8)
        before = deviations(small, clean)
        quality = round(random.uniform(40, 98)) if random.random() < 0.15 else 0
        if quality:
            small = compressed(small, quality)
        after = deviations(small, clean)
        facts = [level, before[0], after[0], before[1], after[1], quality, quality, 0, 1]
        image = small.astype(np.float32) / 255
        yield (*features_of(image), kernel, np.uint8(family), np.array(facts, np.float32))


def photo_part(photos, size, random):
    """A part of a photo, at times made smaller; float, with room for what wraps around."""
    width, height = size[0] + 2 * MARGIN, size[1] + 2 * MARGIN
    # Two photos of the smallest set are a little narrower than what the margins ask for.
    while True:
        photo = photos[random.integers(len(photos))]
        if (photo.shape[0] > photo.shape[1]) != (height > width):
            photo = photo.transpose(1, 0, 2)
        least = max(width / photo.shape[1], height / photo.shape[0])
        if least <= 1:
            break
        width, height = min(width, photo.shape[1] // 2 * 2), min(height, photo.shape[0] // 2 * 2)
        if max(width / photo.shape[1], height / photo.shape[0]) <= 1 and min(width, height) > 200:
            least = 1
            break
    factor = random.uniform(max(least, 0.55), 1) if random.random() < 0.5 else 1
    w, h = min(photo.shape[1], round(width / factor)), min(photo.shape[0], round(height / factor))
    left, top = random.integers(photo.shape[1] - w + 1), random.integers(photo.shape[0] - h + 1)
    part = photo[top : top + h, left : left + w]
    if (w, h) != (width, height):
        part = np.asarray(Image.fromarray(part).resize((width, height), Image.BOX))
    return part.astype(np.float64)


def draw_kernel(random):
    """A kernel [32, 32] of sum 1, its middle between the values 15 and 16, and its family: 4, a lens."""
    kind = random.random()
    lens = random.uniform(0.3, 0.95)
    if kind < 0.12:
        sigmas = random.uniform(1.5, 4.5, 2)
        angle = random.uniform(0, math.pi)
        y, x = np.mgrid[: SIDE * FINE, : SIDE * FINE] / FINE + (0.5 / FINE - SIDE / 2)
        u, v = math.cos(angle) * x + math.sin(angle) * y, math.cos(angle) * y - math.sin(angle) * x
        fine = np.exp(-0.5 * ((u / sigmas[0]) ** 2 + (v / sigmas[1]) ** 2))
        return 4, settled(fine, lens, random)
    points = aperture(random) if kind < 0.56 else path(random)
    points = points - points.mean(0) + SIDE / 2
    fine, _, _ = np.histogram2d(points[:, 1], points[:, 0], SIDE * FINE, [[0, SIDE], [0, SIDE]])
    return 4, settled(fine, lens, random)


def aperture(random):
    """Points of a disk or of a polygon."""
    radius = random.uniform(3, 9)
    y, x = np.mgrid[-9 : 9 : 1 / FINE, -9 : 9 : 1 / FINE]
    corners = int(random.uniform(5, 9))
    sector, angle = 2 * math.pi / corners, random.uniform(0, math.pi)
    turned = np.arctan2(y, x) - angle
    within = turned - sector * np.floor(turned / sector) - sector / 2
    reach = radius if random.random() < 0.5 else radius * math.cos(sector / 2) / np.cos(within)
    inside = np.hypot(x, y) <= reach
    return np.stack([x[inside], y[inside]], 1)


def path(random):
    """Points of an arc."""
    length, bend = random.uniform(6, 20), random.uniform(0, 2) * (random.random() < 0.7)
    steps = np.linspace(-0.5, 0.5, math.ceil(length * FINE * 4))
    direction = random.uniform(0, 2 * math.pi) + bend * steps
    return np.cumsum(np.stack([np.cos(direction), np.sin(direction)], 1), 0) * length / len(steps)


def settled(fine, lens, random):
    """What a lens makes of a shape, and half the time a sensor's pixel of two."""
    frequencies = np.fft.fftfreq(SIDE * FINE, 1 / FINE)
    line = np.exp(-2 * (math.pi * lens * frequencies) ** 2)
    if random.random() < 0.5:
        # A mean over two pixels, of which those of the large image are points.
        line = line * np.cos(math.pi * frequencies)
    spectrum = np.fft.fft2(fine) * np.outer(line, line)
    means = np.fft.ifft2(spectrum).real.reshape(SIDE, FINE, SIDE, FINE).mean((1, 3))
    kernel = np.maximum(means, 0)
    return (kernel / kernel.sum()).astype(np.float32)


def compressed(small, quality):
    file = io.BytesIO()
    Image.fromarray(small.transpose(1, 2, 0)).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file)).transpose(2, 0, 1)


def deviations(image, clean):
    """Root of the mean squared difference of all colors and of the brightness."""
    difference = image.astype(np.float64) - clean
    brightness = np.tensordot(BRIGHTNESS, difference, 1)
    return math.sqrt((difference**2).mean()), math.sqrt((brightness**2).mean())


if __name__ == "__main__":
    main()
