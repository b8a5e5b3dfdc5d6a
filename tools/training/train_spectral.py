"""
Trains the spectral estimator's second network, which reads whole kernels and the noise's kind, on samples of
`metakernelgan train spectral-samples` that `spectral_features.py` has measured:

    python3 train_spectral.py --samples mixed --samples paper --held-out held-out --first x2/best.safetensors --out run

The first network, of `metakernelgan train spectral`, stays as it is: the second sees what it reads. The run folder holds
log.jsonl and best.safetensors, with both networks in half precision and the averages of the second one's weights.
"""

import argparse
import copy
import glob
import json
import math
import os
import time

import numpy as np
import torch
from torch.nn import functional as F

import spectral_network as network
from spectral_network import WholeKernelNetwork
from tensor_files import open_tensors, write_tensors

AVERAGING = 0.999

# How much an answer to a photo with colors counts that differs from that of the network to begin with.
KEEPING = 100
WARM_UP = 0.03
FAMILIES = ("gaussian", "uneven", "motion", "disk", "lens", "camera", "wide camera")


def main():
    options = read_options()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    random = np.random.default_rng(options.seed)
    tensors, metadata = open_tensors(options.first)
    first = {
        name: torch.from_numpy(np.array(values, np.float32))
        for name, values in tensors.items()
        if name.startswith("layer")
    }
    samples, held_out = Samples(options.samples, first), Samples([options.held_out], first)
    model = WholeKernelNetwork(options.widths)
    model.mean[:], model.deviation[:] = samples.statistics()
    if options.ignore_windows:
        model.deviation[network.WINDOWS] = math.inf
    if options.start:
        start = open_tensors(options.start)[0]
        model.unfold(start)
        if options.keep_first_layer:
            # The layers for wide blur stand on the first one.
            first.update({name: torch.from_numpy(np.array(start[name], np.float32)) for name in start if name.startswith("wide")})
    average = WholeKernelNetwork(options.widths)
    average.load_state_dict(model.state_dict())
    if options.keep_first_layer:
        model.layers[0].requires_grad_(False)
    teacher = copy.deepcopy(model) if options.keep_colors else None
    learned = [each for each in model.parameters() if each.requires_grad]
    adam = torch.optim.AdamW(learned, options.rate, weight_decay=options.decay)
    log = open(os.path.join(options.out, "log.jsonl"), "a", buffering=1)
    log.write(json.dumps({"samples": len(samples), "held_out": len(held_out)}) + "\n")
    order, losses, began = np.array([], int), [], time.time()
    for step in range(options.steps):
        if len(order) < options.batch:
            order = random.permutation(len(samples))
        chosen, order = order[: options.batch], order[options.batch :]
        for group in adam.param_groups:
            group["lr"] = rate_at(step / options.steps) * options.rate
        gray = random.random(len(chosen)) < options.gray
        symmetry = int(random.integers(4))
        loss = loss_of(model, *samples.batch(chosen, symmetry, gray), options.dropout)
        if teacher:
            colored = samples.features(chosen[~gray], symmetry)
            with torch.no_grad():
                said = teacher(colored)
            change = (model(colored) - said).square().mean(0)
            loss = loss + KEEPING * (change.mean() + change[: network.TOLD].mean())
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5)
        adam.step()
        losses.append(loss.item())
        share = min(AVERAGING, (step + 1) / (step + 11))
        with torch.no_grad():
            for mean, value in zip(average.parameters(), model.parameters()):
                mean.lerp_(value, 1 - share)
        done = step + 1
        if done % 500 == 0:
            entry = {"step": done, "loss": sum(losses) / len(losses), "seconds": time.time() - began}
            log.write(json.dumps(entry) + "\n")
            losses = []
        if done % options.validate_every == 0 or done == options.steps:
            log.write(json.dumps({"step": done, "held_out": validate(average, held_out)}) + "\n")
            save(average, first, metadata["scale"], options, done, len(samples))


def read_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", action="append", required=True, help="folder of measured samples; repeatable")
    parser.add_argument("--held-out", required=True, help="folder of measured samples of other photos")
    parser.add_argument("--first", required=True, help="weights of metakernelgan train spectral")
    parser.add_argument("--start", help="weights whose second network to begin with")
    parser.add_argument(
        "--ignore-windows",
        action="store_true",
        help="do not show the second network how many windows a photo has: it may have more than any sample",
    )
    parser.add_argument("--gray", type=float, default=0.15, help="part of the samples that are shown without their colors")
    parser.add_argument(
        "--keep-colors", action="store_true", help="answer photos with colors much as --start does"
    )
    parser.add_argument("--keep-first-layer", action="store_true", help="learn the later layers alone")
    parser.add_argument("--out", required=True, help="run folder")
    parser.add_argument("--widths", type=lambda text: [int(width) for width in text.split(",")], default=[384, 192])
    parser.add_argument("--steps", type=int, default=12000)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--decay", type=float, default=0.01, help="weight decay")
    parser.add_argument("--dropout", type=float, default=0.0, help="part of the hidden values that a step leaves out")
    parser.add_argument("--validate-every", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    with open(os.path.join(options.out, "config.json"), "w") as file:
        json.dump(vars(options), file, indent=1)
    return options


def rate_at(part):
    """Rises, then falls to zero by a cosine."""
    return min(1, part / WARM_UP) * (1 + math.cos(math.pi * max(0, (part - WARM_UP) / (1 - WARM_UP)))) / 2


class Samples:
    """Measured samples of some folders, with what the first network reads off them."""

    def __init__(self, folders, first):
        paths = [path for folder in folders for path in sorted(glob.glob(os.path.join(folder, "*.features")))]
        parts = [open_tensors(path)[0] for path in paths]
        get = lambda name: np.concatenate([part[name] for part in parts])
        self.photos = network.photo_features(get("spectra"), get("windows"), get("colors"))
        self.gray = network.gray_colors(self.photos)
        self.first = []
        for places in network.FEATURE_PLACES:
            # In parts, since all turned features at once would not fit in memory.
            rows = [
                network.first_rows(
                    first, torch.from_numpy(self.photos[i : i + 1000][:, places[: network.FIRST_FEATURES]])
                )
                for i in range(0, len(self.photos), 1000)
            ]
            self.first.append(torch.cat(rows))
        kernel = get("kernel").astype(np.float32)
        self.kernel = torch.from_numpy(np.ascontiguousarray((kernel + kernel[:, ::-1, ::-1]) / 2))
        self.asymmetric = torch.from_numpy(kernel)
        self.covariance = torch.from_numpy(covariances(kernel).astype(np.float32))
        self.facts, self.family = get("facts"), get("family")
        facts = torch.from_numpy(np.array(self.facts))
        self.noise = facts[:, [2, 4]] / 16
        self.camera = (facts[:, 0] < 0).float()
        self.quality = facts[:, 6] / 100
        self.gaussian = torch.from_numpy((self.family == 0).astype(np.float32))

    def __len__(self):
        return len(self.photos)

    def statistics(self):
        """Mean and deviation of the features."""
        rows = np.concatenate([self.photos, self.first[0].numpy()], 1)
        mean, deviation = rows.mean(0), rows.std(0)
        # The same whichever way a photo is turned.
        for values in (mean, deviation):
            photo = values[: network.PHOTO_FEATURES]
            photo[:] = np.mean([photo[places] for places in network.FEATURE_PLACES], 0)
            values[[-6, -5]] = values[[-6, -5]].mean()
        mean[-4] = 0
        return torch.from_numpy(mean), torch.from_numpy(np.maximum(deviation, 0.02))

    def features(self, chosen, symmetry, gray=False):
        photos = self.photos[chosen]
        if np.any(gray):
            photos[gray, network.FIRST_FEATURES :] = self.gray[chosen[gray]]
        turned = torch.from_numpy(photos[:, network.FEATURE_PLACES[symmetry]])
        return torch.cat([turned, self.first[symmetry][chosen]], 1)

    def batch(self, chosen, symmetry, gray):
        """The noise of a photo without colors is that of its brightness."""
        noise = self.noise[chosen]
        noise[gray, 0] = noise[gray, 1]
        truth = {
            "covariance": network.turned_covariance(self.covariance[chosen], symmetry),
            "kernel": network.turned_kernel(self.kernel[chosen], symmetry)[:, : network.SIDE // 2],
            "noise": noise,
            "camera": self.camera[chosen],
            "quality": self.quality[chosen],
            "gaussian": self.gaussian[chosen],
        }
        return self.features(chosen, symmetry, gray), self.first[symmetry][chosen], truth


def covariances(kernels):
    """xx, yy, 2·xy of kernels [N, 32, 32]."""
    y, x = np.meshgrid(network.OFFSETS, network.OFFSETS, indexing="ij")
    mean = lambda values: (kernels * values).sum((1, 2)) / kernels.sum((1, 2))
    mx, my = mean(x), mean(y)
    return np.stack([mean(x**2) - mx**2, mean(y**2) - my**2, 2 * (mean(x * y) - mx * my)], 1)


def loss_of(model, features, first, truth, dropout):
    rows = model(features, dropout)
    covariance = network.covariance_of(rows, first)
    k_cov = (covariance - truth["covariance"]).abs().sum(1)
    half = network.half_kernel(rows)
    of_kernel = (network.half_covariance(half) - truth["covariance"]).abs().sum(1)
    # Errors of wide kernels count relatively: all are off by some part of themselves.
    share = 5 / truth["covariance"][:, :2].sum(1).clamp(min=4)
    differences = 2 * (half - truth["kernel"]).abs().sum((1, 2))
    distance = (2 * (half - truth["kernel"]).square().sum((1, 2)) + 1e-9).sqrt().detach() / 0.04
    compressed = (truth["quality"] > 0).float()
    entropy = F.binary_cross_entropy_with_logits
    return (
        1.5 * (share * k_cov).mean()
        + 0.3 * (share * of_kernel).mean()
        + 2 * differences.mean()
        + (rows[:, network.NOISE : network.BRIGHTNESS_NOISE + 1] - truth["noise"]).abs().sum(1).mean()
        + (rows[:, network.ERROR] - 0.2 * k_cov.detach()).abs().mean()
        + 0.2 * (rows[:, network.DISTANCE] - distance).square().mean()
        + 0.15 * entropy(rows[:, network.CAMERA], truth["camera"])
        + 0.15 * entropy(rows[:, network.COMPRESSED], compressed)
        + 0.15 * entropy(rows[:, network.GAUSSIAN], truth["gaussian"])
        + ((rows[:, network.QUALITY] - truth["quality"]).abs() * compressed).sum() / compressed.sum().clamp(min=1)
    )


@torch.no_grad()
def read(model, samples, gray=False):
    """The networks' rows, the covariance (xx, yy, 2·xy) and the kernel, averages over the four symmetries."""
    rows = covariance = kernel = 0
    everything = np.arange(len(samples))
    for symmetry in range(4):
        said = model(samples.features(everything, symmetry, np.full(len(samples), gray)))
        own = network.covariance_of(said, samples.first[symmetry])
        rows = rows + said[:, : network.TOLD] / 4
        covariance = covariance + network.turned_covariance(own, symmetry) / 4
        turned = network.turned_kernel(network.whole_kernel(network.half_kernel(said)), symmetry)
        kernel = kernel + turned / 4
    return rows, covariance, kernel


def validate(model, samples):
    """By kind: photos, K-COV of the first network and of this one, kernel PSNR in dB, errors of the noise in 255ths."""
    rows, covariance, kernel = read(model, samples)
    first = sum(network.turned_covariance(samples.first[s][:, :3], s) for s in range(4)) / 4
    k_cov = lambda said: (said - samples.covariance).abs().sum(1)
    psnr = 10 * torch.log10(121 / (kernel - samples.asymmetric).square().sum((1, 2)))
    noise = 16 * (rows[:, [network.NOISE, network.BRIGHTNESS_NOISE]] - samples.noise).abs()
    facts = samples.facts
    plain = (facts[:, 0] <= 0.5) & (facts[:, 6] == 0) & (facts[:, 0] >= 0)
    kinds = {"gaussian, clean": (samples.family == 0) & plain, "gaussian, degraded": (samples.family == 0) & ~plain}
    kinds.update({name: samples.family == i for i, name in enumerate(FAMILIES) if i > 0})
    table = {}
    for name, kind in kinds.items():
        of = lambda values: round(float(values[kind].mean()), 3)
        table[name] = {
            "photos": int(kind.sum()),
            "k_cov_first": of(k_cov(first)),
            "k_cov": of(k_cov(covariance)),
            "expected_k_cov": of(5 * rows[:, network.ERROR]),
            "psnr": of(psnr),
            "noise": [round(float(value), 2) for value in noise[kind].mean(0)],
            "gate": of(torch.sigmoid(rows[:, network.GATE])),
        }
    right = lambda row, truth: round(float(((rows[:, row] > 0).numpy() == truth).mean()), 3)
    compressed = facts[:, 6] > 0
    table["without colors"] = without_colors(*read(model, samples, gray=True), samples, facts[:, 0] >= 0)
    table["right"] = {
        "camera": right(network.CAMERA, facts[:, 0] < 0),
        "compressed": right(network.COMPRESSED, compressed),
        "gaussian": right(network.GAUSSIAN, samples.family == 0),
        "quality off by": round(float(np.abs(100 * rows[:, network.QUALITY].numpy() - facts[:, 6])[compressed].mean()), 1),
    }
    return table


def without_colors(rows, covariance, _, samples, plain):
    """K-COV, the noise relative to the true one where white noise is more than 2/255, and how often JPEG is seen rightly."""
    noisy = plain & (samples.facts[:, 6] == 0) & (samples.facts[:, 0] > 3)
    relative = rows[noisy, network.NOISE] / samples.noise[noisy, 1]
    jpeg = (rows[:, network.COMPRESSED] > 0).numpy() == (samples.facts[:, 6] > 0)
    return {
        "k_cov": round(float((covariance - samples.covariance).abs().sum(1)[plain].mean()), 3),
        "relative noise": [round(float(value), 2) for value in torch.quantile(relative, torch.tensor([0.1, 0.5, 0.9]))],
        "compressed": round(float(jpeg.mean()), 3),
    }


def save(model, first, scale, options, step, count):
    tensors = {name: values.numpy().astype(np.float16) for name, values in {**first, **model.folded()}.items()}
    metadata = {
        "format": "spectral",
        "scale": scale,
        "features": "spectra colors first",
        "outputs": "covariance noise brightness-noise gate error distance camera compressed quality gaussian precision kernel",
        "widths": ",".join(map(str, options.widths)),
        "trained_steps": str(step),
        "training_samples": str(count),
        "batch": str(options.batch),
        "rate": str(options.rate),
        "dropout": str(options.dropout),
        "seed": str(options.seed),
        "recipe": "tools/training/train_spectral.py; PyTorch " + torch.__version__,
    }
    write_tensors(os.path.join(options.out, "best.safetensors"), tensors, metadata)


if __name__ == "__main__":
    main()
