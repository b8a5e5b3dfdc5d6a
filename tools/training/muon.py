"""Muon (Jordan et al. 2024) for convolutions, Adam for everything else."""

import math

import torch

MOMENTUM = 0.95

# Coefficients of the polynomial whose iterates bring singular values near to 1, and how many of them.
COEFFICIENTS = 3.4445, -4.7750, 2.0315
ITERATIONS = 5

# Root mean square of an update, in learning rates: about that of Adam's (Liu et al. 2025).
SIZE = 0.2

# What keeps a gradient of zeros from being divided by its length.
FAINT = 1e-12


class Muon:
    """
    An optimizer that takes the same steps in all directions of a convolution's weights, seen as a matrix of output channels times
    everything that a channel sees. It wants no more output channels than that.
    """

    def __init__(self, parameters, rate):
        parameters = list(parameters)
        self.matrices = [each for each in parameters if each.ndim == 4]
        self.momenta = [torch.zeros_like(each) for each in self.matrices]
        self.adam = torch.optim.Adam([each for each in parameters if each.ndim < 4], lr=rate, betas=(0.9, 0.99))
        self.param_groups = self.adam.param_groups

    def zero_grad(self):
        for each in self.matrices:
            each.grad = None
        self.adam.zero_grad()

    @torch.no_grad()
    def step(self):
        self.adam.step()
        rate = self.param_groups[0]["lr"]
        for matrix, momentum in zip(self.matrices, self.momenta):
            momentum.lerp_(matrix.grad, 1 - MOMENTUM)
            # Nesterov's: as if this gradient came once more.
            ahead = matrix.grad.lerp(momentum, MOMENTUM)
            update = orthogonalized(ahead.flatten(1))
            matrix.sub_(update.view_as(matrix), alpha=rate * SIZE * math.sqrt(update.shape[1]))

    def state_dict(self):
        return {"adam": self.adam.state_dict(), "momenta": self.momenta}

    def load_state_dict(self, state):
        self.adam.load_state_dict(state["adam"])
        for momentum, saved in zip(self.momenta, state["momenta"]):
            momentum.copy_(saved)


def orthogonalized(matrix):
    """A matrix of about the same singular vectors whose singular values are near to 1, by a Newton-Schulz iteration."""
    a, b, c = COEFFICIENTS
    x = matrix / (matrix.norm() + FAINT)
    for _ in range(ITERATIONS):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x
