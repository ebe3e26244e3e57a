"""Writes the pickled batch files of this folder, as Python 3 and numpy write
them in each protocol, with pictures of 40 bytes. Run it here:
python3 pickles.py"""

import pickle

import numpy

data = numpy.array([[(7 * i + 37 * j) % 256 for j in range(40)] for i in range(2)], numpy.uint8)
batch = {b"batch_label": b"training batch 1 of 5", b"labels": [9, 3], b"data": data,
         b"filenames": [b"one.png", b"two.png"]}

for protocol in 2, 4, 5:
    with open(f"batch-protocol{protocol}.pickle", "wb") as file:
        pickle.dump(batch, file, protocol=protocol)
