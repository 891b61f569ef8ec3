"""Pictures of every kind, and what TensorFlow and Keras read from them.

    python3 -m venv /path/to/venv && /path/to/venv/bin/pip install keras==3.15.1 tensorflow-cpu pillow numpy
    /path/to/venv/bin/python make_fixtures.py

PNG files are put together here, so that each depth, color, filter and interlacing is there. decoded.npz has what
tf.io.decode_image makes of each file, with 0 (the file's own), 1, 3 and 4 channels; where TensorFlow does not read a format,
what Pillow makes of it. resized.npz has the batches of keras.utils.image_dataset_from_directory.
"""

import io
import os
import shutil
import struct
import zlib

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
import tensorflow as tf
from PIL import Image

random = np.random.default_rng(5)
here = os.path.dirname(os.path.abspath(__file__))
files = {}


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def packed(samples, depth):
    """A row of samples as bytes."""
    if depth == 16:
        return samples.astype(">u2").tobytes()
    if depth == 8:
        return samples.astype(np.uint8).tobytes()
    bits = "".join(format(int(s), f"0{depth}b") for s in samples)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))


def paeth(a, b, c):
    p = a + b - c
    pa, pb, pc = abs(p - a), abs(p - b), abs(p - c)
    return a if pa <= pb and pa <= pc else b if pb <= pc else c


def filtered(rows, step, first):
    """Rows behind their filters; all five take turns."""
    out, above = b"", None
    for y, row in enumerate(rows):
        above = above or bytes(len(row))
        kind = (y + first) % 5
        line = bytearray()
        for i, value in enumerate(row):
            a = row[i - step] if i >= step else 0
            b, c = above[i], above[i - step] if i >= step else 0
            line.append((value - [0, a, b, (a + b) // 2, paeth(a, b, c)][kind]) % 256)
        out += bytes([kind]) + line
        above = row
    return out


def png(samples, depth, color, interlaced=False, extra=b"", parts=1, first=1):
    height, width, channels = samples.shape
    step = max(1, channels * depth // 8)
    passes = [(0, 0, 1, 1)]
    if interlaced:
        passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    raw = b""
    for x, y, dx, dy in passes:
        part = samples[y::dy, x::dx]
        if part.size:
            raw += filtered([packed(row.reshape(-1), depth) for row in part], step, first)
    data = zlib.compress(raw, 9)
    cuts = [len(data) * i // parts for i in range(parts + 1)]
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, int(interlaced))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra
        + b"".join(chunk(b"IDAT", data[a:b]) for a, b in zip(cuts, cuts[1:])) + chunk(b"IEND", b"")
    )


palette = random.integers(0, 256, (256, 3)).astype(np.uint8)
for color, channels, depths in [(0, 1, (1, 2, 4, 8, 16)), (2, 3, (8, 16)), (3, 1, (1, 2, 4, 8)), (4, 2, (8, 16)), (6, 4, (8, 16))]:
    for depth in depths:
        extra = chunk(b"PLTE", palette[: 2**depth].tobytes()) if color == 3 else b""
        for interlaced in (False, True):
            samples = random.integers(0, 2**depth, (11, 13, channels))
            name = f"png_{['gray', '', 'rgb', 'palette', 'graya', '', 'rgba'][color]}{depth}{'_interlaced' if interlaced else ''}"
            files[name + ".png"] = png(samples, depth, color, interlaced, extra)

few = random.integers(0, 4, (9, 10, 3))
files["png_gray8_transparent.png"] = png(few[:, :, :1], 8, 0, extra=chunk(b"tRNS", b"\0\2"))
files["png_gray4_transparent.png"] = png(few[:, :, :1], 4, 0, extra=chunk(b"tRNS", b"\0\3"))
files["png_gray16_transparent.png"] = png(few[:, :, :1] * 300, 16, 0, extra=chunk(b"tRNS", struct.pack(">H", 600)))
files["png_rgb8_transparent.png"] = png(few // 2, 8, 2, extra=chunk(b"tRNS", b"\0\1\0\0\0\1"))
files["png_rgb16_transparent.png"] = png(few // 2 * 300, 16, 2, extra=chunk(b"tRNS", struct.pack(">HHH", 300, 0, 300)))
files["png_palette2_transparent.png"] = png(
    few[:, :, :1], 2, 3, extra=chunk(b"PLTE", palette[:4].tobytes()) + chunk(b"tRNS", bytes([0, 100, 200])))
files["png_palette4_short.png"] = png(few[:, :, :1], 4, 3, extra=chunk(b"PLTE", palette[:2].tobytes()))
files["png_rgb8_gamma.png"] = png(random.integers(0, 256, (9, 10, 3)), 8, 2, extra=chunk(b"gAMA", struct.pack(">I", 45455)))
files["png_rgba8_srgb.png"] = png(random.integers(0, 256, (9, 10, 4)), 8, 6, extra=chunk(b"sRGB", b"\0"))
files["png_rgb8_parts.png"] = png(random.integers(0, 256, (9, 10, 3)), 8, 2, parts=7)
files["png_dot.png"] = png(random.integers(0, 256, (1, 1, 3)), 8, 2, interlaced=True)
files["png_thin.png"] = png(random.integers(0, 256, (7, 2, 4)), 8, 6, interlaced=True)
for first in range(5):  # every filter in the first row, where nothing stands above
    files[f"png_first{first}.png"] = png(random.integers(0, 256, (2, 5, 3)), 8, 2, first=first)


def smooth(height, width, channels=3):
    small = random.integers(0, 256, (4, 5, channels)).astype(np.uint8)
    layers = [Image.fromarray(small[..., c]).resize((width, height), Image.BICUBIC) for c in range(channels)]
    return np.stack([np.asarray(layer) for layer in layers], -1)


def saved(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


photo = Image.fromarray(smooth(21, 35))
files["jpeg_420.jpg"] = saved(photo, "JPEG", quality=85)
files["jpeg_422.jpg"] = saved(photo, "JPEG", quality=85, subsampling="4:2:2")
files["jpeg_444.jpg"] = saved(photo, "JPEG", quality=95, subsampling="4:4:4")
files["jpeg_progressive.jpg"] = saved(photo, "JPEG", quality=85, progressive=True)
files["jpeg_gray.jpg"] = saved(photo.convert("L"), "JPEG", quality=85)
files["jpeg_cmyk.jpg"] = saved(photo.convert("CMYK"), "JPEG", quality=95)
exif = Image.Exif()
exif[0x0112] = 6
files["jpeg_turned.jpg"] = saved(photo, "JPEG", quality=85, exif=exif)

files["bmp_24.bmp"] = saved(photo, "BMP")
files["bmp_32.bmp"] = saved(Image.fromarray(smooth(5, 7, 4)), "BMP")
files["bmp_gray8.bmp"] = saved(photo.convert("L").crop((0, 0, 9, 5)), "BMP")
files["bmp_palette8.bmp"] = saved(photo.crop((0, 0, 9, 5)).quantize(16), "BMP")
files["bmp_1.bmp"] = saved(photo.convert("1").crop((0, 0, 11, 5)), "BMP")
rows = random.integers(0, 16, (5, 7))
body = b"".join(packed(row, 4).ljust(4, b"\0") for row in rows)
colors = b"".join(bytes(c[::-1]) + b"\0" for c in palette[:16])
files["bmp_palette4_down.bmp"] = (
    b"BM" + struct.pack("<IHHI", 54 + 64 + len(body), 0, 0, 54 + 64)
    + struct.pack("<IiiHHIIiiII", 40, 7, -5, 1, 4, 0, len(body), 0, 0, 16, 0) + colors + body)
known = {"bmp_palette4_down.bmp": palette[rows]}

files["ppm_binary.ppm"] = saved(photo.crop((0, 0, 9, 5)), "PPM")
files["pgm_binary.pgm"] = saved(photo.convert("L").crop((0, 0, 9, 5)), "PPM")
values = random.integers(0, 256, (3, 4, 3))
files["ppm_text.ppm"] = b"P3 # a comment\n4 3\n# another\n255\n" + " ".join(map(str, values.reshape(-1))).encode() + b"\n"
known["ppm_text.ppm"] = values
values = random.integers(0, 16, (3, 4, 1))
files["pgm_text.pgm"] = b"P2\n4 3\n15\n" + "\n".join(map(str, values.reshape(-1))).encode()
known["pgm_text.pgm"] = values * 17
values = random.integers(0, 65536, (3, 4, 3))
files["ppm_deep.ppm"] = b"P6 4 3 65535\n" + values.astype(">u2").tobytes()
known["ppm_deep.ppm"] = (values * 255 + 32767) // 65535

decoded = {}
for name, data in files.items():
    open(os.path.join(here, name), "wb").write(data)
    kind = name.split("_")[0]
    if kind in ("png", "jpeg") or name == "bmp_32.bmp":
        for channels in {"png": (0, 1, 3, 4), "jpeg": (0, 1, 3), "bmp": (0, 3, 4)}[kind]:
            if kind == "jpeg" and "cmyk" in name and channels == 1:
                continue  # refused
            pixels = tf.io.decode_image(data, channels=channels, expand_animations=False).numpy()
            shallow = "palette" in name or any(f"gray{depth}" in name for depth in (1, 2, 4))
            if shallow and "transparent" not in name and channels == 4:
                pixels[..., 3] = 255  # TensorFlow takes the largest number of so few bits
            decoded[f"{name}-{channels}"] = pixels
    elif name in known:
        decoded[f"{name}-0"] = known[name].astype(np.uint8)
    else:
        image = Image.open(io.BytesIO(data))
        image = image.convert({"1": "L", "P": "RGB"}.get(image.mode, image.mode))
        decoded[f"{name}-0"] = np.atleast_3d(np.asarray(image))

folder = os.path.join(here, "photos")
shutil.rmtree(folder, ignore_errors=True)
for name, (height, width) in {"cats/1.png": (11, 17), "cats/2.png": (24, 9), "dogs/1.png": (6, 6)}.items():
    os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
    noise = random.integers(-20, 21, (height, width, 3))
    pixels = np.clip(smooth(height, width).astype(int) + noise, 0, 255).astype(np.uint8)
    Image.fromarray(pixels).save(os.path.join(folder, name), optimize=True)

resized = {}


def batch(name, **options):
    data = keras.utils.image_dataset_from_directory(folder, shuffle=False, verbose=False, **options)
    resized[name] = np.concatenate([x.numpy().astype(np.float32) for x, _ in data])


for method in ("bilinear", "nearest", "bicubic", "area", "lanczos3", "lanczos5", "gaussian", "mitchellcubic"):
    for size in ((5, 7), (16, 12)):
        batch(f"{method}-{size[0]}-{size[1]}", image_size=size, interpolation=method)
for size in ((5, 7), (16, 12), (8, 8)):
    batch(f"crop-{size[0]}-{size[1]}", image_size=size, crop_to_aspect_ratio=True)
    batch(f"pad-{size[0]}-{size[1]}", image_size=size, pad_to_aspect_ratio=True)
batch("gray-6-6", image_size=(6, 6), color_mode="grayscale")
batch("rgba-6-6", image_size=(6, 6), color_mode="rgba")

np.savez_compressed(os.path.join(here, "decoded.npz"), **decoded)
np.savez_compressed(os.path.join(here, "resized.npz"), **resized)
