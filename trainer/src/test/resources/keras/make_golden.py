"""Writes resnet50.h5.gz, ResNet-50 at width 2 with three classes as Keras 2.3 and later save a whole model, and
resnet50.sha256, what `parameters_sha256` has to be after its import: of parameters and running statistics in the order
of torchvision's names, each as float32 little-endian in C order. With Debian's python3-h5py 3.7 (HDF5 1.10).

    /usr/bin/python3 make_golden.py        # writes into its own folder

Values are multiples of 1/64, so that moving a bias into the running mean behind it is exact.
"""

import gzip
import hashlib
import io
import json
import os

import h5py
import numpy as np

FOLDER = os.path.dirname(os.path.abspath(__file__))
WIDTH = 2
CLASSES = 3
EPSILON = 1.001e-5  # of keras.applications.resnet
RANDOM = np.random.RandomState(50)


def numbers(*shape, low=-128, high=128):
    return (RANDOM.randint(low, high, shape) / 64).astype("float32")


def main():
    keras, torch, layers = {}, {}, []

    def convolution(name, norm, torch_name, torch_norm, size, inputs, outputs, stride, blue_green_red=False):
        kernel, bias = numbers(size, size, inputs, outputs), numbers(outputs)
        gamma, beta, mean = numbers(outputs), numbers(outputs), numbers(outputs)
        variance = numbers(outputs, low=1)
        keras[name] = {"kernel": kernel, "bias": bias}
        keras[norm] = {"gamma": gamma, "beta": beta, "moving_mean": mean, "moving_variance": variance}
        layers.append({"class_name": "Conv2D", "config": {"name": name, "strides": [stride, stride]}})
        layers.append({"class_name": "BatchNormalization", "config": {"name": norm, "epsilon": EPSILON}})
        weight = kernel.transpose(3, 2, 0, 1)
        torch[torch_name + ".weight"] = weight[:, ::-1] if blue_green_red else weight
        torch[torch_norm + ".weight"], torch[torch_norm + ".bias"] = gamma, beta
        torch[torch_norm + ".running_mean"], torch[torch_norm + ".running_var"] = mean - bias, variance

    # Keras' ImageNet weights take blue, green, red; torchvision's networks red, green, blue.
    convolution("conv1_conv", "conv1_bn", "conv1", "bn1", 7, 3, WIDTH, 2, blue_green_red=True)
    inputs = WIDTH
    for stage, blocks in enumerate([3, 4, 6, 3]):
        width = WIDTH << stage
        for block in range(blocks):
            at = f"conv{stage + 2}_block{block + 1}_"
            torch_at = f"layer{stage + 1}.{block}."
            stride = 2 if stage and not block else 1
            if not block:
                convolution(at + "0_conv", at + "0_bn", torch_at + "downsample.0", torch_at + "downsample.1", 1, inputs, 4 * width, stride)
            convolution(at + "1_conv", at + "1_bn", torch_at + "conv1", torch_at + "bn1", 1, inputs, width, stride)
            convolution(at + "2_conv", at + "2_bn", torch_at + "conv2", torch_at + "bn2", 3, width, width, 1)
            convolution(at + "3_conv", at + "3_bn", torch_at + "conv3", torch_at + "bn3", 1, width, 4 * width, 1)
            inputs = 4 * width
    keras["predictions"] = {"kernel": numbers(inputs, CLASSES), "bias": numbers(CLASSES)}
    torch["fc.weight"], torch["fc.bias"] = keras["predictions"]["kernel"].T, keras["predictions"]["bias"]

    whole = io.BytesIO()
    with h5py.File(whole, "w") as file:
        file.attrs["model_config"] = json.dumps({"class_name": "Functional", "config": {"layers": layers}})
        weights = file.create_group("model_weights")
        names = ["input_1", *keras]
        weights.attrs["layer_names"] = np.array([name.encode() for name in names])
        weights.attrs["backend"] = b"tensorflow"
        for name in names:
            tensors = keras.get(name, {})
            group = weights.create_group(name)
            group.attrs["weight_names"] = np.array([f"{name}/{tensor}:0".encode() for tensor in tensors], dtype="S")
            for tensor, value in tensors.items():
                group.create_dataset(f"{name}/{tensor}:0", data=value)

    with open(os.path.join(FOLDER, "resnet50.h5.gz"), "wb") as out:
        out.write(gzip.compress(whole.getvalue(), mtime=0))

    digest = hashlib.sha256()
    for name in sorted(torch):
        digest.update(np.ascontiguousarray(torch[name], dtype="<f4").tobytes())
    with open(os.path.join(FOLDER, "resnet50.sha256"), "w") as out:
        out.write(digest.hexdigest() + "\n")


main()
