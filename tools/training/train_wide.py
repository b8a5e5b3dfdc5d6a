"""
Trains the spectral estimator's layers for wide blur on samples of `wide_samples.py`:

    python3 train_wide.py --samples wide --held-out held-out --start spectral-x2.safetensors --out wide.safetensors

They stand in place of the second network's last two layers where a blur is wide; all other weights stay as they are, and
are written beside them.
"""

import argparse
import copy
import glob
import os

import numpy as np
import torch
from torch import nn

import spectral_network as network
from spectral_network import linear
from tensor_files import open_tensors, write_tensors
from train_spectral import covariances, rate_at

AVERAGING = 0.999
BATCH = 64


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", action="append", required=True)
    parser.add_argument("--held-out", required=True)
    parser.add_argument("--start", required=True, help="weights of both networks")
    parser.add_argument("--out", required=True)
    parser.add_argument("--width", type=int, default=128)
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--decay", type=float, default=0.01)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    random = np.random.default_rng(options.seed)
    stored, metadata = open_tensors(options.start)
    weights = {name: torch.from_numpy(np.array(values, np.float32)) for name, values in stored.items()}
    samples, held_out = Samples(options.samples, weights), Samples([options.held_out], weights)
    print(len(samples), "samples,", len(held_out), "held out", flush=True)
    print("before", measured(*read(old_layers(weights), held_out), held_out), flush=True)
    layers = new_layers(weights, options.width)
    average = copy.deepcopy(layers)
    adam = torch.optim.AdamW(layers.parameters(), options.rate, weight_decay=options.decay)
    order = np.array([], int)
    for step in range(options.steps):
        if len(order) < BATCH:
            order = random.permutation(len(samples))
        chosen, order = order[:BATCH], order[BATCH:]
        for group in adam.param_groups:
            group["lr"] = rate_at(step / options.steps) * options.rate
        loss = loss_of(layers, samples, chosen, int(random.integers(4)))
        adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(layers.parameters(), 5)
        adam.step()
        with torch.no_grad():
            for mean, value in zip(average.parameters(), layers.parameters()):
                mean.lerp_(value, max(1 - AVERAGING, 10 / (step + 11)))
        if (step + 1) % 500 == 0 or step + 1 == options.steps:
            print(step + 1, round(loss.item(), 3), measured(*read(average, held_out), held_out), flush=True)
    kept = {name: np.array(values) for name, values in stored.items() if not name.startswith("wide")}
    for index, layer in zip((2, 3), average):
        kept[f"wide{index}.weight"] = layer.weight.data.numpy().astype(np.float16)
        kept[f"wide{index}.bias"] = layer.bias.data.numpy().astype(np.float16)
    told = {"wide_samples": str(len(samples)), "wide_steps": str(options.steps), "wide_recipe": "tools/training/train_wide.py"}
    write_tensors(options.out, kept, {**metadata, **told})


class Samples:
    """Measured samples, with what the first network and the second one's first layer make of them."""

    def __init__(self, folders, weights):
        paths = [path for folder in folders for path in sorted(glob.glob(os.path.join(folder, "*.features")))]
        parts = [open_tensors(path)[0] for path in paths]
        get = lambda name: np.concatenate([part[name] for part in parts])
        photos = network.photo_features(get("spectra"), get("windows"), get("colors"))
        self.first, self.hidden = [], []
        for places in network.FEATURE_PLACES:
            first, hidden = [], []
            for i in range(0, len(photos), 1000):
                x = torch.from_numpy(photos[i : i + 1000][:, places])
                first.append(network.first_rows(weights, x[:, : network.FIRST_FEATURES].contiguous()))
                x = torch.cat([x, first[-1]], 1)
                hidden.append(torch.relu(linear(x, weights["whole1.weight"][:, : x.shape[1]], weights["whole1.bias"])))
            self.first.append(torch.cat(first))
            self.hidden.append(torch.cat(hidden))
        kernel = np.array(get("kernel"), np.float32)
        self.true = torch.from_numpy(kernel)
        self.kernel = torch.from_numpy(np.ascontiguousarray((kernel + kernel[:, ::-1, ::-1]) / 2))
        self.covariance = torch.from_numpy(covariances(kernel).astype(np.float32))
        self.facts, self.family = get("facts"), get("family")

    def __len__(self):
        return len(self.kernel)


def new_layers(weights, width):
    """Layers that begin as the second network's, with the units of its last hidden layer that count for most."""
    old = old_layers(weights)
    size = old[1].weight.norm(dim=0) * old[0].weight.norm(dim=1)
    kept = torch.argsort(size, descending=True)[:width]
    layers = nn.ModuleList([nn.Linear(old[0].in_features, width), nn.Linear(width, old[1].out_features)])
    layers[0].weight.data, layers[0].bias.data = old[0].weight.data[kept].clone(), old[0].bias.data[kept].clone()
    layers[1].weight.data, layers[1].bias.data = old[1].weight.data[:, kept].clone(), old[1].bias.data.clone()
    return layers


def old_layers(weights):
    layers = nn.ModuleList()
    for index in (2, 3):
        weight = weights[f"whole{index}.weight"]
        layer = nn.Linear(weight.shape[1], weight.shape[0])
        layer.weight.data, layer.bias.data = weight, weights[f"whole{index}.bias"]
        layers.append(layer)
    return layers


def rows_of(layers, hidden):
    hidden = torch.relu(linear(hidden, layers[0].weight, layers[0].bias))
    return linear(hidden, layers[1].weight, layers[1].bias)


def loss_of(layers, samples, chosen, symmetry):
    rows = rows_of(layers, samples.hidden[symmetry][chosen])
    covariance = network.turned_covariance(samples.covariance[chosen], symmetry)
    k_cov = (network.covariance_of(rows, samples.first[symmetry][chosen]) - covariance).abs().sum(1)
    half = network.half_kernel(rows)
    of_kernel = (network.half_covariance(half) - covariance).abs().sum(1)
    true = network.turned_kernel(samples.kernel[chosen], symmetry)[:, : network.SIDE // 2]
    # All are off by some part of themselves.
    share = 5 / covariance[:, :2].sum(1).clamp(min=4)
    distance = (2 * (half - true).square().sum((1, 2)) + 1e-9).sqrt().detach() / 0.04
    return (
        (share * k_cov).mean()
        + 0.3 * (share * of_kernel).mean()
        + 6 * (half - true).abs().sum((1, 2)).mean()
        + (rows[:, network.ERROR] - 0.2 * k_cov.detach()).abs().mean()
        + 0.2 * (rows[:, network.DISTANCE] - distance).square().mean()
    )


@torch.no_grad()
def read(layers, samples):
    """Rows, covariance and kernel, averages over the four symmetries."""
    rows = covariance = kernel = 0
    for symmetry in range(4):
        said = rows_of(layers, samples.hidden[symmetry])
        rows = rows + said[:, : network.TOLD] / 4
        own = network.covariance_of(said, samples.first[symmetry])
        covariance = covariance + network.turned_covariance(own, symmetry) / 4
        kernel = kernel + network.turned_kernel(network.whole_kernel(network.half_kernel(said)), symmetry) / 4
    return rows, covariance, kernel


def measured(rows, covariance, kernel, samples):
    """By kind of blur and of noise: photos, K-COV said, expected and of the kernel, its PSNR in dB, distances that add up."""
    own = network.half_covariance(kernel[:, : network.SIDE // 2])
    off = lambda said: (said - samples.covariance).abs().sum(1)
    psnr = 10 * torch.log10(121 / (kernel - samples.true).square().sum((1, 2)))
    xx, yy, twice_xy = samples.covariance.T
    round_ = ((xx - yy) ** 2 + twice_xy**2).sqrt() < 0.05 * (xx + yy)
    noisy = torch.from_numpy(samples.facts[:, 2] > 0.5)
    camera = torch.from_numpy(samples.facts[:, 0] < 0)
    kinds = {"round": round_ & ~noisy, "round, noise": round_ & noisy & ~camera, "long": ~round_ & ~noisy}
    kinds.update({"long, noise": ~round_ & noisy & ~camera, "camera": camera})
    table = {}
    for name, kind in kinds.items():
        of = lambda values: round(float(values[kind].mean()), 2)
        if kind.any():
            values = (off(covariance), 5 * rows[:, network.ERROR], off(own), psnr)
            table[name] = [int(kind.sum()), *map(of, values)]
    return table


if __name__ == "__main__":
    main()
