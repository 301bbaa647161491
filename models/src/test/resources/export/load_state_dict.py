"""For each NAME: loads NAME.safetensors strictly into torchvision's model, which is named before a
colon, and writes the logits of NAME.input (float32, little-endian, square RGB images) to
NAME.output."""
import functools
import json
import struct
import sys

import numpy
import torch
import torchvision


def load_file(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    metadata = header.pop("__metadata__")
    tensors = {}
    for name, entry in header.items():
        assert entry["dtype"] == "F32"
        begin, end = entry["data_offsets"]
        array = numpy.frombuffer(data[begin:end], "<f4").reshape(entry["shape"])
        tensors[name] = torch.from_numpy(array.copy())
    return tensors, metadata


torch.set_num_threads(1)
for argument in sys.argv[1:]:
    name, path, side = argument.split(":")
    tensors, metadata = load_file(path + ".safetensors")
    assert metadata["model"] == name and metadata["format"] == "pt"
    options = {"aux_logits": True, "init_weights": False} if name == "googlenet" else {}
    classes = json.loads(metadata["classes"])
    arguments = json.loads(metadata["arguments"])
    if "norm_epsilon" in arguments:
        options["norm_layer"] = functools.partial(torch.nn.BatchNorm2d, eps=arguments["norm_epsilon"])
    model = getattr(torchvision.models, name)(num_classes=len(classes), **options)
    if arguments.get("stride_in_1x1"):
        for stage in (model.layer2, model.layer3, model.layer4):
            stage[0].conv1.stride, stage[0].conv2.stride = (2, 2), (1, 1)
    model.load_state_dict(tensors, strict=True)
    model.eval()
    images = numpy.fromfile(path + ".input", "<f4").reshape(-1, 3, int(side), int(side))
    with torch.no_grad():
        model(torch.from_numpy(images)).numpy().astype("<f4").tofile(path + ".output")
