"""Whole networks: logits, loss and the gradient of every parameter."""

import torch

import ops
from vectors import Draw

# The network of the blog post with fewer filters and units, without dropout.
POST = [
    {"conv2d": {"filters": 4, "kernel": 7, "stride": 2, "padding": "same"}},
    {"maxpool2d": {"pool": 2}},
    {"conv2d": {"filters": 8, "kernel": 3}},
    {"maxpool2d": {"pool": 2}},
    {"conv2d": {"filters": 8, "kernel": 2}},
    {"maxpool2d": {"pool": 2}},
    "flatten",
    {"dense": {"units": 16}},
    {"dense": {"units": 8}},
    {"dense": {"units": 10}},
]

# Branches: one within another, after a pool, of flat values, and one that begins at the input.
BRANCHED = [
    {"residual": {"layers": [{"conv2d": {"filters": 3, "kernel": 3, "activation": "silu"}}]}},
    {"conv2d": {"filters": 4, "kernel": 3, "activation": "elu"}},
    {"residual": {
        "layers": [
            {"conv2d": {"filters": 6, "kernel": 3, "stride": 2, "activation": "relu"}},
            {"residual": {"layers": [{"activation": "gelu"}, {"conv2d": {"filters": 6, "kernel": 3}}]}},
        ],
        "shortcut": [{"maxpool2d": {"pool": 2}}, {"conv2d": {"filters": 6, "kernel": 1}}],
    }},
    {"activation": "tanh"},
    "global_avgpool2d",
    {"residual": {"layers": [{"dense": {"units": 6, "activation": "elu"}}], "shortcut": ["flatten"]}},
    {"dense": {"units": 5}},
]

# Every other kind of layer at once.
MIXED = [
    {"conv2d": {"filters": 6, "kernel": 3, "padding": "valid", "activation": "relu"}},
    {"avgpool2d": {"pool": 3, "stride": 2}},
    {"conv2d": {"filters": 8, "kernel": [3, 2], "stride": [1, 2], "activation": "gelu"}},
    {"activation": "tanh"},
    {"maxpool2d": {"pool": 2, "stride": 1}},
    {"conv2d": {"filters": 7, "kernel": 1, "activation": "silu"}},
    "global_avgpool2d",
    {"dense": {"units": 9, "activation": "elu"}},
    {"activation": "leaky_relu"},
    {"dense": {"units": 5}},
]


def vectors():
    listing, tensors = [], {}
    for seed, name, layers, shape, batch, steps in (
        (3000, "post", POST, (32, 32, 3), 8, 0),
        (3001, "mixed", MIXED, (14, 13, 3), 5, 0),
        (3002, "branched", BRANCHED, (10, 9, 3), 6, 4),
    ):
        case, found = network(Draw(seed), name, layers, shape, batch, steps)
        listing.append(case)
        tensors.update(found)
    return listing, tensors


def network(draw, name, layers, shape, batch, steps):
    x = draw.pictures(batch, *shape)
    found, parameters = {f"{name}/x": x}, {}

    def learned(parameter, size):
        parameters[parameter] = draw.normal(*size, scale=0.2).requires_grad_()
        return parameters[parameter]

    logits = ops.stack(layers, x, learned)
    classes = logits.shape[1]
    labels = draw.labels(batch, classes)
    losses, mean = ops.cross_entropy(logits, labels)
    mean.backward()

    found |= {f"{name}/logits": logits, f"{name}/losses": losses, f"{name}/loss": mean}
    for parameter, tensor in parameters.items():
        found[f"{name}/parameter/{parameter}"] = tensor.clone()
        found[f"{name}/gradient/{parameter}"] = tensor.grad.clone()
    case = {"name": name, "input": list(shape), "classes": classes, "batch": batch,
            "labels": labels, "layers": layers}
    if steps:
        case["rate"] = RATE
        found[f"{name}/step_losses"] = descend(layers, x, labels, parameters, steps)
        for parameter, tensor in parameters.items():
            found[f"{name}/end/{parameter}"] = tensor
    return case, found


# The learning rate of the cases with steps.
RATE = 0.5


def descend(layers, x, labels, parameters, steps):
    """Takes steps of plain gradient descent, and returns the losses before each."""
    optimizer, losses = torch.optim.SGD(parameters.values(), lr=RATE), []
    for _ in range(steps):
        optimizer.zero_grad()
        _, mean = ops.cross_entropy(ops.stack(layers, x, lambda name, _: parameters[name]), labels)
        mean.backward()
        optimizer.step()
        losses.append(mean.detach())
    return torch.stack(losses)
