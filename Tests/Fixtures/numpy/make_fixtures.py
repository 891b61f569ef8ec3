"""Writes the small NumPy files that the tests of Datasets/NumPy read. Needs numpy; run it in this folder."""
import io
import zipfile

import numpy as np

values = np.arange(6).reshape(2, 3)
for name in ("bool", "u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8", "f2", "f4", "f8"):
    dtype = np.dtype(name)
    signed = dtype.kind in "if"
    array = (values - 2 if signed else values).astype(dtype)
    np.save(f"{name}_little.npy", array)
    np.save(f"{name}_big.npy", array.astype(dtype.newbyteorder(">")))

np.save("fortran.npy", np.asfortranarray(np.arange(24, dtype="<f4").reshape(2, 3, 4)))
np.save("scalar.npy", np.float32(2.5))
np.save("vector.npy", np.array([7, 8, 9], dtype="<i4"))
np.save("empty.npy", np.zeros((0, 3), dtype="<f4"))
np.save("halves.npy", np.array([0, -0.0, 1, -2, 65504, 6.1e-5, 5.96e-8, np.inf, -np.inf, np.nan], dtype="<f2"))
np.save("large.npy", np.array([1, 2**40], dtype="<i8"))
np.save("objects.npy", np.array([{}], dtype=object), allow_pickle=True)
np.save("records.npy", np.zeros(2, dtype=[("a", "<f4"), ("b", "<i4")]))
np.save("text.npy", np.array(["a"]))
for version in ((2, 0), (3, 0)):
    with open(f"version{version[0]}.npy", "wb") as file:
        np.lib.format.write_array(file, values.astype("<f4"), version=version)
# As Python 2 wrote them: other order, other quotes, long integers.
header = b'{"shape": (2L, 3L), "fortran_order": False, "descr": "<f4"}'
header += b" " * (63 - (10 + len(header)) % 64) + b"\n"
with open("python2.npy", "wb") as file:
    file.write(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + values.astype("<f4").tobytes())

np.savez("stored.npz", a=values.astype("<f4"), b=np.arange(4, dtype="u1"))
np.savez_compressed("deflated.npz", a=np.tile(values.astype("<f4"), (10, 10)), b=np.arange(4, dtype="u1"))


class Stream(io.RawIOBase):
    """A file that cannot be sought in, so that sizes come after the data."""

    def __init__(self, file):
        self.file = file

    def writable(self):
        return True

    def write(self, data):
        return self.file.write(data)


with open("streamed.npz", "wb") as file, zipfile.ZipFile(Stream(file), "w", zipfile.ZIP_DEFLATED) as archive:
    buffer = io.BytesIO()
    np.save(buffer, values.astype("<f4"))
    archive.writestr("a.npy", buffer.getvalue())
    archive.writestr("notes.txt", "not an array")

# All sizes and positions in 64-bit fields, as in a file of more than 4 GiB.
name, data = b"a.npy", buffer.getvalue()
import struct, zlib

crc, n = zlib.crc32(data), len(data)
extra = struct.pack("<HHQQ", 1, 16, n, n)
local = struct.pack("<IHHHHHIIIHH", 0x04034B50, 45, 0, 0, 0, 0x21, crc, 0xFFFFFFFF, 0xFFFFFFFF, len(name), len(extra)) + name + extra + data
extra = struct.pack("<HHQQQ", 1, 24, n, n, 0)
central = struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 45, 45, 0, 0, 0, 0x21, crc, 0xFFFFFFFF, 0xFFFFFFFF, len(name), len(extra), 0, 0, 0, 0, 0xFFFFFFFF) + name + extra
end64 = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, 1, 1, len(central), len(local))
locator = struct.pack("<IIQI", 0x07064B50, 0, len(local) + len(central), 1)
end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
with open("zip64.npz", "wb") as file:
    file.write(local + central + end64 + locator + end)
with zipfile.ZipFile("zip64.npz") as archive:
    assert archive.read("a.npy") == data
