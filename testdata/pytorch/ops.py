"""The layers in PyTorch, on tensors in the project's layouts.

x: (n, height, width, channels); convolution kernels: (height, width, in, out);
dense kernels: (in, out). Nothing here relies on PyTorch's own padding: it is
TensorFlow's, applied by F.pad.
"""

import torch
import torch.nn.functional as F

ACTIVATIONS = {
    "linear": lambda z: z,
    "relu": F.relu,
    "leaky_relu": lambda z: F.leaky_relu(z, 0.01),
    "elu": F.elu,
    "gelu": F.gelu,  # exact, by erf
    "silu": F.silu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
}

# The least distance that float32 must keep from a kink (0 of a rectifier, a tie
# of max pooling), relative to the largest value: closer, and rounding alone
# could choose the other side.
MARGIN = 2e-6


def pair(value):
    return value if isinstance(value, list) else [value, value]


def output_size(size, kernel, stride, padding):
    """TensorFlow's: 'same' gives ceil(size/stride)."""
    if padding == "same":
        return -(-size // stride)
    return (size - kernel) // stride + 1


def pads(size, kernel, stride, padding):
    """(before, after): the odd one of 'same' comes after."""
    if padding == "valid":
        return 0, 0
    total = max((output_size(size, kernel, stride, padding) - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


def padded(x, kernel, stride, padding, value):
    """x: (n, c, h, w), padded for windows of the given size and stride."""
    top, bottom = pads(x.shape[2], kernel[0], stride[0], padding)
    left, right = pads(x.shape[3], kernel[1], stride[1], padding)
    return F.pad(x, (left, right, top, bottom), value=value)


def activation(z, name):
    if name in ("relu", "leaky_relu") and not z.is_leaf:  # a leaf is exact on both sides
        near = z.abs().min()
        assert near > MARGIN * z.abs().max(), f"{name}: {near} is too near zero, take another seed"
    return ACTIVATIONS[name](z)


def conv2d(x, kernel, bias, stride=1, padding="same", activation_name="linear"):
    stride = pair(stride)
    x = padded(x.permute(0, 3, 1, 2), kernel.shape[:2], stride, padding, 0.0)
    z = F.conv2d(x, kernel.permute(3, 2, 0, 1), bias, stride)
    return activation(z.permute(0, 2, 3, 1), activation_name)


def dense(x, kernel, bias, activation_name="linear"):
    return activation(x @ kernel + bias, activation_name)


def maxpool2d(x, pool, stride=None, padding="same"):
    pool, stride = pair(pool), pair(stride or pool)
    x = padded(x.permute(0, 3, 1, 2), pool, stride, padding, float("-inf"))
    windows = x.unfold(2, pool[0], stride[0]).unfold(3, pool[1], stride[1]).flatten(4)
    if windows.shape[4] > 1:
        first, second = windows.detach().topk(2, dim=4).values.unbind(4)
        gap = (first - second).min()
        assert gap > MARGIN * first.abs().max(), f"maxpool2d: a gap of {gap} is almost a tie, take another seed"
    return F.max_pool2d(x, pool, stride).permute(0, 2, 3, 1)


def avgpool2d(x, pool, stride=None, padding="same"):
    """The mean over the real elements of a window: padding does not count."""
    pool, stride = pair(pool), pair(stride or pool)
    x = x.permute(0, 3, 1, 2)
    real = torch.ones_like(x[:1, :1])
    mean = F.avg_pool2d(padded(x, pool, stride, padding, 0.0), pool, stride)
    share = F.avg_pool2d(padded(real, pool, stride, padding, 0.0), pool, stride)
    return (mean / share).permute(0, 2, 3, 1)


def stack(layers, x, learned, prefix="layers"):
    """Layers as an experiment file lists them, one after another.

    learned(name, shape) is the tensor of that name within them, such as
    layers.1.residual.shortcut.0.conv2d.kernel.
    """
    for index, layer in enumerate(layers):
        kind, args = (layer, {}) if isinstance(layer, str) else next(iter(layer.items()))
        x = apply(kind, args, x, lambda name, shape: learned(f"{prefix}.{index}.{kind}.{name}", shape))
    return x


def apply(kind, args, x, learned=None):
    """One layer by its kind and its arguments in an experiment file.

    learned(name, shape) is the tensor of that name within the layer.
    """
    if kind == "residual":
        inner = stack(args["layers"], x, learned)
        return inner + stack(args.get("shortcut", []), x, learned, "shortcut")
    if kind == "activation":
        return activation(x, args)
    if kind == "flatten":
        return x.flatten(1)
    if kind == "global_avgpool2d":
        return x.mean((1, 2))
    shapes, args = parameter_shapes(kind, args, x.shape[1:]), dict(args)
    if kind in ("conv2d", "dense"):
        for implied in ("filters", "units", "kernel"):  # the kernel's shape says them
            args.pop(implied, None)
        args["activation_name"] = args.pop("activation", "linear")
        kernel, bias = (learned(name, shape) for name, shape in zip(("kernel", "bias"), shapes))
        return {"conv2d": conv2d, "dense": dense}[kind](x, kernel, bias, **args)
    return {"maxpool2d": maxpool2d, "avgpool2d": avgpool2d}[kind](x, **args)


def parameter_shapes(kind, args, input_shape):
    """(kernel, bias) shapes of a layer, or None if it learns nothing."""
    if kind == "conv2d":
        return (*pair(args["kernel"]), input_shape[-1], args["filters"]), (args["filters"],)
    if kind == "dense":
        return (input_shape[-1], args["units"]), (args["units"],)
    return None


def cross_entropy(logits, labels):
    """The losses of the rows, and their mean."""
    losses = F.cross_entropy(logits, torch.tensor(labels), reduction="none")
    return losses, losses.mean()
