"""Generates the reference vectors that the Go code is held against.

Run from anywhere, with Debian 12's python3-torch (it brings python3-numpy):

    /usr/bin/python3 testdata/pytorch/generate.py

The committed files were made with PyTorch 1.13.1 (package 1.13.1+dfsg-4) and
NumPy 1.24.2 on x86-64. Running it again there gives the same bytes.

All arithmetic is float64 on the CPU. What goes in (inputs, weights, incoming
gradients) is first rounded to float32, so both sides start from equal numbers;
what comes out is rounded to float32 when it is stored. README.md beside this
file describes the files.
"""

import sys

sys.dont_write_bytecode = True  # leave no __pycache__ in the source tree

import torch

import layers
import networks
import optim
import same
from vectors import write


def main():
    torch.set_num_threads(1)  # one order of summation
    torch.use_deterministic_algorithms(True)
    write("layers", *layers.vectors())
    write("same", *same.vectors())
    write("networks", *networks.vectors())
    write("optim", *optim.vectors())


if __name__ == "__main__":
    main()
