"""Averages files as NumPy and PyTorch do, evaluates a model with ONNX Runtime, or makes a greedy soup
with PyTorch, when told to, and says what it took.

Usage: peers.py THREADS, then lines on stdin: a way's name and the files, separated by tabs.
The first line of the answer says which versions are here; each later one is seconds, and seconds of
processor time, and what was found, if anything, all separated by spaces. Sums are taken tensor by
tensor, which is the faster order.
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
    from safetensors.torch import load_file

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


def digits_vit(weights, images):
    """The logits of the demo sweep's vision transformer for a batch."""
    functional = torch.nn.functional

    def linear(name, x):
        return functional.linear(x, weights[name + ".weight"], weights[name + ".bias"])

    def norm(name, x):
        scale, shift = weights[name + ".weight"], weights[name + ".bias"]
        return functional.layer_norm(x, x.shape[-1:], scale, shift, 1e-6)

    def attention(name, x):
        parts = linear(name + ".qkv", x).chunk(3, -1)
        heads = (part.unflatten(-1, (4, -1)).transpose(1, 2) for part in parts)
        mixed = functional.scaled_dot_product_attention(*heads)
        return linear(name + ".proj", mixed.transpose(1, 2).flatten(2))

    kernel, shift = weights["patch_embed.weight"], weights["patch_embed.bias"]
    x = functional.conv2d(images, kernel, shift, stride=2).flatten(2).mT + weights["pos_embed"]
    for block in range(4):
        name = f"blocks.{block}"
        x = x + attention(name + ".attn", norm(name + ".norm1", x))
        hidden = functional.gelu(linear(name + ".mlp.fc1", norm(name + ".norm2", x)))
        x = x + linear(name + ".mlp.fc2", hidden)
    return linear("head", norm("norm", x).mean(1))


def torch_greedy(arguments):
    """The loop of github.com/mlfoundations/model-soups, main.py, --greedy-soup, on the demo sweep.

    As there, individual accuracies come from a file, candidates are evaluated in full in batches of
    256, and the soup is evaluated on every other split at last. Ties are accepted, as the paper says.
    """
    folder, threads = arguments
    torch.set_num_threads(int(threads))
    splits = ["val", "test", "shift_rotation", "shift_noise", "shift_contrast_occlusion"]
    data = {
        split: [torch.from_numpy(numpy.load(f"{folder}/data/{split}_{part}.npy")) for part in "xy"]
        for split in splits
    }

    def correct(weights, split):
        with torch.inference_mode():
            return sum(
                int((digits_vit(weights, images).argmax(1) == labels).sum())
                for images, labels in zip(*(part.split(256) for part in data[split]))
            )

    def load(result):
        weights = load_file(f"{folder}/{result['path']}")
        return {name: tensor.float() for name, tensor in weights.items()}

    with open(f"{folder}/results.jsonl") as file:
        results = [result for result in map(json.loads, file) if result["role"] == "ingredient"]
    results.sort(key=lambda result: -result["metrics"]["val"]["correct"])
    taken = results[:1]
    soup, best = load(taken[0]), taken[0]["metrics"]["val"]["correct"]
    for result in results[1:]:
        count = len(taken)
        new = load(result)
        candidate = {
            name: soup[name].clone() * (count / (count + 1)) + new[name].clone() * (1 / (count + 1))
            for name in new
        }
        found = correct(candidate, "val")
        if found >= best:
            soup, best, taken = candidate, found, taken + [result]
    for split in splits[1:]:
        correct(soup, split)
    torch.set_num_threads(THREADS)
    return [result["name"] for result in taken]


def main():
    versions = {
        "python": sys.version.split()[0],
        "numpy": numpy and numpy.__version__,
        "torch": torch and torch.__version__,
        "onnxruntime": numpy and onnxruntime and onnxruntime.__version__,
    }
    print(json.dumps(versions), flush=True)
    ways = [numpy_f32, torch_f32, torch_f64, torch_own, onnx_session, onnx_threads, torch_greedy]
    ways = {way.__name__: way for way in ways}
    for line in sys.stdin:
        way, *paths = line.rstrip("\n").split("\t")
        start, processor = time.perf_counter(), time.process_time()
        found = ways[way](paths)
        seconds, processor_seconds = time.perf_counter() - start, time.process_time() - processor
        words = found if isinstance(found, list) else []
        # Giving the memory back is part of nobody's time.
        del found
        print(seconds, processor_seconds, *words, flush=True)


main()
