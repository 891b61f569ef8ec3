"""Writes the small sound files of this folder that damaged ones are made from.

    python3 generate.py
"""

import gzip
import io
import random
import struct
import tarfile
import zlib

random.seed(1)
text = b"".join(random.choice([b"layer ", b"weight ", b"batch ", b"%d " % random.randrange(1000)]) for _ in range(500))


def tar(name, format, files):
    with open(name, "wb") as f, tarfile.open(fileobj=f, mode="w", format=format, bufsize=512) as archive:
        for path, content in files:
            info = tarfile.TarInfo(path)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    with open(name, "rb") as f:
        content = f.read().rstrip(b"\0")
    with open(name, "wb") as f:
        f.write(content + bytes(-len(content) % 512 + 1024))


files = [("a", b"123"), ("folder/b", text[:700]), ("long/" * 30 + "c", b"x"), ("é", b"")]
tar("ustar.tar", tarfile.USTAR_FORMAT, files[:2])
tar("gnu.tar", tarfile.GNU_FORMAT, files)
tar("pax.tar", tarfile.PAX_FORMAT, files)


def idx(name, kind, letter, shape, values):
    with open(name, "wb") as f:
        f.write(struct.pack(f">BBBB{len(shape)}I", 0, 0, kind, len(shape), *shape))
        f.write(struct.pack(f">{len(values)}{letter}", *values))


idx("bytes.idx", 8, "B", [3, 4, 5], list(range(60)))
idx("signed.idx", 9, "b", [5], [-2, -1, 0, 1, 2])
idx("shorts.idx", 11, "h", [2, 3], [-300, 0, 1, 2, 3, 300])
idx("ints.idx", 12, "i", [2], [-(2**31), 2**31 - 1])
idx("floats.idx", 13, "f", [2, 2], [0.5, -1.5, 1e30, 0])
idx("doubles.idx", 14, "d", [1, 3], [0.1, -2, 1e300])

for name, content, level in [("text.gz", text, 6), ("stored.gz", text[:300], 0), ("zeros.gz", bytes(100_000), 9)]:
    with open(name, "wb") as f:
        f.write(gzip.compress(content, level, mtime=0))
with open("several.gz", "wb") as f:
    f.write(gzip.compress(b"first, ", mtime=0) + gzip.compress(text, mtime=0))

for name, content, level in [("text.zlib", text, 6), ("stored.zlib", text[:300], 0), ("zeros.zlib", bytes(100_000), 9)]:
    with open(name, "wb") as f:
        f.write(zlib.compress(content, level))
