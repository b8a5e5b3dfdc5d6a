"""Expected numbers for the tests of kernels, degradation, gradient maps and metrics, from NumPy and SciPy.

Independent of the TypeScript code. Run it from the repository root; it writes test/fixtures/image-maths.json.
"""

import json

import numpy as np
from scipy import ndimage, signal

MASK = 0xFFFFFFFF


def threefry(key, counter):
    """Threefry-2x32-20 with Python integers."""
    ks = [key[0], key[1], 0x1BD11BDA ^ key[0] ^ key[1]]
    x, y = (counter[0] + ks[0]) & MASK, (counter[1] + ks[1]) & MASK
    for r in range(20):
        rotation = [13, 15, 26, 6, 17, 29, 16, 24][r % 8]
        x = (x + y) & MASK
        y = ((y << rotation) | (y >> (32 - rotation))) & MASK
        y ^= x
        if r % 4 == 3:
            n = r // 4 + 1
            x, y = (x + ks[n % 3]) & MASK, (y + ks[(n + 1) % 3] + n) & MASK
    return x, y


def words(seed, stream, count):
    pairs = [threefry((seed, stream), (i, 0)) for i in range((count + 1) // 2)]
    return [word for pair in pairs for word in pair][:count]


def synthetic_image(seed, width, height):
    """Waves, edges and noise, [3, height, width] in float32; test/support/synthetic-image.ts makes the same image.

    Rounded to multiples of 1/65535, which hides rounding errors of the sine. Values reach a little beyond [0, 1].
    """
    c, y, x = np.mgrid[0:3, 0:height, 0:width]
    noise = np.array(words(seed, 0, 3 * height * width)).reshape(3, height, width) / 2**32
    edges = ((x + 2 * y + 5 * c) % 40 < 13).astype(float)
    value = 0.3 + 0.2 * np.sin(x * 0.21 + c) * np.cos(y * 0.13) + 0.4 * edges + 0.3 * (noise - 0.5)
    return (np.floor(value * 65535 + 0.5) / 65535).astype(np.float32)


def gaussian(lambda1, lambda2, theta, noise):
    cos, sin = np.cos(theta), np.sin(theta)
    rotation = np.array([[cos, -sin], [sin, cos]])
    inverse = np.linalg.inv(rotation @ np.diag([lambda1, lambda2]) @ rotation.T)
    y, x = np.mgrid[0:11, 0:11] - 5.5
    power = inverse[0, 0] * x * x + 2 * inverse[0, 1] * x * y + inverse[1, 1] * y * y
    return np.exp(-power / 2) * (1 + noise)


def centered(kernel, scale):
    move = (len(kernel) - scale) / 2 - np.array(ndimage.center_of_mass(kernel))
    return ndimage.shift(kernel, move, order=3, mode="constant", prefilter=True)


def kernel_x2(lambda1, lambda2, theta, noise=0.0):
    shifted = centered(gaussian(lambda1, lambda2, theta, noise), 2)
    return shifted / shifted.sum()


def kernel_x4(kernel):
    stuffed = np.zeros((21, 21))
    stuffed[::2, ::2] = kernel
    full = signal.convolve2d(stuffed, kernel)[5:-5, 5:-5]
    return centered(full / full.sum(), 4)


def degrade(image, kernel, scale):
    _, height, width = image.shape
    image = image[:, : height - height % scale, : width - width % scale].astype(float)
    return np.stack([ndimage.correlate(plane, kernel, mode="wrap")[::scale, ::scale] for plane in image])


def framed(values, edge):
    out = np.zeros_like(values)
    out[edge:-edge, edge:-edge] = values[edge:-edge, edge:-edge]
    return out


def gradient_map(image):
    r, g, b = image.astype(float)
    gy, gx = np.gradient(0.299 * r + 0.587 * g + 0.114 * b)
    magnitude = framed(np.sqrt(gx**2 + gy**2), 5)
    out = magnitude / magnitude.sum()
    for part in (framed(np.abs(gx), 5), framed(np.abs(gy), 5)):
        ranked = np.sort(part.ravel())
        pivot = int(0.97 * ranked.size)
        low, high = ranked[pivot], ranked[pivot + 1]
        part = np.clip(part, low, high if high > low else low + 1e-5) - low
        out = out + part / part.sum()
    out = signal.convolve2d(out, np.ones((5, 5)), "same") / 25
    return out / out.mean()


def probability_map(gradients, crop):
    half = crop // 2
    blurred = signal.convolve2d(gradients, np.ones((half, half)), "same") / half**2
    out = framed(blurred, half)
    return out / out.sum()


def covariance(kernel):
    y, x = np.mgrid[0 : len(kernel), 0 : len(kernel)]
    mean = [(x * kernel).sum(), (y * kernel).sum()]
    second = np.array([[(a * b * kernel).sum() for b in (x, y)] for a in (x, y)])
    return second - np.outer(mean, mean)


def luma(image):
    r, g, b = np.round(np.clip(image.astype(float) * 255, 0, 255))
    return 16 + 219 / 255 * (0.299 * r + 0.587 * g + 0.114 * b)


def image_metrics(sr, hr, shave):
    a, b = luma(sr)[shave:-shave, shave:-shave], luma(hr)[shave:-shave, shave:-shave]
    line = np.exp(-((np.arange(11) - 5) ** 2) / (2 * 1.5**2))
    window = np.outer(line, line) / line.sum() ** 2

    def mean(values):
        return signal.convolve2d(values, window, "valid")

    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    ma, mb = mean(a), mean(b)
    va, vb, vab = mean(a * a) - ma**2, mean(b * b) - mb**2, mean(a * b) - ma * mb
    ssim = (2 * ma * mb + c1) * (2 * vab + c2) / ((ma**2 + mb**2 + c1) * (va + vb + c2))
    return {"shave": shave, "psnr": 10 * np.log10(255**2 / np.mean((a - b) ** 2)), "ssim": ssim.mean()}


def sampled(values):
    """40 scattered values of a large array and its sum of squares: enough to notice any mistake."""
    flat = np.asarray(values, float).ravel()
    at = [(i * 7919 + 1234) % flat.size for i in range(40)]
    return {"length": flat.size, "at": at, "values": flat[at].tolist(), "squares": float((flat**2).sum())}


def main():
    noise = np.array(words(5, 1, 121)).reshape(11, 11) / 2**32 * 0.8 - 0.4
    shapes = [(0.6, 1.7, 2.26, 0.0), (0.35, 5.0, 0.3, 0.0), (1.8, 3.4, 0.97, noise)]
    kernels = [kernel_x2(*shape) for shape in shapes]
    grid = np.array(words(3, 0, 35)).reshape(7, 5) / 2**32
    moves = [(0.3, -0.4), (-0.96, -1.01), (2.0, 0.0), (-6.5, 3.999), (7.5, 0.2)]
    image, other = synthetic_image(1, 97, 82), synthetic_image(2, 97, 82)
    gradients = gradient_map(image)
    k4 = kernel_x4(kernels[1])
    fixture = {
        "words": words(1234567, 42, 6),
        "shift": {
            "grid": grid.ravel().tolist(),
            "moves": [
                {
                    "down": down,
                    "right": right,
                    "values": ndimage.shift(grid, (down, right), order=3, mode="constant").ravel().tolist(),
                }
                for down, right in moves
            ],
        },
        "kernels": [
            {
                "lambda1": shape[0],
                "lambda2": shape[1],
                "theta": shape[2],
                "noise": np.broadcast_to(shape[3], (11, 11)).ravel().tolist(),
                "x2": kernel.ravel().tolist(),
            }
            for shape, kernel in zip(shapes, kernels)
        ],
        "x4": k4.ravel().tolist(),
        "image": sampled(image),
        "degradedX2": sampled(degrade(image, kernels[2], 2)),
        "degradedX4": sampled(degrade(image, k4, 4)),
        "gradientMap": sampled(gradients),
        "probabilityMap64": sampled(probability_map(gradients, 64)),
        "probabilityMap30": sampled(probability_map(gradients, 30)),
        "kernelMetrics": {
            "psnr": 10 * np.log10(1 / np.mean((kernels[0] - kernels[1]) ** 2)),
            "covariance": covariance(kernels[1]).tolist(),
            "kCov": np.abs(covariance(kernels[0]) - covariance(kernels[1])).sum(),
        },
        "imageMetrics": [image_metrics(image, other, shave) for shave in (2, 4)],
    }
    with open("test/fixtures/image-maths.json", "w") as file:
        json.dump(fixture, file)


main()
