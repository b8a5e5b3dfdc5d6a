"""
Trains the upscaler's network on samples of `metakernelgan train upscaler-samples`:

    python3 train_upscaler.py --samples pool/x2 --held-out pool/x2-held-out --out run --steps 20000
    python3 train_upscaler.py --out run --resume

Ctrl-C and SIGTERM write a checkpoint before they stop. The run folder holds config.json, log.jsonl, checkpoint.pt and
best.safetensors, the averaged weights that were best on the held-out photos. A resumed run gives the same numbers as an unbroken
one, bit for bit, on the same machine with the same number of threads, if the samples were complete when it began. New samples are
looked for every RESCAN steps. On a busy machine give --threads 1: two threads that wait for each other are far slower than one.
"""

import argparse
import json
import math
import os
import signal
import sys
import time

import numpy as np
import torch
from torch.nn import functional as F

from muon import Muon
from samples import CAMERA, SamplePool
from tensor_files import open_tensors, write_tensors
from upscaler_network import UpscalerNetwork

RESCAN = 250
BORDER = 8

# Small pixels at a patch's rim, where the data step does not know what the blur mixes in; they are not learned from.
RIM = 6
LUMA = (0.257, 0.504, 0.098)
FAINT = 1e-4
AVERAGING = 0.999


def main():
    options = read_options()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    pool = SamplePool(options.samples, options.photos)
    held_out = SamplePool(options.held_out)
    if max(options.patch, options.late_patch) > (pool.side or 0):
        sys.exit(f"{options.samples} has small images of {pool.side} pixels: give --patch and --late-patch of at most that.")
    run = Run(options, pool)
    if options.resume:
        run.load()
    log = open(os.path.join(options.out, "log.jsonl"), "a", buffering=1)
    stopping = []
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopping.append(True))
    losses, began = [], time.time()
    while run.step < options.steps:
        losses.append(run.train_step())
        if run.step % 100 == 0:
            log.write(json.dumps(run.progress(losses, began)) + "\n")
            losses, began = [], time.time()
        if run.step % options.validate_every == 0 or run.step == options.steps:
            scores = validate(run.average, held_out, options.device)
            log.write(json.dumps({"step": run.step, "held_out": scores}) + "\n")
            run.keep_best(scores)
            run.save()
            began = time.time()
        if stopping:
            run.save()
            break


def whole_numbers(text):
    return tuple(map(int, text.split(",")))


def read_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", help="folder of samples to learn from")
    parser.add_argument("--held-out", help="folder of samples to measure on")
    parser.add_argument("--out", required=True, help="run folder")
    parser.add_argument("--resume", action="store_true", help="continue the run in the run folder, with its options")
    parser.add_argument("--channels", type=int, default=32)
    parser.add_argument("--blocks", type=whole_numbers, default=(3, 4), help="residual blocks of each stage")
    parser.add_argument("--steps", type=int, help="20000 by default; with --resume, a new plan for the rate's fall")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--patch", type=int, default=64, help="side in pixels of the small image")
    parser.add_argument("--late-patch", type=int, default=96, help="the same for the last fifth of the steps")
    parser.add_argument("--rate", type=float, default=1e-3, help="learning rate; falls to zero by a cosine")
    parser.add_argument("--warm-up", type=int, default=200, help="steps during which the rate rises to its full value")
    parser.add_argument("--validate-every", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, help="2 by default")
    parser.add_argument("--photos", choices=("camera", "other"), help="learn to upscale these photos alone; all by default")
    parser.add_argument("--bfloat16", action="store_true", help="convolutions in bfloat16, nearly twice as fast where it is built in")
    parser.add_argument("--loss", default="log", choices=("log", "l1"))
    parser.add_argument("--device", help="where PyTorch computes, such as cuda; cpu by default")
    parser.add_argument("--start", help="safetensors file of initial weights, also those of a network with fewer blocks")
    options = parser.parse_args()
    path = os.path.join(options.out, "config.json")
    if options.resume:
        with open(path) as file:
            config = json.load(file)
        given = {name: getattr(options, name) for name in ("steps", "threads", "device") if getattr(options, name)}
        return argparse.Namespace(**{**config, **given, "resume": True, "out": options.out})
    options.steps = options.steps or 20000
    options.threads = options.threads or 2
    options.device = options.device or "cpu"
    if not options.samples or not options.held_out:
        parser.error("give --samples and --held-out, or --resume")
    os.makedirs(options.out, exist_ok=True)
    if os.path.exists(path):
        parser.error(f"{options.out} holds a run already: give --resume, or another folder")
    with open(path, "w") as file:
        json.dump({**vars(options), "command": " ".join(sys.argv)}, file, indent=1)
    return options


class Run:
    """A training and everything that its next step depends on."""

    def __init__(self, options, pool):
        self.options, self.pool = options, pool
        self.step, self.best = 0, -math.inf
        self.network = UpscalerNetwork(pool.scale, options.channels, options.blocks)
        self.average = UpscalerNetwork(pool.scale, options.channels, options.blocks)
        if options.start:
            load_weights(self.network, options.start)
        self.average.load_state_dict(self.network.state_dict())
        self.average.to(options.device)
        # A tenth faster than planar images.
        self.network.to(options.device, memory_format=torch.channels_last)
        self.optimizer = Muon(self.network.parameters(), options.rate)
        self.random = np.random.default_rng(options.seed)

    def train_step(self):
        options = self.options
        if self.step % RESCAN == 0:
            self.pool.rescan()
        late = self.step >= 0.8 * options.steps
        size = options.late_patch if late else options.patch
        batch = self.pool.draw_batch(self.random, options.batch, size)
        *known, sharp = (torch.from_numpy(array).to(options.device) for array in batch)
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate()
        rim = RIM * self.pool.scale
        with torch.autocast(options.device, torch.bfloat16, options.bfloat16):
            picture = self.network(*known, unknown=RIM)
        error = (picture.float() - sharp)[..., rim:-rim, rim:-rim]
        loss = logarithmic_loss(error) if options.loss == "log" else error.abs().mean()
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 0.2)
        self.optimizer.step()
        self.step += 1
        share = min(AVERAGING, self.step / (self.step + 10))
        with torch.no_grad():
            for mean, value in zip(self.average.parameters(), self.network.parameters()):
                mean.lerp_(value, 1 - share)
        return loss.item()

    def rate(self):
        options = self.options
        warmth = min(1, (self.step + 1) / options.warm_up)
        return options.rate * warmth * (1 + math.cos(math.pi * self.step / options.steps)) / 2

    def progress(self, losses, began):
        return {
            "step": self.step,
            "loss": sum(losses) / len(losses),
            "rate": self.rate(),
            "samples": len(self.pool),
            "seconds_per_step": (time.time() - began) / len(losses),
        }

    def keep_best(self, scores):
        score = scores[self.options.photos or "all"]["psnr"]
        if score > self.best:
            self.best = score
            save_weights(os.path.join(self.options.out, "best.safetensors"), self)
        save_weights(os.path.join(self.options.out, "last.safetensors"), self)

    def save(self):
        path = os.path.join(self.options.out, "checkpoint.pt")
        state = {
            "step": self.step,
            "best": self.best,
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "random": self.random.bit_generator.state,
            "shards": len(self.pool.shards),
        }
        torch.save(state, f"{path}.tmp")
        os.replace(f"{path}.tmp", path)

    def load(self):
        state = torch.load(os.path.join(self.options.out, "checkpoint.pt"), map_location=self.options.device)
        self.step, self.best = state["step"], state["best"]
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.random.bit_generator.state = state["random"]
        del self.pool.shards[state["shards"] :]


def logarithmic_loss(error):
    """
    Mean logarithm of the pictures' square error, as PSNR has it: pictures that can be made sharp count as much as noisy ones.
    Luma counts more than color; FAINT is the error below which nothing is to be gained.
    """
    luma = (error * error.new_tensor(LUMA).view(1, 3, 1, 1)).sum(1).square().mean((1, 2))
    return torch.log(luma + 0.3 * error.square().mean((1, 2, 3)) + FAINT).mean() / 20


def save_weights(path, run):
    """Saves the averaged weights as float16, with the options of their training."""
    config = vars(run.options)
    told = ("channels", "steps", "batch", "patch", "late_patch", "rate", "seed")
    metadata = {name: str(config[name]) for name in told}
    metadata.update(
        format="guided-upscaler",
        scale=str(run.pool.scale),
        blocks=",".join(map(str, config["blocks"])),
        photos=config["photos"] or "all",
        trained_steps=str(run.step),
        training_samples=str(len(run.pool)),
        recipe="tools/training/train_upscaler.py on samples of metakernelgan train upscaler-samples; PyTorch " + torch.__version__,
    )
    state = run.average.state_dict()
    write_tensors(path, {name: value.cpu().numpy().astype(np.float16) for name, value in state.items()}, metadata)


def load_weights(network, path):
    """
    Loads a file's weights. If the network has further blocks after those in the file, they begin so that they add nothing,
    and their stages' data steps as untrained ones do.
    """
    tensors, metadata = open_tensors(path)
    saved = tuple(map(int, metadata["blocks"].split(",")))
    if saved != network.blocks[: len(saved)]:
        sys.exit(f"{path} has blocks {metadata['blocks']}, with which a network of {network.blocks} does not begin.")
    films = [3 * network.channels * sum(blocks) for blocks in (saved, network.blocks)]
    state = network.state_dict()
    for name, value in state.items():
        if name.startswith("conditions_out."):
            rest = torch.from_numpy(tensors[name][films[0] :].copy())
            value[: films[0]] = torch.from_numpy(tensors[name][: films[0]].copy())
            value[films[0] :] = 0
            value[films[1] : films[1] + len(rest)] = rest
        elif name == "conditions_in.weight":
            # Conditions that the file's network was not told count for nothing at first.
            known = torch.from_numpy(tensors[name].copy())
            value.zero_()
            value[:, : known.shape[1]] = known
        elif name in tensors:
            value.copy_(torch.from_numpy(tensors[name].copy()))
        elif name.startswith(("second.", "tail.")):
            value.zero_()
    network.load_state_dict(state)


@torch.no_grad()
def validate(network, pool, device):
    """Y-PSNR of whole pictures beside that of their bicubic enlargement, borders left out; means by kind."""
    rows = {}
    for kind, given, *arrays in pool:
        *known, sharp = (torch.from_numpy(array)[None].to(device) for array in arrays)
        bicubic = F.interpolate(known[0], scale_factor=pool.scale, mode="bicubic", align_corners=False)
        pair = psnr(network(*known, unknown=RIM), sharp), psnr(bicubic, sharp)
        photos = "camera" if known[2][0, CAMERA] > 0.5 else "other"
        for name in ("all", photos, f"{kind}, {'true' if given else 'estimated'} kernel"):
            rows.setdefault(name, []).append(pair)
    return {
        name: {
            "psnr": round(sum(a for a, _ in pairs) / len(pairs), 3),
            "bicubic": round(sum(b for _, b in pairs) / len(pairs), 3),
            "below_bicubic": sum(a < b for a, b in pairs),
            "images": len(pairs),
        }
        for name, pairs in sorted(rows.items())
    }


def psnr(picture, sharp):
    weights = picture.new_tensor([65.481, 128.553, 24.966]).view(1, 3, 1, 1) / 255
    bytes_of = lambda image: (255 * image.clamp(0, 1)).round()
    difference = ((bytes_of(picture) - bytes_of(sharp)) * weights).sum(1)[:, BORDER:-BORDER, BORDER:-BORDER]
    return 10 * math.log10(255**2 / max(difference.square().mean().item(), 1e-10))


if __name__ == "__main__":
    main()
