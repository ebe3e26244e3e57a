"""Single layers: outputs and all gradients, and the loss."""

import torch

import ops
from vectors import Draw, exact

# (kind, arguments as in an experiment file, input shape, batch)
CASES = [
    # Every activation, with kernels and strides that differ between the sides.
    ("conv2d", {"filters": 4, "kernel": [3, 2], "stride": [1, 2], "padding": "same"}, (6, 5, 3), 3),
    ("conv2d", {"filters": 4, "kernel": [2, 3], "stride": 2, "activation": "relu"}, (7, 6, 3), 3),
    ("conv2d", {"filters": 5, "kernel": [3, 1], "padding": "valid", "activation": "leaky_relu"}, (5, 6, 2), 3),
    ("conv2d", {"filters": 3, "kernel": [1, 4], "stride": [3, 1], "activation": "elu"}, (8, 5, 2), 3),
    ("conv2d", {"filters": 5, "kernel": [3, 2], "stride": 2, "padding": "same", "activation": "gelu"}, (9, 4, 3), 3),
    ("conv2d", {"filters": 4, "kernel": 3, "stride": [2, 3], "padding": "valid", "activation": "silu"}, (8, 7, 3), 3),
    ("conv2d", {"filters": 3, "kernel": 5, "activation": "tanh"}, (4, 6, 2), 3),
    ("conv2d", {"filters": 4, "kernel": [4, 2], "padding": "valid", "activation": "sigmoid"}, (4, 5, 3), 3),
    # Corners: one pixel, one channel, a kernel larger than its input, a stride
    # larger than its kernel, channels that fill no tile evenly, the post's first.
    ("conv2d", {"filters": 1, "kernel": 1, "padding": "valid"}, (1, 1, 1), 1),
    ("conv2d", {"filters": 2, "kernel": 7, "stride": 1, "padding": "same"}, (3, 2, 2), 2),
    ("conv2d", {"filters": 2, "kernel": 1, "stride": 3, "padding": "same"}, (7, 8, 2), 2),
    ("conv2d", {"filters": 2, "kernel": 2, "stride": 3, "padding": "valid"}, (8, 10, 2), 2),
    ("conv2d", {"filters": 37, "kernel": 3, "padding": "same", "activation": "relu"}, (5, 3, 17), 2),
    ("conv2d", {"filters": 33, "kernel": 1, "padding": "same"}, (4, 3, 19), 5),
    ("conv2d", {"filters": 4, "kernel": 7, "stride": 2, "padding": "same"}, (32, 32, 3), 1),
    ("conv2d", {"filters": 3, "kernel": 2, "padding": "same"}, (4, 4, 3), 1),
    # Pools: same and valid, windows that overlap, that leave gaps, that are large.
    *((kind, args, shape, 2)
      for kind in ("maxpool2d", "avgpool2d")
      for args, shape in (
          ({"pool": 2}, (8, 6, 3)),
          ({"pool": 2, "padding": "valid"}, (7, 5, 3)),
          ({"pool": 2}, (7, 5, 3)),
          ({"pool": 2, "stride": 1, "padding": "same"}, (4, 4, 2)),
          ({"pool": 3, "stride": 2, "padding": "same"}, (9, 8, 2)),
          ({"pool": [3, 2], "stride": [1, 2], "padding": "valid"}, (5, 7, 3)),
          ({"pool": [2, 5], "stride": [3, 1]}, (8, 6, 1)),
          ({"pool": 7, "stride": 3}, (4, 5, 2)),
          ({"pool": 1}, (3, 3, 2)),
      )),
    ("global_avgpool2d", {}, (5, 4, 3), 3),
    ("global_avgpool2d", {}, (1, 1, 2), 2),
    ("flatten", {}, (2, 3, 4), 3),
    *(("dense", {"units": 6, "activation": name}, (7,), 4) for name in ops.ACTIVATIONS),
    ("dense", {"units": 1}, (1,), 1),
    ("dense", {"units": 10}, (37,), 3),
    ("dense", {"units": 35}, (20,), 17),
    *(("activation", name, (40,), 2) for name in ops.ACTIVATIONS if name != "linear"),
    # Both paths, one of them, and one in another; an activation in place of what the other path reads.
    ("residual", {"layers": [{"conv2d": {"filters": 3, "kernel": 3, "activation": "relu"}},
                             {"conv2d": {"filters": 3, "kernel": [2, 3]}}]}, (5, 4, 3), 3),
    ("residual", {"layers": [{"conv2d": {"filters": 4, "kernel": 3, "stride": 2, "activation": "silu"}},
                             {"conv2d": {"filters": 4, "kernel": 3}}],
                  "shortcut": [{"conv2d": {"filters": 4, "kernel": 1, "stride": 2}}]}, (7, 6, 3), 3),
    ("residual", {"layers": [{"activation": "gelu"}], "shortcut": [{"activation": "tanh"}]}, (9,), 4),
    ("residual", {"layers": [{"residual": {"layers": [{"activation": "tanh"}]}},
                             {"residual": {"layers": [{"dense": {"units": 5, "activation": "elu"}}],
                                           "shortcut": [{"dense": {"units": 5}}]}}],
                  "shortcut": [{"dense": {"units": 5}}]}, (6,), 4),
]

# The ends of an activation's range, where a naive formula overflows or cancels.
EXTREMES = [0.0, 1e-4, -1e-4, 0.5, -0.5, 3, -3, 6, -6, 10, -10, 20, -20, 50, -50, 88, -88, 1e3, -1e3, 1e4]


def vectors():
    listing, tensors = [], {}
    for index, (kind, args, shape, batch) in enumerate(CASES):
        name = f"{kind}-{index:02d}"
        case, found = layer(name, Draw(1000 + index), kind, args, shape, batch)
        listing.append(case)
        tensors.update(found)
    for name, n, classes, rows, make in LOSSES:
        case, found = loss(name, n, classes, rows, make)
        listing.append(case)
        tensors.update(found)
    return listing, tensors


def layer(name, draw, kind, args, shape, batch):
    x = draw.normal(batch, *shape)
    if kind == "activation":
        x.view(-1)[: len(EXTREMES)] = exact(EXTREMES)
    inputs = {"x": x.requires_grad_()}

    def learned(role, size):
        inputs[role] = draw.normal(*size, scale=0.5).requires_grad_()
        return inputs[role]

    y = ops.apply(kind, args, x, learned)
    dy = draw.normal(*y.shape)
    y.backward(dy)

    found = {f"{name}/y": y, f"{name}/dy": dy}
    for role, tensor in inputs.items():
        found[f"{name}/{role}"] = tensor
        found[f"{name}/d{role}"] = tensor.grad
    case = {"name": name, "kind": kind, "args": args, "batch": batch,
            "input": list(shape), "output": list(y.shape[1:])}
    return case, found


def ordinary(draw, rows, classes):
    return draw.normal(rows, classes, scale=2)


def huge(draw, rows, classes):
    """Logits of +-1e4: exp of them overflows even float64."""
    return exact(draw.normal(rows, classes).sign() * 1e4 + draw.normal(rows, classes, scale=3))


def alike(draw, rows, classes):
    return torch.full((rows, classes), 3.0, dtype=torch.float64)


# (name, rows that count, classes, rows in all, logits)
LOSSES = [
    ("softmax_cross_entropy-ordinary", 8, 10, 8, ordinary),
    ("softmax_cross_entropy-short", 5, 10, 8, ordinary),
    ("softmax_cross_entropy-huge", 6, 10, 6, huge),
    ("softmax_cross_entropy-alike", 3, 4, 4, alike),
    ("softmax_cross_entropy-two", 1, 2, 3, ordinary),
]


def loss(name, n, classes, rows, make):
    """The first n of the rows are a short mini-batch: the mean is over n."""
    draw = Draw(sum(name.encode()))
    logits = make(draw, rows, classes).requires_grad_()
    labels = draw.labels(rows, classes)
    losses, mean = ops.cross_entropy(logits[:n], labels[:n])
    mean.backward()
    case = {"name": name, "kind": "softmax_cross_entropy", "n": n, "rows": rows, "classes": classes, "labels": labels}
    return case, {
        f"{name}/logits": logits,
        f"{name}/losses": losses,
        f"{name}/loss": mean,
        f"{name}/prob": torch.softmax(logits[:n], 1),
        f"{name}/dlogits": logits.grad[:n],
    }
