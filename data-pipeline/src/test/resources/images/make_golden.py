"""Writes the images of this folder and golden.tsv: what Pillow makes of them.

Run with Python 3 and Pillow in this folder. Columns of golden.tsv, tabs between:
file, operation (decode, or resize HxW), channels, height, width, SHA-256 of the pixels (HWC).
"""

import hashlib

from PIL import Image, ImageCms
import PIL

W, H = 37, 29


def picture():
    image = Image.new("RGB", (W, H))
    for y in range(H):
        for x in range(W):
            image.putpixel((x, y), ((x * 7 + y) % 256, (x * y) % 256, (255 - 3 * x + 5 * y) % 256))
    return image


def files(image):
    grey = image.convert("L")
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for name, subsampling in (("444", 0), ("422", 1), ("420", 2)):
        image.save(f"jpeg_{name}.jpg", quality=85, subsampling=subsampling)
    image.save("jpeg_progressive.jpg", progressive=True, quality=70)
    image.save("jpeg_restart.jpg", restart_marker_rows=1)
    image.save("jpeg_rgb.jpg", keep_rgb=True)
    image.save("jpeg_profile.jpg", icc_profile=lab)
    grey.save("jpeg_grey.jpg")
    image.convert("CMYK").save("jpeg_cmyk.jpg")
    with open("jpeg_cmyk.jpg", "rb") as f:
        data = f.read()
    at = data.index(b"Adobe") + 11
    with open("jpeg_ycck.jpg", "wb") as f:
        f.write(data[:at] + b"\x02" + data[at + 1 :])
    image.save("png_rgb_profile.png", icc_profile=lab)
    grey.save("png_grey.png")
    for colours in (2, 4, 16, 200):
        image.quantize(colours).save(f"png_palette_{colours}.png")
    grey.convert("1").save("png_1_bit.png")


def lines(name):
    image = Image.open(name)
    rgb = image.convert("RGB")
    grey = image if image.mode == "L" else rgb.convert("L")
    for channels, pixels in ((1, grey), (3, rgb)):
        yield name, "decode", channels, pixels
        for height, width in ((16, 16), (64, 50), (29, 5), (3, 37), (200, 1)):
            yield name, f"resize {height}x{width}", channels, pixels.resize(
                (width, height), Image.Resampling.BILINEAR
            )


if __name__ == "__main__":
    import glob

    files(picture())
    with open("golden.tsv", "w") as out:
        out.write(f"# Pillow {PIL.__version__}\n")
        for name in sorted(glob.glob("*.jpg") + glob.glob("*.png")):
            for file, operation, channels, pixels in lines(name):
                digest = hashlib.sha256(pixels.tobytes()).hexdigest()
                row = (file, operation, channels, pixels.height, pixels.width, digest)
                out.write("\t".join(map(str, row)) + "\n")
