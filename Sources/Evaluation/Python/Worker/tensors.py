"""Tensors that lie in mapped files."""
import json
import mmap
import os
import struct

# Bytes of one element, and the letter of `struct` and `array` for it where there is one.
ELEMENTS = {
    "BOOL": (1, "?"), "U8": (1, "B"), "I8": (1, "b"), "U16": (2, "H"), "I16": (2, "h"),
    "U32": (4, "I"), "I32": (4, "i"), "U64": (8, "Q"), "I64": (8, "q"), "F8_E4M3": (1, None),
    "F8_E5M2": (1, None), "F16": (2, "e"), "BF16": (2, None), "F32": (4, "f"), "F64": (8, "d"),
}


class Stored:
    """One tensor: where its elements lie, contiguous, in a mapped file."""

    __slots__ = ("name", "dtype", "shape", "map", "offset")

    def __init__(self, name, dtype, shape, map, offset):
        self.name = name
        self.dtype = dtype
        self.shape = tuple(shape)
        self.map = map
        self.offset = offset

    @property
    def count(self):
        count = 1
        for size in self.shape:
            count *= size
        return count

    @property
    def is_floating(self):
        return self.dtype.startswith(("F", "BF"))

    @property
    def bytes(self):
        end = self.offset + self.count * ELEMENTS[self.dtype][0]
        return memoryview(self.map)[self.offset:end]

    def tolist(self):
        """The elements as a flat list of Python numbers."""
        if self.dtype == "BF16":
            halves = struct.unpack("<%dH" % self.count, self.bytes)
            return list(struct.unpack(
                "<%df" % self.count, struct.pack("<%dI" % self.count, *(h << 16 for h in halves))))
        letter = ELEMENTS[self.dtype][1]
        if letter is None:
            raise ValueError("elements of %s are not read here" % self.dtype)
        return list(struct.unpack("<%d%s" % (self.count, letter), self.bytes))

    def __array__(self, dtype=None, copy=None):
        import numpy

        if self.dtype == "BF16":
            halves = numpy.frombuffer(self.bytes, "<u2").astype("<u4") << 16
            array = halves.view("<f4").reshape(self.shape)
        else:
            letter = ELEMENTS[self.dtype][1]
            array = numpy.frombuffer(self.bytes, letter).reshape(self.shape).copy()
        return array if dtype is None else array.astype(dtype)


class Handover:
    """The memory through which weights come: a safetensors file without a name."""

    def __init__(self, descriptor):
        os.set_inheritable(descriptor, False)
        self._descriptor = descriptor

    def read(self, size):
        """The tensors that lie in the first `size` bytes, in the order of the data."""
        shared = mmap.mmap(self._descriptor, size)
        length = struct.unpack_from("<Q", shared)[0]
        entries = json.loads(shared[8:8 + length])
        entries.pop("__metadata__", None)
        return [
            Stored(name, entry["dtype"], entry["shape"], shared,
                   8 + length + entry["data_offsets"][0])
            for name, entry in entries.items()
        ]


def read_table(files, entries):
    """Tensors at known places of files, which are mapped: nothing is read before it is used."""
    maps = []
    for path in files:
        with open(path, "rb") as file:
            # Private and writable only so that libraries do not warn; nobody writes.
            maps.append(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY))
    return [Stored(entry["name"], entry["dtype"], entry["shape"], maps[entry["file"]],
                   entry["offset"]) for entry in entries]
