"""Optimizers: the parameters after each of 20 steps on recorded gradients."""

import torch

from vectors import Draw

STEPS = 20
SHAPES = {"kernel": (3, 2), "bias": (5,)}

CLASSES = {"sgd": torch.optim.SGD, "rmsprop": torch.optim.RMSprop, "adam": torch.optim.Adam, "adamw": torch.optim.AdamW}

# (name, kind, arguments as in an experiment file, factor on the rate each step)
CASES = [
    ("sgd", "sgd", {"learning_rate": 0.1}, 1),
    ("sgd-weight-decay", "sgd", {"learning_rate": 0.1, "weight_decay": 0.1}, 1),
    ("sgd-momentum", "sgd", {"learning_rate": 0.1, "momentum": 0.9}, 1),
    ("sgd-nesterov", "sgd", {"learning_rate": 0.1, "momentum": 0.9, "nesterov": True}, 1),
    ("sgd-everything", "sgd", {"learning_rate": 0.1, "momentum": 0.8, "nesterov": True, "weight_decay": 0.05}, 0.9),
    ("rmsprop", "rmsprop", {}, 1),
    ("rmsprop-momentum", "rmsprop", {"learning_rate": 0.003, "momentum": 0.9}, 1),
    ("rmsprop-weight-decay", "rmsprop", {"weight_decay": 0.1}, 1),
    ("rmsprop-everything", "rmsprop",
     {"learning_rate": 0.02, "alpha": 0.9, "eps": 1e-4, "momentum": 0.5, "weight_decay": 0.05}, 0.9),
    ("adam", "adam", {}, 1),
    ("adam-weight-decay", "adam", {"learning_rate": 0.01, "weight_decay": 0.1}, 1),
    ("adam-everything", "adam",
     {"learning_rate": 0.02, "beta1": 0.8, "beta2": 0.95, "eps": 1e-3, "weight_decay": 0.05}, 0.9),
    ("adamw", "adamw", {}, 1),
    ("adamw-everything", "adamw",
     {"learning_rate": 0.02, "beta1": 0.8, "beta2": 0.95, "eps": 1e-3, "weight_decay": 0.5}, 0.9),
]


def vectors():
    draw = Draw(4000)
    start = {name: draw.normal(*shape) for name, shape in SHAPES.items()}
    gradients = {name: draw.normal(STEPS, *shape) for name, shape in SHAPES.items()}
    gradients["kernel"][:, 0, 0] = 0  # a weight that nothing reaches
    gradients["bias"][3:, 1] = 0  # one that is reached at first only
    gradients["bias"][:, 2] *= 2.0**-16  # a gradient near Adam's eps

    tensors = {f"start/{name}": value for name, value in start.items()}
    tensors |= {f"gradient/{name}": value for name, value in gradients.items()}
    listing = []
    for name, kind, args, factor in CASES:
        rates, found = trajectory(start, gradients, kind, args, factor)
        listing.append({"name": name, "optimizer": {kind: args}, "rates": rates})
        tensors |= {f"{name}/{parameter}": value for parameter, value in found.items()}
    return listing, tensors


def trajectory(start, gradients, kind, args, factor):
    """The rate of each step, and (STEPS, *shape) of each parameter after it."""
    parameters = {name: torch.nn.Parameter(value.clone()) for name, value in start.items()}
    options = dict(args)  # in PyTorch's words
    if "learning_rate" in options:
        options["lr"] = options.pop("learning_rate")
    if "beta1" in options:
        options["betas"] = (options.pop("beta1"), options.pop("beta2"))
    optimizer = CLASSES[kind](parameters.values(), **options)
    group = optimizer.param_groups[0]
    base = group["lr"]

    rates, found = [], {name: [] for name in parameters}
    for step in range(STEPS):
        group["lr"] = base * factor**step
        rates.append(group["lr"])
        for name, parameter in parameters.items():
            parameter.grad = gradients[name][step].clone()
        optimizer.step()
        for name, parameter in parameters.items():
            found[name].append(parameter.detach().clone())
    return rates, {name: torch.stack(values) for name, values in found.items()}
