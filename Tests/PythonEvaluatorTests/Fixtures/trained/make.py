"""Trains the small models of this folder and writes their sweeps: python make.py (torch, onnx, onnxscript).

Each model is trained for a while, then fine-tuned three times with settings of their own. The counts
in expected.json are PyTorch's.
"""
import importlib.util
import json
import os
import pathlib

import numpy
import torch
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).resolve().parent
FINE_TUNES = [(0.02, 3), (0.01, 5), (0.03, 2)]


def load(name):
    spec = importlib.util.spec_from_file_location(name, HERE / name / "evaluator.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def bars(count, noise, seed):
    """Bars of four directions under noise, as bytes."""
    random = numpy.random.default_rng(seed)
    labels = random.integers(0, 4, count)
    rows, columns = numpy.mgrid[0:8, 0:8]
    planes = [rows, columns, rows + columns, rows - columns]
    images = numpy.stack([
        128 + 80 * numpy.sin(1.6 * planes[label] + random.uniform(0, 6.28)) for label in labels])
    images = images + random.normal(0, noise, images.shape)
    return numpy.clip(images, 0, 255).astype(numpy.uint8)[:, None], labels.astype(numpy.int64)


def texts(count, noise, seed):
    """Lists of words, most of them of one of three groups of eight."""
    random = numpy.random.default_rng(seed)
    labels = random.integers(0, 3, count)
    lengths = random.integers(3, 11, count)
    ids = random.integers(0, 24, (count, 10))
    own = labels[:, None] * 8 + random.integers(0, 8, ids.shape)
    ids = numpy.where(random.random(ids.shape) < noise, ids, own)
    mask = numpy.arange(10)[None] < lengths[:, None]
    return numpy.where(mask, ids, 0).astype(numpy.int64), mask.astype(numpy.int64), labels


def dataset(module, split):
    data = module.data(split)
    return torch.utils.data.TensorDataset(*data) if isinstance(data, tuple) else data


def train(network, data, rate, epochs, seed):
    torch.manual_seed(seed)
    network.train()
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate)
    for _ in range(epochs):
        for examples in torch.randperm(len(data)).split(32):
            inputs, labels = torch.utils.data.default_collate([data[int(i)] for i in examples])
            logits = network(**inputs) if isinstance(inputs, dict) else network(inputs)
            optimiser.zero_grad()
            torch.nn.functional.cross_entropy(logits, labels).backward()
            optimiser.step()
    return {name: value.detach().clone() for name, value in network.state_dict().items()}


def counts(network, state, data):
    network.load_state_dict(state)
    network.eval()
    inputs, labels = torch.utils.data.default_collate([data[i] for i in range(len(data))])
    with torch.no_grad():
        logits = network(**inputs) if isinstance(inputs, dict) else network(inputs)
    best = logits.topk(2).values
    # Nothing is so near a tie that rounding could decide it.
    assert (best[:, 0] - best[:, 1]).min() > 1e-4
    return int((logits.argmax(1) == labels).sum())


def make(name, example, names):
    module, folder = load(name), HERE / name
    (folder / "ingredients").mkdir(exist_ok=True)
    os.chdir(folder)
    torch.manual_seed(1)
    network = module.model()
    train_data = dataset(module, "train")
    origin = train(network, train_data, 0.01, 4, 1)
    expected = {}
    states = []
    for number, (rate, epochs) in enumerate(FINE_TUNES):
        network.load_state_dict(origin)
        states.append(train(network, train_data, rate, epochs, 10 + number))
        save_file(states[-1], f"ingredients/m{number}.safetensors")
    uniform = {
        key: (sum(state[key].double() for state in states) / len(states)).float()
        if value.is_floating_point() else value for key, value in states[0].items()}
    for label, state in [(f"m{n}", s) for n, s in enumerate(states)] + [("uniform", uniform)]:
        expected[label] = {
            split: counts(network, state, dataset(module, split)) for split in ("val", "test")}
    (folder / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
    network.load_state_dict(states[0])
    torch.onnx.export(
        network.eval(), example, "model.onnx", dynamo=True, optimize=False, external_data=False,
        input_names=names, output_names=["logits"],
        dynamic_shapes=tuple({0: torch.export.Dim("batch")} for _ in example), verbose=False)


def main():
    for name in ("batchnorm", "text"):
        (HERE / name / "data").mkdir(exist_ok=True)
    for seed, (split, count) in enumerate([("train", 240), ("val", 120), ("test", 90)]):
        images, labels = bars(count, 95, seed)
        numpy.save(HERE / f"batchnorm/data/{split}_x.npy", images)
        numpy.save(HERE / f"batchnorm/data/{split}_y.npy", labels)
        ids, mask, labels = texts(count, 0.72, seed)
        for part, values in [("ids", ids), ("mask", mask), ("y", labels)]:
            numpy.save(HERE / f"text/data/{split}_{part}.npy", values)
    make("batchnorm", (torch.zeros(2, 1, 8, 8),), ["images"])
    tokens = torch.ones(2, 10, dtype=torch.int64)
    make("text", (tokens, tokens.clone()), ["input_ids", "attention_mask"])


main()
