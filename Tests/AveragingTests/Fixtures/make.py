"""Makes the fixtures: three checkpoints with every element type, and their average by NumPy in f64.

Usage: make.py FOLDER. Needs numpy and ml_dtypes. Sums are taken as the averager takes them, in f64
in the order of the ingredients, and rounded once.
"""

import json
import struct
import sys

import ml_dtypes
import numpy as np

FLOATS = {
    "F32": np.float32,
    "F16": np.float16,
    "BF16": ml_dtypes.bfloat16,
    "F64": np.float64,
    "F8_E4M3": ml_dtypes.float8_e4m3fn,
    "F8_E5M2": ml_dtypes.float8_e5m2,
}
INTEGERS = {
    "BOOL": np.bool_,
    "U8": np.uint8,
    "I8": np.int8,
    "U16": np.uint16,
    "I16": np.int16,
    "U32": np.uint32,
    "I32": np.int32,
    "U64": np.uint64,
    "I64": np.int64,
}
SHAPES = {"matrix": (9, 37), "vector": (13,), "scalar": (), "empty": (0, 4)}
# Exponents at which some values of a type are subnormal.
SUBNORMAL = {"F16": -16, "F32": -130, "BF16": -130}
TENTHS = [5, 2, 3]
random = np.random.default_rng(7)


def write(path, tensors, metadata=None):
    header = {"__metadata__": metadata} if metadata else {}
    data = b""
    for name, (dtype, array) in tensors.items():
        begin = len(data)
        data += array.tobytes()
        header[name] = {
            "dtype": dtype,
            "shape": list(array.shape),
            "data_offsets": [begin, len(data)],
        }
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def values(dtype, count):
    numbers = random.standard_normal(count) * np.exp2(random.integers(-3, 4, count))
    if dtype in SUBNORMAL:
        numbers[:8] = np.ldexp(random.standard_normal(8), SUBNORMAL[dtype])
    return numbers.astype(FLOATS[dtype])


def rounded(numbers, dtype):
    """Rounds once: ml_dtypes goes by way of f32, which is therefore rounded to odd first."""
    if dtype in ("F32", "F64"):
        return numbers.astype(FLOATS[dtype])
    exact = np.atleast_1d(numbers)
    near = exact.astype(np.float32)
    back = near.astype(np.float64)
    step = np.where(back == exact, 0, np.where(np.abs(back) > np.abs(exact), -1, 1))
    bits = near.view(np.int32)
    odd = np.where(bits & 1 == 0, bits + step, bits).astype(np.int32)
    return odd.view(np.float32).reshape(numbers.shape).astype(FLOATS[dtype])


def main(folder):
    files = [{} for _ in TENTHS]
    for dtype in FLOATS:
        for kind, shape in SHAPES.items():
            count = int(np.prod(shape))
            for file in files:
                array = values(dtype, max(count, 8))[:count].reshape(shape)
                file[f"{dtype.lower()}.{kind}"] = (dtype, array)
    for dtype, kind in INTEGERS.items():
        array = random.integers(0, 2 if dtype == "BOOL" else 100, (3, 5)).astype(kind)
        for file in files:
            file[f"{dtype.lower()}.buffer"] = (dtype, array)
    for index, file in enumerate(files):
        file["steps"] = ("I64", np.array(100 + index, np.int64))
    order = sorted(files[0], key=lambda name: -files[0][name][1].dtype.itemsize)
    for index, file in enumerate(files):
        write(
            f"{folder}/ingredient-{index}.safetensors",
            {name: file[name] for name in order},
            {"made by": "numpy", "index": str(index)},
        )
    average = {}
    for name in order:
        dtype, first = files[0][name]
        if dtype in INTEGERS:
            average[name] = (dtype, first)
            continue
        total = np.zeros(first.shape, np.float64)
        for tenths, file in zip(TENTHS, files):
            total = total + tenths * file[name][1].astype(np.float64)
        average[name] = (dtype, rounded(total / 10, dtype))
    write(f"{folder}/average.safetensors", average)


main(sys.argv[1])
