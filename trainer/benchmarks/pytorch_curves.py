#!/usr/bin/python3
"""Trains a network on CIFAR-10 with the installed PyTorch by one of Convoy's recipes, for a curve to lay beside Convoy's.

Usage: trainer/benchmarks/pytorch_curves.py --recipe deploy/recipes/nin-cifar10.yaml --images DIR --epochs N [--seed S] [--precision P] [--threads T] OUTPUT
  --images   what `convoy datasets get cifar10 --to DIR` wrote: train/CLASS/*.png and test/CLASS/*.png
  --epochs   of the recipe's schedule that are trained
  --precision  float32 or bf16 (autocast); default float32
  OUTPUT     gets a line of JSON for each epoch: mean training loss, top-1 of the test split, seconds

Batch (workers x batch as one batch), rate, schedule, momentum, decay, clipping, augmentation and normalisation are read from the recipe;
weights begin as in Convoy; channels last. PyTorch's SGD multiplies by the rate after the momentum,
Convoy's before: the same while the rate stays the same. Debian: apt-get install python3-torch python3-yaml python3-pil
"""
import argparse
import json
import os
import re
import time
from pathlib import Path

# PyTorch 1.13 has AVX-512 kernels of its own but leaves them off.
with open("/proc/cpuinfo") as cpu_info:
    flags = set(re.search(r"^flags\s*:(.*)$", cpu_info.read(), re.MULTILINE).group(1).split())
if {"avx512vl", "avx512bw", "avx512dq"} <= flags:
    os.environ.setdefault("ATEN_CPU_CAPABILITY", "avx512")

import torch
import yaml
from PIL import Image
from torch import nn
from torch.nn import functional as F


def conv(i, o, k, stride=1, groups=1, bias=False):
    return nn.Conv2d(i, o, k, stride, k // 2, groups=groups, bias=bias)


class ResidualBlock(nn.Module):
    """He et al. 2015 (arXiv:1512.03385), section 4.2, shortcuts by option A: every second pixel, zero channels before and after."""

    def __init__(self, i, o, stride):
        super().__init__()
        self.conv1, self.bn1 = conv(i, o, 3, stride), nn.BatchNorm2d(o)
        self.conv2, self.bn2 = conv(o, o, 3), nn.BatchNorm2d(o)
        self.stride, self.added = stride, o - i

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        if self.added:
            before = self.added // 2
            x = F.pad(x[:, :, ::self.stride, ::self.stride], (0, 0, 0, 0, before, self.added - before))
        return F.relu(y + x)


def resnet20_cifar():
    blocks, i = [], 16
    for o in (16, 32, 64):
        for b in range(3):
            blocks.append(ResidualBlock(i, o, 2 if b == 0 and o > 16 else 1))
            i = o
    return nn.Sequential(conv(3, 16, 3), nn.BatchNorm2d(16), nn.ReLU(), *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


def nin_cifar(width=192):
    """Lin et al. 2013 (arXiv:1312.4400); width: channels of the first convolution, the others in proportion."""
    def w(channels):
        return channels * width // 192

    def block(i, k, *widths):
        layers = []
        for o in widths:
            layers += [conv(i, o, k, bias=True), nn.ReLU()]
            i, k = o, 1
        return layers
    return nn.Sequential(
        *block(3, 5, w(192), w(160), w(96)), nn.MaxPool2d(3, 2, ceil_mode=True), nn.Dropout(),
        *block(w(96), 5, w(192), w(192), w(192)), nn.AvgPool2d(3, 2, ceil_mode=True), nn.Dropout(),
        *block(w(192), 3, w(192), w(192), 10), nn.AdaptiveAvgPool2d(1), nn.Flatten())


class DenseLayer(nn.Module):
    def __init__(self, i, growth):
        super().__init__()
        self.norm, self.conv = nn.BatchNorm2d(i), conv(i, growth, 3)

    def forward(self, x):
        return torch.cat([x, self.conv(F.relu(self.norm(x)))], 1)


def densenet_40_12():
    """Huang et al. 2016 (arXiv:1608.06993), section 3: no bottlenecks, no compression."""
    layers, c = [conv(3, 16, 3)], 16
    for block in range(3):
        for _ in range(12):
            layers.append(DenseLayer(c, 12))
            c += 12
        layers += [nn.BatchNorm2d(c), nn.ReLU()]
        layers += [conv(c, c, 1), nn.AvgPool2d(2)] if block < 2 else [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(c, 10)]
    return nn.Sequential(*layers)


class ResNeXtBlock(nn.Module):
    """Xie et al. 2016 (arXiv:1611.05431), figure 3c."""

    def __init__(self, i, o, groups, width, stride):
        super().__init__()
        self.conv1, self.bn1 = conv(i, width, 1), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = conv(width, width, 3, stride, groups), nn.BatchNorm2d(width)
        self.conv3, self.bn3 = conv(width, o, 1), nn.BatchNorm2d(o)
        self.shortcut = nn.Identity() if i == o and stride == 1 else nn.Sequential(nn.Conv2d(i, o, 1, stride, bias=False), nn.BatchNorm2d(o))

    def forward(self, x):
        y = F.relu(self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))))
        return F.relu(self.bn3(self.conv3(y)) + self.shortcut(x))


def resnext29_8x64d(width=64):
    """width: channels of the first convolution and of a group in the first stage, the others in proportion."""
    blocks, i = [], width
    for stage in range(3):
        for b in range(3):
            blocks.append(ResNeXtBlock(i, 4 * width << stage, 8, 8 * width << stage, 2 if stage and not b else 1))
            i = 4 * width << stage
    return nn.Sequential(conv(3, width, 3), nn.BatchNorm2d(width), nn.ReLU(), *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(i, 10))


# Name: builder, the parameters that the papers and Convoy count, what He's normal deviates by, whether the dense layer begins so, too
# (torchvision's ones begin with PyTorch's uniform), and what the last convolution's biases begin with.
NETWORKS = {"resnet20_cifar": (resnet20_cifar, 269722, "fan_in", True, 0), "nin_cifar": (nin_cifar, 966986, "fan_in", True, 1),
            "densenet_40_12": (densenet_40_12, 1019722, "fan_in", False, 0),
            "resnext29_8x64d": (resnext29_8x64d, 34426698, "fan_out", False, 0)}


def initialised(network, mode, dense, last_bias):
    last = [module for module in network.modules() if isinstance(module, nn.Conv2d)][-1]
    for module in network.modules():
        if isinstance(module, nn.Conv2d) or (dense and isinstance(module, nn.Linear)):
            nn.init.kaiming_normal_(module.weight, mode=mode, nonlinearity="relu")
        if isinstance(module, (nn.Conv2d, nn.Linear)) and module.bias is not None:
            nn.init.constant_(module.bias, last_bias if module is last else 0)
    return network


def read(folder):
    """(uint8 images as [N, 3, 32, 32], labels)"""
    classes = sorted(path.name for path in folder.iterdir())
    images, labels = [], []
    for label, name in enumerate(classes):
        for path in sorted((folder / name).glob("*.png")):
            with Image.open(path) as image:
                images.append(torch.frombuffer(bytearray(image.convert("RGB").tobytes()), dtype=torch.uint8).view(32, 32, 3))
            labels.append(label)
    return torch.stack(images).permute(0, 3, 1, 2).contiguous(), torch.tensor(labels)


def augmented(images, padding, probability, generator):
    """A random crop after padding with black, and a mirror image, for each by itself."""
    n, side = len(images), images.shape[2]
    padded = F.pad(images, (padding,) * 4)
    rows = torch.randint(2 * padding + 1, (n, 1), generator=generator) + torch.arange(side)
    columns = torch.randint(2 * padding + 1, (n, 1), generator=generator) + torch.arange(side)
    mirrored = torch.rand(n, generator=generator) < probability
    columns[mirrored] = columns[mirrored].flip(1)
    return padded[torch.arange(n)[:, None, None], :, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--recipe", required=True)
    parser.add_argument("--images", required=True, type=Path)
    parser.add_argument("--epochs", required=True, type=int)
    parser.add_argument("--seed", default=1, type=int)
    parser.add_argument("--precision", default="float32", choices=("float32", "bf16"))
    parser.add_argument("--threads", default=1, type=int)
    parser.add_argument("output")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    with open(options.recipe) as text:
        recipe = yaml.safe_load(text)
    build, parameters, mode, dense, last_bias = NETWORKS[recipe["model"]["name"]]
    arguments = recipe["model"].get("arguments", {})
    network = initialised(build(**arguments), mode, dense, last_bias).to(memory_format=torch.channels_last)
    counted = sum(p.numel() for p in network.parameters())
    assert arguments or counted == parameters, f"{counted} parameters, {parameters} published"
    steps = {name: settings for step in recipe["augment"]["train"] for name, settings in step.items()}
    assert steps.keys() == {"random_crop", "flip"} and recipe["schedule"]["kind"] == "multi_step", "a recipe of another kind"
    normalize = recipe["augment"]["normalize"]
    mean = torch.tensor(normalize["mean"]).view(1, 3, 1, 1)
    std = torch.tensor(normalize["std"]).view(1, 3, 1, 1)

    def logits(images):
        x = ((images.float() / 255 - mean) / std).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16, options.precision == "bf16"):
            return network(x).float()

    optimizer_of = recipe["optimizer"]
    clipping = optimizer_of.get("clipping")
    optimizer = torch.optim.SGD(network.parameters(), optimizer_of["learning_rate"], optimizer_of["momentum"],
                                weight_decay=optimizer_of["weight_decay"])
    batch = recipe["batch"] * recipe["workers"]
    images, labels = read(options.images / "train")
    test_images, test_labels = read(options.images / "test")
    generator = torch.Generator().manual_seed(options.seed)
    for epoch in range(options.epochs):
        started = time.monotonic()
        network.train()
        passed = sum(epoch >= milestone for milestone in recipe["schedule"]["milestones"])
        for group in optimizer.param_groups:
            group["lr"] = optimizer_of["learning_rate"] * recipe["schedule"]["factor"] ** passed
        total = 0.0
        for chosen in torch.randperm(len(images), generator=generator).split(batch):
            x = augmented(images[chosen], steps["random_crop"]["padding"], steps["flip"]["probability"], generator)
            optimizer.zero_grad(set_to_none=True)
            loss = F.cross_entropy(logits(x), labels[chosen])
            loss.backward()
            if clipping:
                nn.utils.clip_grad_norm_(network.parameters(), clipping["limit"])
            optimizer.step()
            total += loss.item() * len(chosen)
        seconds = time.monotonic() - started
        network.eval()
        with torch.no_grad():
            right = sum((logits(x).argmax(1) == y).sum().item() for x, y in zip(test_images.split(200), test_labels.split(200)))
        line = {"epoch": epoch, "loss": total / len(images), "top1": right / len(test_images), "seconds": round(seconds, 1)}
        print(line, flush=True)
        with open(options.output, "a") as out:
            out.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
