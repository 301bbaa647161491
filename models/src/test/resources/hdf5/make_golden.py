"""Writes the HDF5 files of Hdf5FileTest and KerasHdf5Test as Keras 2 writes its own, with Debian's
python3-h5py 3.7 (HDF5 1.10). Value k of a tensor is k / 8 - 1: exact in float32.

    /usr/bin/python3 make_golden.py        # writes into its own folder
"""

import json
import os

import h5py
import numpy as np

LAYERS = {
    "input_1": [],
    "conv1": [("conv1/kernel:0", (2, 3, 3, 4)), ("conv1/bias:0", (4,))],
    "bn_conv1": [
        ("bn_conv1/gamma:0", (4,)),
        ("bn_conv1/beta:0", (4,)),
        ("bn_conv1/moving_mean:0", (4,)),
        ("bn_conv1/moving_variance:0", (4,)),
    ],
    "block/fc": [("block/fc/kernel:0", (4, 5)), ("block/fc/bias:0", (5,))],
}
TOPOLOGY = {
    "class_name": "Model",
    "config": {
        "layers": [
            {"class_name": "Conv2D", "config": {"name": "conv1", "strides": [2, 2]}},
            {"class_name": "BatchNormalization", "config": {"name": "bn_conv1", "epsilon": 0.001}},
        ]
    },
}


def values(shape):
    return (np.arange(np.prod(shape), dtype=np.float64) / 8 - 1).astype("float32").reshape(shape)


def weights(group, **storage):
    group.attrs["layer_names"] = np.array([name.encode() for name in LAYERS])
    group.attrs["backend"] = b"tensorflow"
    for layer, tensors in LAYERS.items():
        inner = group.create_group(layer)
        inner.attrs["weight_names"] = np.array([name.encode() for name, _ in tensors])
        for name, shape in tensors:
            inner.create_dataset(name, data=values(shape), **storage)


def write(name, body, **options):
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
    with h5py.File(path, "w", **options) as file:
        body(file)


def model(file):
    file.attrs["model_config"] = json.dumps(TOPOLOGY)
    weights(file.create_group("model_weights"))


def wide(file):
    """More members than one node of a group's tree takes, and names in two attributes."""
    names = ["layer_%02d" % i for i in range(20)]
    file.attrs["layer_names0"] = np.array([name.encode() for name in names[:10]])
    file.attrs["layer_names1"] = np.array([name.encode() for name in names[10:]])
    for i, name in enumerate(names):
        group = file.create_group(name)
        group.attrs["weight_names"] = [name + "/bias:0"]
        group.create_dataset(name + "/bias:0", data=np.array([i], "float32"))


def double(file):
    file.attrs["layer_names"] = np.array([b"a"])
    group = file.create_group("a")
    group.attrs["weight_names"] = np.array([b"a/bias:0"])
    group.create_dataset("a/bias:0", data=np.zeros(2, "float64"))


def linked(file):
    weights(file)
    del file["conv1"]
    file["conv1"] = h5py.SoftLink("/bn_conv1")


write("weights.h5", weights)
write("model.h5", model)
write("wide.h5", wide)
write("float64.h5", double)
write("linked.h5", linked)
write("compressed.h5", lambda file: weights(file, compression="gzip"))
write("latest.h5", weights, libver="latest")
