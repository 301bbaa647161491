"""Writes colour.tsv: what Pillow's ImageEnhance makes of some images of this folder, and what it makes of a part of them that is scaled.

Run with Python 3 and Pillow in this folder. Columns as in golden.tsv; operations: brightness F, contrast F, saturation F,
crop TOP,LEFT,HEIGHTxWIDTH to HEIGHTxWIDTH.
"""

import hashlib

from PIL import Image, ImageEnhance
import PIL

ENHANCERS = {
    "brightness": ImageEnhance.Brightness,
    "contrast": ImageEnhance.Contrast,
    "saturation": ImageEnhance.Color,
}


def lines(name):
    image = Image.open(name).convert("RGB")
    for channels, pixels in ((1, image.convert("L")), (3, image)):
        for operation, enhancer in ENHANCERS.items():
            for factor in (0, 0.25, 0.6, 1, 1.37, 2.5):
                yield f"{operation} {factor}", channels, enhancer(pixels).enhance(factor)
        for top, left, height, width in ((3, 5, 20, 11), (0, 0, 29, 37), (28, 36, 1, 1)):
            part = pixels.crop((left, top, left + width, top + height))
            yield (
                f"crop {top},{left},{height}x{width} to 16x24",
                channels,
                part.resize((24, 16), Image.Resampling.BILINEAR),
            )


if __name__ == "__main__":
    with open("colour.tsv", "w") as out:
        out.write(f"# Pillow {PIL.__version__}\n")
        for name in ("jpeg_444.jpg", "png_palette_200.png"):
            for operation, channels, pixels in lines(name):
                digest = hashlib.sha256(pixels.tobytes()).hexdigest()
                row = (name, operation, channels, pixels.height, pixels.width, digest)
                out.write("\t".join(map(str, row)) + "\n")
