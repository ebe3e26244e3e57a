"""TensorFlow's 'same' padding, for every kernel 1..7, stride 1..3, size 4..33.

Each case is one row of pixels (1, size, 1), of which every input, kernel and
incoming gradient is the start of one shared tensor, and every result follows the
one before it in one long tensor. A test can turn the row into a column.
"""

import torch

import ops
from vectors import Draw

KERNELS, STRIDES, SIZES = range(1, 8), range(1, 4), range(4, 34)


def vectors():
    draw = Draw(2000)
    shared = {"x": draw.normal(SIZES[-1]), "kernel": draw.normal(KERNELS[-1]),
              "bias": draw.normal(1), "dy": draw.normal(SIZES[-1])}
    listing, results = [], {}
    for kernel in KERNELS:
        for stride in STRIDES:
            for size in SIZES:
                out = ops.output_size(size, kernel, stride, "same")
                before, after = ops.pads(size, kernel, stride, "same")
                listing.append({"kernel": kernel, "stride": stride, "size": size,
                                "output": out, "before": before, "after": after})
                for role, value in row(shared, kernel, stride, size, out).items():
                    results.setdefault(role, []).append(value.reshape(-1))
    return listing, shared | {role: torch.cat(values) for role, values in results.items()}


def row(shared, kernel, stride, size, out):
    dy = shared["dy"][:out].reshape(1, 1, out, 1)

    def leaf(name, *shape):
        count = torch.Size(shape).numel()
        return shared[name][:count].reshape(shape).clone().requires_grad_()

    x, weights, bias = leaf("x", 1, 1, size, 1), leaf("kernel", 1, kernel, 1, 1), leaf("bias", 1)
    y = ops.conv2d(x, weights, bias, [1, stride])
    y.backward(dy)
    found = {"conv2d/y": y, "conv2d/dx": x.grad, "conv2d/dkernel": weights.grad, "conv2d/dbias": bias.grad}
    for kind in ("maxpool2d", "avgpool2d"):
        x = leaf("x", 1, 1, size, 1)
        y = ops.apply(kind, {"pool": [1, kernel], "stride": [1, stride]}, x)
        y.backward(dy)
        found |= {f"{kind}/y": y, f"{kind}/dx": x.grad}
    return found
