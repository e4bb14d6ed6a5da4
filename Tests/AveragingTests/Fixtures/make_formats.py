"""Writes the ingredients in the other formats, into the folder formats beside this file.

Needs PyTorch (made with 2.13), NumPy and safetensors. What a format cannot hold is left out of it:
NumPy has neither bfloat16 nor 8-bit floats, and old PyTorch files no wide unsigned integers.
"""

import json
import pathlib

import numpy as np
import torch
from safetensors.torch import load_file, save_file

here = pathlib.Path(__file__).parent
out = here / "formats"
out.mkdir(exist_ok=True)
NARROW = (torch.bfloat16, torch.float8_e4m3fn, torch.float8_e5m2)
UNSIGNED = (torch.uint16, torch.uint32, torch.uint64)


def sharded(folder, tensors, prefix, suffix, save):
    """Two shards with an index, as Transformers writes them."""
    folder.mkdir(exist_ok=True)
    names = list(tensors)
    half = len(names) // 2
    groups, weight_map = [names[:half], names[half:]], {}
    for number, group in enumerate(groups, 1):
        name = f"{prefix}-{number:05}-of-00002.{suffix}"
        save({key: tensors[key] for key in group}, folder / name)
        weight_map.update({key: name for key in group})
    size = sum(value.nbytes for value in tensors.values())
    index = {"metadata": {"total_size": size}, "weight_map": weight_map}
    (folder / f"{prefix}.{suffix}.index.json").write_text(json.dumps(index))


for number in range(3):
    tensors = load_file(here / f"ingredient-{number}.safetensors")
    tensors = {name: value.clone() for name, value in tensors.items()}
    old = {name: value for name, value in tensors.items() if value.dtype not in UNSIGNED}
    arrays = {
        name: value.numpy() for name, value in tensors.items() if value.dtype not in NARROW
    }
    torch.save(tensors, out / f"zip-{number}.pt")
    torch.save(old, out / f"legacy-{number}.pt", _use_new_zipfile_serialization=False)
    # As trainers leave them: wrapped, and under a prefix; every other tensor is a strided view.
    wrapped = {}
    for place, (name, value) in enumerate(tensors.items()):
        if value.dim() == 2 and place % 2:
            value = value.t().contiguous().t()
        wrapped["module." + name] = value
    torch.save({"epoch": number, "state_dict": wrapped}, out / f"wrapped-{number}.ckpt")
    np.savez_compressed(out / f"numpy-{number}.npz", **arrays)
    sharded(out / f"safetensors-{number}", tensors, "model", "safetensors", save_file)
    sharded(out / f"pytorch-{number}", tensors, "pytorch_model", "bin", torch.save)
