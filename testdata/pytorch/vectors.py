"""Drawing inputs and writing files: what every generator here shares."""

import json
import pathlib
import struct

import numpy
import torch

FOLDER = pathlib.Path(__file__).parent


class Draw:
    """Random float64 tensors whose values are exact in float32.

    NumPy's RandomState is frozen: its stream is the same in every version.
    """

    def __init__(self, seed):
        self.random = numpy.random.RandomState(seed)

    def normal(self, *shape, scale=1.0):
        return exact(self.random.standard_normal(shape) * scale)

    def pictures(self, n, height, width, channels):
        """(n, height, width, channels) of bytes divided by 255, in float32."""
        pixels = self.random.randint(0, 256, size=(n, height, width, channels))
        return exact(pixels.astype(numpy.float32) / numpy.float32(255))

    def labels(self, n, classes):
        return self.random.randint(0, classes, size=n).tolist()


def exact(values):
    """values rounded to float32, held as float64."""
    return torch.from_numpy(numpy.asarray(values).astype(numpy.float32).astype(numpy.float64))


def write(name, listing, tensors):
    """Writes name.json (the listing) and name.safetensors (F32, sorted by name)."""
    (FOLDER / f"{name}.json").write_text(one_line_each(listing))
    header, chunks, offset = {}, [], 0
    for key in sorted(tensors):
        array = numpy.ascontiguousarray(tensors[key].detach().numpy().astype("<f4"))
        if not numpy.isfinite(array).all():
            raise ValueError(f"{name}: {key} is not finite")
        header[key] = {
            "dtype": "F32",
            "shape": list(tensors[key].shape),
            "data_offsets": [offset, offset + array.nbytes],
        }
        chunks.append(array.tobytes())
        offset += array.nbytes
    head = json.dumps(header, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 8)
    body = struct.pack("<Q", len(head)) + head + b"".join(chunks)
    (FOLDER / f"{name}.safetensors").write_bytes(body)


def one_line_each(listing):
    """JSON with one case a line, so that a change shows as a small diff."""
    return "[\n" + ",\n".join(json.dumps(case) for case in listing) + "\n]\n"
