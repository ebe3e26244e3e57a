"""Runs the tasks of the peers: peers.py torch|blas THREADS BATCH.

Reads a task a line and answers with the seconds that it took.
"""

import sys
import time


def answer(value):
    print(value, flush=True)


def timed(repeat, run):
    start = time.perf_counter()
    for _ in range(repeat):
        run()
    return (time.perf_counter() - start) / repeat


def torch_tasks(threads, path):
    try:
        import numpy
        import torch
    except ImportError:
        answer("missing python3-torch")
        sys.exit()
    import torch.nn.functional as F
    from torch import nn

    torch.set_num_threads(threads)
    torch.set_num_interop_threads(1)
    data = numpy.fromfile(path, dtype=numpy.float32)
    labels = torch.from_numpy(data[:256].astype(numpy.int64))
    images = torch.from_numpy(data[256:].reshape(256, 32, 32, 3)).permute(0, 3, 1, 2)

    class Post(nn.Module):
        """The network of the blog post; paddings are TensorFlow's "same"."""

        def __init__(self):
            super().__init__()
            self.conv1 = nn.Conv2d(3, 32, 7, stride=2)
            self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
            self.conv3 = nn.Conv2d(64, 128, 2)
            self.dense1 = nn.Linear(512, 1024)
            self.dense2 = nn.Linear(1024, 128)
            self.dense3 = nn.Linear(128, 10)

        def forward(self, x):
            x = F.max_pool2d(self.conv1(F.pad(x, (2, 3, 2, 3))), 2)
            x = F.max_pool2d(self.conv2(x), 2)
            x = F.max_pool2d(self.conv3(F.pad(x, (0, 1, 0, 1))), 2)
            x = F.dropout(x.flatten(1), 0.5, self.training)
            x = F.dropout(self.dense1(x), 0.5, self.training)
            return self.dense3(self.dense2(x))

    class Layout:
        """A network in one memory format, with its mini-batch."""

        def __init__(self, memory_format):
            self.x = images.contiguous(memory_format=memory_format)
            self.net = Post().to(memory_format=memory_format)
            for p in self.net.parameters():
                nn.init.trunc_normal_(p, std=0.05, a=-0.1, b=0.1)
            self.optimizer = torch.optim.Adam(self.net.parameters(), lr=1e-3, foreach=True)
            conv = nn.Conv2d(64, 64, 3, padding=1).to(memory_format=memory_format)
            x = torch.rand(64, 64, 32, 32).contiguous(memory_format=memory_format).requires_grad_()
            dy = torch.rand(64, 64, 32, 32).contiguous(memory_format=memory_format)
            self.conv, self.conv_x, self.conv_dy = conv, x, dy

        def step(self):
            self.net.train()
            self.optimizer.zero_grad(set_to_none=True)
            F.cross_entropy(self.net(self.x), labels).backward()
            self.optimizer.step()

        def evaluate(self):
            self.net.eval()
            with torch.inference_mode():
                for n in [256] * 39 + [16]:  # 10,000 images
                    F.cross_entropy(self.net(self.x[:n]), labels[:n])

        def convolution(self):
            self.conv.zero_grad(set_to_none=True)
            self.conv_x.grad = None
            self.conv(self.conv_x).backward(self.conv_dy)

    formats = {"default": torch.contiguous_format, "channels_last": torch.channels_last}
    layouts = {name: Layout(memory_format) for name, memory_format in formats.items()}
    repeats = {"step": 4, "evaluate": 1, "convolution": 3}
    answer(f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads")

    def run(task, layout):
        return timed(repeats[task], getattr(layouts[layout], task))

    return run


def blas_tasks(threads):
    import ctypes

    try:
        import numpy

        blas = ctypes.CDLL("libopenblas.so.0")
    except ImportError:
        answer("missing python3-numpy")
        sys.exit()
    except OSError:
        answer("missing libopenblas0")
        sys.exit()
    blas.openblas_set_num_threads(threads)
    blas.openblas_get_config.restype = ctypes.c_char_p
    blas.openblas_get_corename.restype = ctypes.c_char_p
    answer(f"{blas.openblas_get_config().decode()}, kernels for {blas.openblas_get_corename().decode()}")
    operands = {}

    def run(task, shape):
        m, n, k = map(int, shape.split("x"))
        if shape not in operands:
            rng = numpy.random.default_rng(1)
            a = rng.random((m, k), dtype=numpy.float32)
            b = rng.random((k, n), dtype=numpy.float32)
            operands[shape] = a, b, numpy.empty((m, n), dtype=numpy.float32)
        a, b, c = (x.ctypes.data_as(ctypes.POINTER(ctypes.c_float)) for x in operands[shape])
        one, zero, row_major, plain = ctypes.c_float(1), ctypes.c_float(0), 101, 111
        return timed(32, lambda: blas.cblas_sgemm(
            row_major, plain, plain, m, n, k, one, a, k, b, n, zero, c, n))

    return run


def main():
    kind, threads, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    run = torch_tasks(threads, path) if kind == "torch" else blas_tasks(threads)
    for line in sys.stdin:
        answer(run(*line.split()))


main()
