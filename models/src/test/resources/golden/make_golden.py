#!/usr/bin/python3
"""Reference values of networks beyond torchvision's registry of 0.14, or in another form of theirs.

Fills each network by the formula of README.md, in float64, and writes what autograd gives.
Needs PyTorch 1.13 and torchvision 0.14. Usage: make_golden.py OUT_DIR NAME:batch:side ...
"""

import json
import math
import sys
from collections import OrderedDict

import numpy as np
import torch
import torchvision
from torch import nn
from torch.nn import functional as F
from torchvision.models.densenet import DenseNet
from torchvision.models.resnet import Bottleneck, ResNet

PREFIX = "open-"


class ResponseNorm(nn.Module):
    """a / (k + alpha * sum of a^2 over n channels)^beta; alpha is not divided by n."""

    def forward(self, a):
        squares = F.pad(a.pow(2), (0, 0, 0, 0, 2, 2))
        s = sum(squares[:, j : j + a.shape[1]] for j in range(5))
        return a / (2.0 + 1e-4 * s).pow(0.75)


class Convolution(nn.Module):
    def __init__(self, i, o, k, s=1, p=0):
        super().__init__()
        self.conv = nn.Conv2d(i, o, k, s, p)

    def forward(self, x):
        return F.relu(self.conv(x))


class Inception(nn.Module):
    def __init__(self, i, c1, r3, c3, r5, c5, cp):
        super().__init__()
        self.branch1 = Convolution(i, c1, 1)
        self.branch2 = nn.Sequential(Convolution(i, r3, 1), Convolution(r3, c3, 3, p=1))
        self.branch3 = nn.Sequential(Convolution(i, r5, 1), Convolution(r5, c5, 5, p=2))
        self.branch4 = nn.Sequential(nn.MaxPool2d(3, 1, 1), Convolution(i, cp, 1))

    def forward(self, x):
        return torch.cat([b(x) for b in (self.branch1, self.branch2, self.branch3, self.branch4)], 1)


class Head(nn.Module):
    def __init__(self, i, features):
        super().__init__()
        self.conv = Convolution(i, 128, 1)
        self.fc1 = nn.Linear(features, 1024)
        self.fc2 = nn.Linear(1024, 1000)

    def forward(self, x):
        x = self.conv(F.avg_pool2d(x, 5, 3))
        return self.fc2(F.relu(self.fc1(torch.flatten(x, 1))))


class PapersGoogLeNet(nn.Module):
    """Szegedy et al. 2014, table 1 and figure 3: biases, LRN, 5x5 convolutions, no batch norm."""

    ROWS = [
        ("3a", 192, 64, 96, 128, 16, 32, 32), ("3b", 256, 128, 128, 192, 32, 96, 64),
        ("4a", 480, 192, 96, 208, 16, 48, 64), ("4b", 512, 160, 112, 224, 24, 64, 64),
        ("4c", 512, 128, 128, 256, 24, 64, 64), ("4d", 512, 112, 144, 288, 32, 64, 64),
        ("4e", 528, 256, 160, 320, 32, 128, 128), ("5a", 832, 256, 160, 320, 32, 128, 128),
        ("5b", 832, 384, 192, 384, 48, 128, 128)]

    def __init__(self, head_pixels):
        super().__init__()
        self.conv1 = Convolution(3, 64, 7, 2, 3)
        self.conv2 = Convolution(64, 64, 1)
        self.conv3 = Convolution(64, 192, 3, p=1)
        for name, *channels in self.ROWS:
            setattr(self, "inception" + name, Inception(*channels))
        self.aux1 = Head(512, 128 * head_pixels)
        self.aux2 = Head(528, 128 * head_pixels)
        self.fc = nn.Linear(1024, 1000)
        self.norm = ResponseNorm()

    def forward(self, x):
        pool = nn.MaxPool2d(3, 2, ceil_mode=True)
        x = self.norm(pool(self.conv1(x)))
        x = pool(self.norm(self.conv3(self.conv2(x))))
        heads = []
        for name, *_ in self.ROWS:
            if name in ("4a", "5a"):
                x = pool(x)
            x = getattr(self, "inception" + name)(x)
            if name in ("4a", "4d"):
                heads.append((self.aux1 if name == "4a" else self.aux2)(x))
        return [self.fc(x.mean((2, 3)))] + (heads if self.training else [])


def nin_imagenet(side):
    layers = []
    blocks = [(3, (96, 96, 96), (11, 4, 0)), (96, (256, 256, 256), (5, 1, 2)),
              (256, (384, 384, 384), (3, 1, 1)), (384, (1024, 1024, 1000), (3, 1, 1))]
    for b, (i, o, w) in enumerate(blocks, 1):
        layers += [("conv%d" % b, nn.Conv2d(i, o[0], *w)), ("r%d" % b, nn.ReLU()),
                   ("cccp%da" % b, nn.Conv2d(o[0], o[1], 1)), ("r%da" % b, nn.ReLU()),
                   ("cccp%db" % b, nn.Conv2d(o[1], o[2], 1)), ("r%db" % b, nn.ReLU())]
        if b < 4:
            layers.append(("pool%d" % b, nn.MaxPool2d(3, 2, ceil_mode=True)))
    return nn.Sequential(OrderedDict(layers + [("gap", nn.AdaptiveAvgPool2d(1)), ("flat", nn.Flatten())]))


def norm_convolution(i, o, k, s=1):
    return nn.Conv2d(i, o, k, s, k // 2, bias=False), nn.BatchNorm2d(o)


class ProjectionBlock(nn.Module):
    """Basic block of the CIFAR ResNets with an option B shortcut."""

    def __init__(self, i, o, s):
        super().__init__()
        self.conv1, self.bn1 = norm_convolution(i, o, 3, s)
        self.conv2, self.bn2 = norm_convolution(o, o, 3)
        self.downsample = nn.Sequential(*norm_convolution(i, o, 1, s)) if s > 1 else nn.Identity()

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(self.downsample(x) + y)


class ProjectionResNet20(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = norm_convolution(3, 16, 3)
        i = 16
        for stage, o in enumerate((16, 32, 64), 1):
            blocks = []
            for b in range(3):
                blocks.append(ProjectionBlock(i, o, 2 if stage > 1 and b == 0 else 1))
                i = o
            setattr(self, "layer%d" % stage, nn.Sequential(*blocks))
        self.fc = nn.Linear(64, 10)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        return self.fc(self.layer3(self.layer2(self.layer1(x))).mean((2, 3)))


class PlainLayer(nn.Module):
    def __init__(self, i, growth):
        super().__init__()
        self.norm1, self.conv1 = nn.BatchNorm2d(i), nn.Conv2d(i, growth, 3, padding=1, bias=False)

    def forward(self, x):
        return torch.cat([x, self.conv1(F.relu(self.norm1(x)))], 1)


class PlainDenseNet(nn.Module):
    """Huang et al. 2016, table 2, first DenseNet: neither bottleneck nor compression."""

    def __init__(self, depth=40, growth=12):
        super().__init__()
        c = 16
        self.conv0 = nn.Conv2d(3, c, 3, padding=1, bias=False)
        for b in (1, 2, 3):
            block = []
            for _ in range((depth - 4) // 3):
                block.append(PlainLayer(c, growth))
                c += growth
            setattr(self, "denseblock%d" % b, nn.Sequential(*block))
            if b < 3:
                setattr(self, "transition%d" % b, nn.Sequential(OrderedDict([
                    ("norm", nn.BatchNorm2d(c)), ("relu", nn.ReLU()),
                    ("conv", nn.Conv2d(c, c, 1, bias=False)), ("pool", nn.AvgPool2d(2))])))
        self.norm5, self.fc = nn.BatchNorm2d(c), nn.Linear(c, 10)

    def forward(self, x):
        x = self.transition1(self.denseblock1(self.conv0(x)))
        x = self.denseblock3(self.transition2(self.denseblock2(x)))
        return self.fc(F.relu(self.norm5(x)).mean((2, 3)))


def stride_in_1x1(net):
    """As the ResNet paper has it: the first convolution of a bottleneck has the stride."""
    for module in net.modules():
        if isinstance(module, Bottleneck):
            module.conv1.stride, module.conv2.stride = module.conv2.stride, (1, 1)
    return net


def torchvisions(name):
    return lambda side: getattr(torchvision.models, name)(weights=None)


def head_pixels(side):
    """Pixels that an auxiliary classifier of GoogLeNet flattens."""
    n = (side + 1) // 2
    for _ in range(3):
        n = (n - 2) // 2 + 1  # a pooling of 3 by 2 that rounds up
    return ((n - 5) // 3 + 1) ** 2


# Name of the file: registry name, its arguments, the network.
NETWORKS = {
    "googlenet_paper": ("googlenet", {"batch_norm": 0}, lambda side: PapersGoogLeNet(head_pixels(side))),
    "nin_imagenet": ("nin_imagenet", {}, nin_imagenet),
    "resnet20_cifar_b": ("resnet20_cifar", {"shortcut": "B"}, lambda side: ProjectionResNet20()),
    "densenet_40_12": ("densenet_40_12", {}, lambda side: PlainDenseNet()),
    "resnet50_1x1": ("resnet50", {"stride_in_1x1": 1},
                     lambda side: stride_in_1x1(torchvision.models.resnet50(weights=None))),
    "vgg13_bn": ("vgg13", {"batch_norm": 1}, torchvisions("vgg13_bn")),
    "vgg19": ("vgg19", {}, torchvisions("vgg19")),
    "resnet101": ("resnet101", {}, torchvisions("resnet101")),
    "resnet152": ("resnet152", {}, torchvisions("resnet152")),
    "resnext101_32x8d": ("resnext101_32x8d", {}, torchvisions("resnext101_32x8d")),
    "resnext101_64x4d": ("resnext101_64x4d", {},
                         lambda side: ResNet(Bottleneck, [3, 4, 23, 3], groups=64, width_per_group=4)),
    "densenet161": ("densenet161", {}, torchvisions("densenet161")),
    "densenet169": ("densenet169", {}, torchvisions("densenet169")),
    "densenet201": ("densenet201", {}, torchvisions("densenet201")),
    "densenet264": ("densenet264", {}, lambda side: DenseNet(32, (6, 12, 64, 48), 64)),
}


def uniform(key, n):
    h = 0xCBF29CE484222325
    for b in (PREFIX + key).encode():
        h = ((h ^ b) * 0x100000001B3) & ((1 << 64) - 1)
    with np.errstate(over="ignore"):
        z = np.uint64(h) + np.arange(1, n + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(11)).astype(np.float64) / 2.0**52 - 1.0


def fill(net):
    norms = {n for n, m in net.named_modules() if isinstance(m, nn.BatchNorm2d)}
    for key, t in net.state_dict().items():
        if key.endswith("num_batches_tracked"):
            continue
        owner, leaf = key.rsplit(".", 1)
        v = uniform(key, t.numel())
        if leaf == "running_var":
            v = 1 + 0.5 * v
        elif leaf in ("running_mean", "bias"):
            v = 0.1 * v
        elif owner in norms:
            v = 1 + 0.1 * v
        else:
            v = v * math.sqrt(2.0 / (t.numel() // t.shape[0]))
        t.copy_(torch.from_numpy(v.reshape(tuple(t.shape))))


def stats(t):
    t = t.detach().double().flatten()
    return {"l2": t.norm().item(), "sum": t.sum().item(), "first": t[:4].tolist()}


def golden(file, batch, side):
    name, arguments, build = NETWORKS[file]
    net = build(side).double()
    with torch.no_grad():
        fill(net)
    for m in net.modules():
        if isinstance(m, nn.Dropout):
            m.p = 0.0
    classes = 10 if side <= 32 else 1000
    x = torch.from_numpy(uniform("input", batch * 3 * side * side).reshape(batch, 3, side, side))
    y = torch.from_numpy(((uniform("labels", batch) + 1) / 2 * classes).astype(np.int64))
    counts = {k: p.numel() for k, p in net.named_parameters()}
    out = {"model": name, "arguments": arguments, "prefix": PREFIX, "torch": torch.__version__,
           "torchvision": torchvision.__version__, "input": [batch, 3, side, side],
           "labels": y.tolist(), "trainable_parameters": sum(counts.values()),
           "trainable_parameters_without_aux": sum(n for k, n in counts.items() if not k.startswith("aux")),
           "parameters": {k: list(p.shape) for k, p in net.named_parameters()}}
    net.eval()
    with torch.no_grad():
        z = net(x)
    z = z[0] if isinstance(z, list) else z
    out["eval"] = {"logits": stats(z), "argmax": z.argmax(1).tolist(), "loss": F.cross_entropy(z, y).item()}
    net.train()
    outputs = net(x)
    outputs = outputs if isinstance(outputs, list) else [outputs]
    loss = F.cross_entropy(outputs[0], y) + 0.3 * sum(F.cross_entropy(o, y) for o in outputs[1:])
    loss.backward()
    out["train"] = {"logits": stats(outputs[0]), "loss": loss.item(),
                    "gradients": {k: stats(p.grad) for k, p in net.named_parameters()},
                    "running_after_one_step": {k: stats(b) for k, b in net.named_buffers()
                                               if k.endswith(("running_mean", "running_var"))}}
    return out


if __name__ == "__main__":
    for asked in sys.argv[2:]:
        file, batch, side = asked.split(":")
        result = golden(file, int(batch), int(side))
        with open("%s/%s.json" % (sys.argv[1], file), "w") as json_file:
            json.dump(result, json_file, separators=(",", ":"))
        print(file, result["trainable_parameters"], result["eval"]["loss"], result["train"]["loss"], flush=True)
