#!/usr/bin/env python3
"""The reference implementation as a participant: runs and times the workloads that the bench asks for, one per line.

    python3 pytorch.py INPUTS.safetensors (cpu|cuda) (eager|compiled)

Each line of the input is a JSON object, each line of the output the answer to one:

    {"hello": true}                    -> {"version": ..., "threads": ..., "device": ...}
    {"prepare": WORKLOAD}              -> {"result": {name: base64 of float32}}
    {"sample": WORKLOAD, "times": N}   -> {"ms": milliseconds per run}

If a request fails, the answer is {"error": text}.
"""

from __future__ import annotations

import base64
import json
import os
import sys
import time
from pathlib import Path
from typing import Callable, Iterator

import torch
from torch import Tensor

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools" / "reference"))
from adaptation import (  # noqa: E402
    DISCRIMINATOR,
    GENERATOR,
    LR_DISCRIMINATOR,
    LR_GENERATOR,
    POWER_STATE,
    REAL,
    SUM_TO_ONE,
    State,
    read_safetensors,
)
from pytorch_networks import Networks, Step, compiled, descend, fresh, gradients_of  # noqa: E402

Result = dict[str, Tensor]
# A prepared workload: a function for the numbers to compare, and the function to time.
Workload = tuple[Callable[[], Result], Callable[[], object]]
EAGER = Networks()


class Bench:
    def __init__(self, networks: Networks, inputs: State, device: torch.device):
        self.networks = networks
        self.device = device
        self.inputs = {name: value.to(device) for name, value in inputs.items()}

    def state(self) -> State:
        names = GENERATOR + DISCRIMINATOR
        return fresh({name: self.inputs[name] for name in names + POWER_STATE}, names)

    def image(self, name: str) -> Tensor:
        return self.inputs[name][None]

    def wait(self) -> None:
        if self.device.type == "cuda":
            torch.cuda.synchronize()

    def workloads(self) -> dict[str, Callable[[], Workload]]:
        return {
            "discriminator-forward": self.discriminator_forward,
            "discriminator-gradient": self.discriminator_gradient,
            "generator-gradient": self.generator_gradient,
            "adaptation-step": lambda: self.adaptation("layers", merged=False),
            "adaptation-step-collapsed": lambda: self.adaptation("collapsed", merged=True),
            "adaptation-step-layers": lambda: self.adaptation("layers", merged=True),
            "meta-step": lambda: self.meta_step("layers", merged=False),
            "meta-step-collapsed": lambda: self.meta_step("collapsed", merged=True),
            "res-unet-128": lambda: self.res_unet(128),
            "res-unet-256": lambda: self.res_unet(256),
        }

    def discriminator_forward(self) -> Workload:
        state, x = self.state(), self.image("quarter")

        @torch.no_grad()
        def run() -> Result:
            return {"map": self.networks.discriminate(state, x, merged=True)}

        return run, run

    def discriminator_gradient(self) -> Workload:
        state, x = self.state(), self.image("quarter")
        discriminate = self.networks.discriminate
        return self.gradient(state, DISCRIMINATOR, lambda: (discriminate(state, x, merged=True) - 1).abs().mean())

    def generator_gradient(self) -> Workload:
        state, x, target = self.state(), self.image("patch"), self.image("target")
        generate_layers = self.networks.generate_layers
        return self.gradient(state, GENERATOR, lambda: (generate_layers(state, x) - target).abs().sum())

    def gradient(self, state: State, names: list[str], loss: Callable[[], Tensor]) -> Workload:
        def run() -> Result:
            value = loss()
            return {"loss": value, **gradients_of(value, state, names)}

        return run, run

    def adaptation(self, path: str, merged: bool) -> Workload:
        patch, timed = self.image("patch"), Step(self.networks, self.inputs, path, merged)

        def result() -> Result:
            checked = Step(self.networks, self.inputs, path, merged)
            first = checked(patch)
            weights = {name: checked.state[name].detach().clone() for name in GENERATOR + DISCRIMINATOR}
            return {"losses": torch.stack([first, checked(patch)]), **weights}

        return result, lambda: timed(patch)

    def meta_step(self, path: str, merged: bool) -> Workload:
        start = self.state()
        optimizers = [torch.optim.Adam([start[name] for name in names], 1e-4) for names in (GENERATOR, DISCRIMINATOR)]

        def run() -> None:
            for name, gradient in self.outer_gradient(start, [5, 10, 15, 20, 25], path, merged).items():
                start[name].grad = gradient
            for optimizer in optimizers:
                optimizer.step()

        return lambda: self.outer_gradient(self.state(), [1], path, merged), run

    def outer_gradient(self, start: State, evaluations: list[int], path: str, merged: bool) -> Result:
        """The mean of the gradients of the meta-losses at the adapted weights, evaluated after some inner steps."""
        state = fresh(start, GENERATOR + DISCRIMINATOR)
        outer = {name: torch.zeros_like(start[name]) for name in GENERATOR + DISCRIMINATOR}
        parent, child = self.image("parent"), self.image("child")
        generate, discriminate = self.networks.generate, self.networks.discriminate
        windows, checks = self.windows("windows"), self.windows("evaluation_windows")

        def generator_loss(top: int, left: int) -> tuple[Tensor, Tensor]:
            fake, kernel = generate(state, parent, path)
            adversarial = (discriminate(state, window(fake, top, left), merged) - 1).abs().mean()
            return adversarial + SUM_TO_ONE * (1 - kernel.sum()).abs(), kernel

        def discriminator_loss(real: Tensor, top: int, left: int) -> Tensor:
            with torch.no_grad():
                fake = window(generate(state, parent, path)[0], top, left)
            on_real, on_fake = discriminate(state, real, merged), discriminate(state, fake, merged)
            return 0.5 * (on_real - 1).abs().mean() + 0.5 * on_fake.abs().mean()

        for step in range(1, evaluations[-1] + 1):
            top, left = next(windows)
            descend(state, GENERATOR, generator_loss(top, left)[0], LR_GENERATOR)
            real = window(parent, 2 * top, 2 * left)
            descend(state, DISCRIMINATOR, discriminator_loss(real, top, left), LR_DISCRIMINATOR)
            if step not in evaluations:
                continue
            top, left = next(checks)
            loss, kernel = generator_loss(top, left)
            loss = loss + (kernel - self.inputs["kernel"]).abs().sum()
            found = gradients_of(loss, state, GENERATOR)
            found |= gradients_of(discriminator_loss(window(child, top, left), top, left), state, DISCRIMINATOR)
            for name, gradient in found.items():
                outer[name] += gradient / len(evaluations)
        return outer

    def res_unet(self, side: int) -> Workload:
        def by_pixels(tensor: Tensor) -> Tensor:
            return tensor.to(memory_format=torch.channels_last)

        weights = {name: by_pixels(self.inputs[name]) for name in self.inputs if name.startswith("p.")}
        x = by_pixels(self.image(f"image{side}"))

        @torch.no_grad()
        def run() -> Result:
            return {"image": self.networks.res_unet(weights, x)}

        return run, run

    def windows(self, name: str) -> Iterator[list[int]]:
        return iter(self.inputs[name].int().tolist())


def window(image: Tensor, top: int, left: int) -> Tensor:
    return image[:, :, top : top + REAL, left : left + REAL]


def encode(tensor: Tensor) -> str:
    return base64.b64encode(tensor.detach().cpu().float().contiguous().numpy().tobytes()).decode()


def answer(bench: Bench, workloads: dict[str, Workload], request: dict) -> dict:
    if "hello" in request:
        name = torch.cuda.get_device_name() if bench.device.type == "cuda" else "CPU"
        return {"version": torch.__version__, "threads": torch.get_num_threads(), "device": name}
    if "prepare" in request:
        name = request["prepare"]
        result, run = workloads[name] = bench.workloads()[name]()
        encoded = {key: encode(value) for key, value in result().items()}
        if bench.networks != EAGER:
            for _ in range(2):  # The first runs compile.
                run()
        return {"result": encoded}
    run = workloads[request["sample"]][1]
    bench.wait()
    begin = time.perf_counter()
    for _ in range(request["times"]):
        run()
    bench.wait()
    return {"ms": 1e3 * (time.perf_counter() - begin) / request["times"]}


def main() -> None:
    path, device, mode = sys.argv[1:]
    if device == "cuda" and not torch.cuda.is_available():
        sys.exit("this PyTorch finds no CUDA device")
    if device == "cuda":
        # The reference creates tensors of its own. TF32 is off, since results must be those of float32.
        if hasattr(torch, "set_default_device"):
            torch.set_default_device("cuda")
        else:
            torch.set_default_tensor_type("torch.cuda.FloatTensor")
        torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = False
    torch.set_num_threads(os.cpu_count() or 1)
    networks = compiled() if mode == "compiled" else EAGER
    bench, workloads = Bench(networks, read_safetensors(Path(path)), torch.device(device)), {}
    for line in sys.stdin:
        try:
            reply = answer(bench, workloads, json.loads(line))
        except Exception as error:  # The bench prints it instead of a time.
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main()
