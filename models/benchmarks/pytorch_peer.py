#!/usr/bin/python3
"""Measures one case with the installed PyTorch and torchvision and prints it as a line of JSON.

The same measurement as the libtorch peer's: random images, channels-last model and input, autocast for
bf16, momentum SGD with weight decay, cross-entropy on float32 logits, ReLU in place.
Debian: apt-get install python3-torch python3-torchvision libopenblas0-pthread
"""
import argparse
import contextlib
import json
import math
import os
import re
import statistics
import sys
import time

# PyTorch 1.13 has AVX-512 kernels of its own but leaves them off (pytorch issue 80252); here they pay.
with open("/proc/cpuinfo") as cpu_info:
    flags = set(re.search(r"^flags\s*:(.*)$", cpu_info.read(), re.MULTILINE).group(1).split())
if {"avx512vl", "avx512bw", "avx512dq"} <= flags:
    os.environ.setdefault("ATEN_CPU_CAPABILITY", "avx512")

import torch
import torchvision
from torch import nn
from torch.nn import functional as F

WARM_UP_STEPS, WARM_UP_SECONDS, LEAST_STEPS = 2, 1.0, 3
LEARNING_RATE, MOMENTUM, WEIGHT_DECAY, AUXILIARY_WEIGHT = 1e-3, 0.9, 1e-4, 0.3


def lenet():
    """LeNet-5 with ReLU and max pooling, as in Convoy's registry."""
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(inplace=True), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(inplace=True), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.ReLU(inplace=True), nn.Linear(120, 84), nn.ReLU(inplace=True), nn.Linear(84, 10))


class CifarBlock(nn.Module):
    """He et al. 2015, section 4.2, option A: every second pixel, zero channels before and after."""

    def __init__(self, channels_in, channels, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.stride, self.added = stride, channels - channels_in

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)), inplace=True)))
        if self.added:
            before = self.added // 2
            x = F.pad(x[:, :, ::self.stride, ::self.stride], (0, 0, 0, 0, before, self.added - before))
        y += x
        return F.relu(y, inplace=True)


def resnet20_cifar():
    layers = [nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU(inplace=True)]
    channels_in = 16
    for stage, channels in enumerate((16, 32, 64)):
        for block in range(3):
            layers.append(CifarBlock(channels_in, channels, 2 if stage and not block else 1))
            channels_in = channels
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


def from_torchvision(name, **arguments):
    return lambda: getattr(torchvision.models, name)(weights=None, **arguments)


# name: (builder, channels, side, classes, trainable parameters)
MODELS = {
    "resnet18": (from_torchvision("resnet18"), 3, 224, 1000, 11689512),
    "resnet50": (from_torchvision("resnet50"), 3, 224, 1000, 25557032),
    "resnext50_32x4d": (from_torchvision("resnext50_32x4d"), 3, 224, 1000, 25028904),
    "densenet121": (from_torchvision("densenet121"), 3, 224, 1000, 7978856),
    "vgg16": (from_torchvision("vgg16"), 3, 224, 1000, 138357544),
    "alexnet": (from_torchvision("alexnet"), 3, 224, 1000, 61100840),
    "googlenet": (from_torchvision("googlenet", aux_logits=True, init_weights=False, transform_input=False),
                  3, 224, 1000, 13004888),
    "resnet20_cifar": (resnet20_cifar, 3, 32, 10, 269722),
    "lenet": (lenet, 1, 28, 10, 61706),
}


def at_least(kind, least):
    def parse(text):
        value = kind(text)
        if value < least:
            raise argparse.ArgumentTypeError(f"{text} is too small; {least} or more is needed")
        return value
    return parse


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, choices=MODELS)
    parser.add_argument("--precision", required=True, choices=("float32", "bf16"))
    parser.add_argument("--batch", required=True, type=at_least(int, 1))
    parser.add_argument("--threads", type=at_least(int, 1), default=1)
    parser.add_argument("--inference", action="store_true", help="forward only; otherwise a training step")
    parser.add_argument("--iterations", type=at_least(int, LEAST_STEPS), default=1000)
    parser.add_argument("--seconds", type=at_least(float, 0.0), default=20.0)
    return parser.parse_args()


def build(name):
    builder, _, _, _, expected = MODELS[name]
    model = builder()
    count = sum(p.numel() for p in model.parameters())
    if count != expected:
        sys.exit(f"{name} has {expected} parameters, but this one has {count}")
    return model.to(memory_format=torch.channels_last)


def loss_of(output, labels):
    """The classifier's loss and, where there are auxiliary classifiers, theirs."""
    if isinstance(output, tuple):  # torchvision's GoogLeNetOutputs
        auxiliary = sum(F.cross_entropy(z.float(), labels) for z in (output.aux_logits1, output.aux_logits2))
        return F.cross_entropy(output.logits.float(), labels) + AUXILIARY_WEIGHT * auxiliary
    return F.cross_entropy(output.float(), labels)


def autocast(precision):
    return torch.autocast("cpu", torch.bfloat16) if precision == "bf16" else contextlib.nullcontext()


def training_step(model, images, labels, precision):
    model.train()
    sgd = torch.optim.SGD(model.parameters(), LEARNING_RATE, MOMENTUM, weight_decay=WEIGHT_DECAY)

    def step():
        sgd.zero_grad(set_to_none=True)
        with autocast(precision):
            loss = loss_of(model(images), labels)
        loss.backward()
        sgd.step()
        return loss.item()

    return step


def inference_step(model, images):
    model.eval()
    return lambda: model(images).float().sum().item()


def measure(step, iterations, seconds):
    """Seconds of single steps, after at least two steps and one second of warm-up."""
    start, warmed = time.perf_counter(), 0
    while warmed < WARM_UP_STEPS or time.perf_counter() - start < WARM_UP_SECONDS:
        step()
        warmed += 1
    times, start = [], time.perf_counter()
    while len(times) < LEAST_STEPS or (len(times) < iterations and time.perf_counter() - start < seconds):
        before = time.perf_counter()
        value = step()
        times.append(time.perf_counter() - before)
    if not math.isfinite(value):
        sys.exit(f"the last step's result was {value}: the figures would mean nothing")
    return times


def require_openblas():
    """Debian's PyTorch takes whatever BLAS the system has, at worst the reference one: some 20 times slower."""
    torch.mm(torch.zeros(2, 2), torch.zeros(2, 2))
    with open("/proc/self/maps") as maps:
        if not re.search(r"libopenblas|libmkl", maps.read()):
            sys.exit("PyTorch runs on a BLAS that is neither OpenBLAS nor MKL: apt-get install libopenblas0-pthread")


def peak_memory_mb():
    with open("/proc/self/status") as status:
        return int(re.search(r"VmHWM:\s+(\d+)", status.read()).group(1)) * 1024 // 1_000_000


def main():
    options = arguments()
    require_openblas()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    _, channels, side, classes, _ = MODELS[options.model]
    model = build(options.model)
    images = torch.randn(options.batch, channels, side, side).to(memory_format=torch.channels_last)
    if options.inference:
        # One autocast scope around all steps: weights are cast once.
        with torch.inference_mode(), autocast(options.precision):
            times = measure(inference_step(model, images), options.iterations, options.seconds)
    else:
        labels = torch.randint(classes, (options.batch,))
        step = training_step(model, images, labels, options.precision)
        times = measure(step, options.iterations, options.seconds)
    mode = "inference" if options.inference else "train"
    print(json.dumps({
        "what": f"{mode} {options.model} {options.precision} batch {options.batch}",
        "engine": f"PyTorch {torch.__version__}",
        "unit": "images/s",
        "median": round(options.batch / statistics.median(times), 3),
        "min": round(options.batch / max(times), 3),
        "max": round(options.batch / min(times), 3),
        "runs": len(times),
        "peak_memory_mb": peak_memory_mb(),
        "threads": torch.get_num_threads(),
        "cpu_capability": re.search(r"CPU capability usage: (\S+)", torch.__config__.show()).group(1),
    }))


if __name__ == "__main__":
    main()
