"""Averages files as NumPy and PyTorch do, or evaluates a model with ONNX Runtime, when told to, and
says what it took.

Usage: peers.py THREADS, then lines on stdin: a way's name and the files, separated by tabs.
The first line of the answer says which versions are here; each later one is seconds, and seconds of
processor time, separated by a space. Sums are taken tensor by tensor, which is the faster order.
"""

import json
import sys
import threading
import time

try:
    import numpy
except ImportError:
    numpy = None
try:
    import torch
    from safetensors import safe_open

    torch.set_num_threads(int(sys.argv[1]))
except ImportError:
    torch = None
try:
    import onnxruntime
except ImportError:
    onnxruntime = None

NUMPY_TYPES = {"F32": "<f4", "F16": "<f2", "F64": "<f8"}


def mapped(path):
    """A file's tensors as arrays on its mapped bytes."""
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
    header.pop("__metadata__", None)
    data = numpy.memmap(path, numpy.uint8, "r", offset=8 + length)
    return {
        name: data[slice(*entry["data_offsets"])]
        .view(NUMPY_TYPES[entry["dtype"]])
        .reshape(entry["shape"])
        for name, entry in header.items()
    }


def numpy_f32(paths):
    tables = [mapped(path) for path in paths]
    weight = numpy.float32(1 / len(paths))
    soup = {}
    for name, first in tables[0].items():
        total = first.astype(numpy.float32) * weight
        for table in tables[1:]:
            total += table[name].astype(numpy.float32, copy=False) * weight
        soup[name] = total.astype(first.dtype, copy=False)
    return soup


def torch_f32(paths):
    files = [safe_open(path, "pt") for path in paths]
    weight = 1 / len(paths)
    soup = {}
    for name in files[0].keys():
        first = files[0].get_tensor(name)
        total = first.float() * weight
        for file in files[1:]:
            total.add_(file.get_tensor(name).float(), alpha=weight)
        soup[name] = total.to(first.dtype)
    return soup


def torch_f64(paths):
    files = [safe_open(path, "pt") for path in paths]
    soup = {}
    for name in files[0].keys():
        first = files[0].get_tensor(name)
        total = first.double()
        for file in files[1:]:
            total.add_(file.get_tensor(name))
        soup[name] = total.div_(len(paths)).to(first.dtype)
    return soup


def torch_own(paths):
    files = [safe_open(path, "pt") for path in paths]
    weight = 1 / len(paths)
    soup = {}
    for name in files[0].keys():
        total = files[0].get_tensor(name) * weight
        for file in files[1:]:
            total.add_(file.get_tensor(name), alpha=weight)
        soup[name] = total
    return soup


THREADS = int(sys.argv[1])
opened = {}


def opened_model(model, inputs, threads):
    """A session of so many threads and the array of its inputs, kept for the next time."""
    if (model, threads) not in opened:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        session = onnxruntime.InferenceSession(model, options, ["CPUExecutionProvider"])
        opened[model, threads] = session, numpy.load(inputs)
    return opened[model, threads]


def batches(session, examples, size):
    name = session.get_inputs()[0].name
    for start in range(0, len(examples), size):
        session.run(None, {name: examples[start : start + size]})


def onnx_session(arguments):
    model, inputs, size = arguments
    session, examples = opened_model(model, inputs, THREADS)
    batches(session, examples, int(size))


def onnx_threads(arguments):
    model, inputs, size = arguments
    session, examples = opened_model(model, inputs, 1)
    size = int(size)
    parts = [[] for _ in range(THREADS)]
    for number, start in enumerate(range(0, len(examples), size)):
        parts[number % THREADS].append(examples[start : start + size])
    workers = [
        threading.Thread(target=lambda part: [batches(session, x, size) for x in part], args=(part,))
        for part in parts
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def main():
    versions = {
        "python": sys.version.split()[0],
        "numpy": numpy and numpy.__version__,
        "torch": torch and torch.__version__,
        "onnxruntime": numpy and onnxruntime and onnxruntime.__version__,
    }
    print(json.dumps(versions), flush=True)
    ways = [numpy_f32, torch_f32, torch_f64, torch_own, onnx_session, onnx_threads]
    ways = {way.__name__: way for way in ways}
    for line in sys.stdin:
        way, *paths = line.rstrip("\n").split("\t")
        start, processor = time.perf_counter(), time.process_time()
        soup = ways[way](paths)
        seconds, processor_seconds = time.perf_counter() - start, time.process_time() - processor
        # Giving the memory back is part of nobody's time.
        del soup
        print(seconds, processor_seconds, flush=True)


main()
