#!/usr/bin/env python3
"""Compares adaptation.py with recorded traces of the authors' implementation.

    python3 check_traces.py --reference DIR [--path layers|collapsed] [--steps 5]

DIR holds manifest.json, its groups and metakernelgan.safetensors.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch
from adaptation import DISCRIMINATOR, GENERATOR, POWER_STATE, Adaptation, State, Step, cut, read_safetensors

DTYPES = {"F32": "<f4", "F64": "<f8", "I32": "<i4", "U8": "u1"}

# A constant before a batch normalization has no effect. Layers 0 and 1 are one linear map.
ZERO_GRADIENT = [f"discriminator.conv.{n}.bias" for n in range(6)]


def read_group(directory: Path, group: str) -> State:
    """The tensors of one group of the manifest."""
    entry = json.loads((directory / "manifest.json").read_text())["groups"][group]
    data = (directory / entry["file"]).read_bytes()
    tensors = {}
    for name, t in entry["tensors"].items():
        array = np.frombuffer(data[t["offset"] : t["offset"] + t["nbytes"]], DTYPES[t["dtype"]])
        tensors[name] = torch.from_numpy(array.reshape(t["shape"]).copy())
    return tensors


class Report:
    """Prints one line per comparison and counts failures."""

    def __init__(self):
        self.failed = 0

    def check(self, what: str, error: float, limit: float) -> None:
        self.failed += not error <= limit
        print(f"{'ok  ' if error <= limit else 'FAIL'} {what:<70} {error:9.2e}  limit {limit:.0e}")


def distance(a: torch.Tensor, b: torch.Tensor) -> float:
    """Largest absolute difference."""
    return (a.double() - b.double()).abs().max().item()


def relative(a: torch.Tensor, b: torch.Tensor) -> float:
    """Norm of the difference divided by the norm."""
    return ((a - b).norm() / b.norm()).item()


def check_gradients(report: Report, label: str, step: Step, truth: State, prefix: str, names: list[str]) -> None:
    for name in names:
        gradient, expected = step.gradients[name], truth[f"{prefix}/grad/{name}"]
        if name in ZERO_GRADIENT:
            error = max(gradient.abs().max().item(), expected.abs().max().item())
            report.check(f"{label}: gradient {name} is zero", error, 1e-12)
        else:
            report.check(f"{label}: gradient {name}, relative", relative(gradient, expected), 1e-11)


def losses_of(step: Step) -> torch.Tensor:
    return torch.tensor([step.adversarial, step.generator, step.discriminator], dtype=torch.float64)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reference", type=Path, required=True)
    parser.add_argument("--path", choices=("layers", "collapsed"), default="layers")
    parser.add_argument("--steps", type=int, default=5, help="steps to compare, at most 25: later ones differ by rounding")
    arguments = parser.parse_args()
    torch.set_num_threads(1)

    weights = read_safetensors(arguments.reference / "metakernelgan.safetensors")
    source = read_group(arguments.reference, "adapt_input")
    trace = read_group(arguments.reference, "adapt_trace_f64")
    every = read_group(arguments.reference, "adapt_trace_steps_collapsed")
    image = source["lr"].double()
    coords = source["coords"].tolist()
    report = Report()

    # Without noise.
    adaptation = Adaptation(weights, torch.float64, arguments.path)
    report.check("initial kernel", distance(adaptation.kernel(), every["kernels_f64"][0]), 1e-14)
    for n in range(arguments.steps):
        step = adaptation.step(cut(image, *coords[n]))
        if n == 0:
            check_gradients(report, "step 1", step, trace, "step1", GENERATOR + DISCRIMINATOR)
            names = GENERATOR + DISCRIMINATOR
            error = max(distance(adaptation.state[name], trace[f"step1/param/{name}"]) for name in names)
            report.check("step 1: parameters after it", error, 1e-13)
            error = max(distance(adaptation.state[name], trace[f"step1/buffer/{name}"]) for name in POWER_STATE)
            report.check("step 1: u and v after it", error, 1e-13)
        limit = 1e-13 if n < 5 else 1e-12 if n < 20 else 1e-11  # rounding errors grow from step to step
        report.check(f"step {n + 1}: losses", distance(losses_of(step), trace["losses"][n]), 10 * limit)
        report.check(f"step {n + 1}: kernel", distance(step.kernel, every["kernels_f64"][n + 1]), limit)
        if f"kernel/{n + 1}" in trace:
            report.check(f"step {n + 1}: kernel, other file", distance(step.kernel, trace[f"kernel/{n + 1}"]), limit)

    # With recorded noise.
    truth = read_group(arguments.reference, "adapt_noise_trace_f64")
    adaptation = Adaptation(weights, torch.float64, arguments.path)
    for n in range(5):
        noise = torch.cat([truth[f"noise/{n + 1}/real"], truth[f"noise/{n + 1}/fake"]]).double()
        step = adaptation.step(cut(image, *coords[n]), noise)
        report.check(f"noise, step {n + 1}: losses", distance(losses_of(step), truth["losses"][n]), 1e-12)
        report.check(f"noise, step {n + 1}: kernel", distance(step.kernel, truth[f"kernel/{n + 1}"]), 1e-13)
        if n in (0, 4):
            check_gradients(report, f"noise, step {n + 1}", step, truth, f"step{n + 1}", DISCRIMINATOR)

    # The generator's rate drops just before step index 50, and the recorded kernel moves ten times less from there.
    moves = (every["kernels_f64"][1:] - every["kernels_f64"][:-1]).flatten(1).norm(dim=1)
    report.check("drop of the rate: kernel's move 50 over move 49", (moves[50] / moves[49]).item(), 0.2)
    report.check("drop of the rate: kernel's move 48 over move 49", (moves[48] / moves[49]).item(), 2)

    # The order of the two discriminator calls matters: with the fake first, gradients must fit worse.
    other = Adaptation(weights, torch.float64, arguments.path, real_first=False)
    step = other.step(cut(image, *coords[0]))
    name = "discriminator.conv.0.weight_orig"
    error = relative(step.gradients[name], trace[f"step1/grad/{name}"])
    print(f"     with the fake first, the gradient of {name} would be off by {error:.1e}")

    print("all passed" if not report.failed else f"{report.failed} FAILED")
    sys.exit(1 if report.failed else 0)


if __name__ == "__main__":
    main()
