"""Whole networks: logits, loss and the gradient of every parameter."""

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
    for seed, name, layers, shape, batch in (
        (3000, "post", POST, (32, 32, 3), 8),
        (3001, "mixed", MIXED, (14, 13, 3), 5),
    ):
        case, found = network(Draw(seed), name, layers, shape, batch)
        listing.append(case)
        tensors.update(found)
    return listing, tensors


def network(draw, name, layers, shape, batch):
    x = draw.pictures(batch, *shape)
    found, parameters = {f"{name}/x": x}, {}
    for index, layer in enumerate(layers):
        kind, args = (layer, {}) if isinstance(layer, str) else next(iter(layer.items()))
        learned = {}
        if shapes := ops.parameter_shapes(kind, args, x.shape[1:]):
            for role, size in zip(("kernel", "bias"), shapes):
                learned[role] = draw.normal(*size, scale=0.2).requires_grad_()
                parameters[f"layers.{index}.{kind}.{role}"] = learned[role]
        x = ops.apply(kind, args, x, **learned)
    labels = draw.labels(batch, x.shape[1])
    losses, mean = ops.cross_entropy(x, labels)
    mean.backward()

    found |= {f"{name}/logits": x, f"{name}/losses": losses, f"{name}/loss": mean}
    for parameter, tensor in parameters.items():
        found[f"{name}/parameter/{parameter}"] = tensor
        found[f"{name}/gradient/{parameter}"] = tensor.grad
    case = {"name": name, "input": list(shape), "classes": x.shape[1], "batch": batch,
            "labels": labels, "layers": layers}
    return case, found
