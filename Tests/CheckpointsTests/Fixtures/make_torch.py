"""Writes the PyTorch fixtures beside this file. Needs PyTorch (made with 2.13)."""

import argparse
import collections
import enum
import io
import pathlib
import pickle
import zipfile

import numpy as np
import torch

here = pathlib.Path(__file__).parent / "torch"
here.mkdir(exist_ok=True)


def save(value, name, **options):
    torch.save(value, here / name, **options)


kinds = {
    "bool": torch.bool, "u8": torch.uint8, "i8": torch.int8, "u16": torch.uint16,
    "i16": torch.int16, "u32": torch.uint32, "i32": torch.int32, "u64": torch.uint64,
    "i64": torch.int64, "f8e4m3": torch.float8_e4m3fn, "f8e5m2": torch.float8_e5m2,
    "f16": torch.float16, "bf16": torch.bfloat16, "f32": torch.float32, "f64": torch.float64,
}
ramp = torch.arange(6).reshape(2, 3)
every = collections.OrderedDict((name, ramp.to(kind)) for name, kind in kinds.items())
save(every, "dtypes.pt")
for protocol in (3, 4, 5):
    save(every, f"protocol{protocol}.pt", pickle_protocol=protocol)
old = {name: value for name, value in every.items() if name not in ("u16", "u32", "u64")}
save(old, "legacy.pt", _use_new_zipfile_serialization=False)

base = torch.arange(24.0).reshape(4, 6)
tied = torch.nn.Parameter(torch.tensor([1.0, 2.0]))
half = torch.arange(4, dtype=torch.float16)
save(
    {
        "base": base, "transposed": base.t(), "column": base[:, 2], "block": base[1:3, 2:5],
        "expanded": torch.tensor([7.0]).expand(2, 3), "scalar": torch.tensor(2.5),
        "empty": torch.zeros(0, 3), "first": tied, "second": tied, "halves": half,
        "tail": half[2:], "permuted": torch.arange(24).reshape(2, 3, 4).permute(2, 0, 1),
    },
    "views.pt",
)
save({"a": torch.arange(3.0)}, "small.pt")


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(2, 2)
        self.norm = torch.nn.BatchNorm1d(2)


torch.manual_seed(0)
model = Model()
state = model.state_dict()
optimizer = torch.optim.AdamW(model.parameters())
model.layer(torch.ones(1, 2)).sum().backward()
optimizer.step()
average = {name: value + 1 for name, value in state.items()}
extra = {"epoch": 3, "best": torch.tensor(0.5), "optimizer": optimizer.state_dict()}
save(state, "plain.pt")
for name in ("state_dict", "model", "model_state_dict", "module", "network", "params"):
    save({**extra, name: state}, f"wrapped_{name}.pt")
save({**extra, "state_dict": state, "state_dict_ema": average}, "ema.pt")
save({**extra, "state_dict": state, "model": average}, "ambiguous.pt")
save({"student": state, "teacher": average}, "pair.pt")
save({"step": torch.tensor(3), "my_weights": state}, "unnamed.pt")
save({"queue": torch.ones(3), "encoder": state}, "queue.pt")
save({"epoch": 3}, "nothing.pt")
save(torch.ones(2), "tensor.pt")
save(
    {
        "epoch": 1, "global_step": 10, "pytorch-lightning_version": "2.4.0",
        "state_dict": {"model." + name: value for name, value in state.items()},
        "loops": {"fit_loop": {"state_dict": {}, "counts": torch.ones(2)}},
        "callbacks": {"ModelCheckpoint": {"best_model_score": torch.tensor(0.25)}},
        "optimizer_states": [optimizer.state_dict()], "lr_schedulers": [],
        "hparams_name": "kwargs",
        "hyper_parameters": {
            "options": argparse.Namespace(lr=0.1, out=pathlib.PurePosixPath("runs")),
            "scale": np.float64(0.5), "grid": np.arange(3), "tags": {"a", "b"},
            "counts": collections.defaultdict(int, {"x": 1}), "span": slice(1, 2), "big": 1 << 80,
        },
    },
    "lightning.ckpt",
)


class Kind(enum.Enum):
    SMALL = "small"


save({"state_dict": state, "hyper_parameters": {"kind": Kind.SMALL}}, "enum.ckpt")
parameter = torch.nn.Parameter(torch.ones(2))
parameter.note = "attributes make torch write another function"
save({"p": parameter}, "parameter_state.pt")
save({"c": torch.ones(2, dtype=torch.complex64)}, "complex.pt")
save({"s": torch.eye(2).to_sparse()}, "sparse.pt")
torch.save(model, here / "whole_model.pt")
torch.jit.script(torch.nn.Linear(2, 2)).save(here / "script.pt")


def rewrite(source, target, change, compression=zipfile.ZIP_STORED):
    with zipfile.ZipFile(here / source) as old, zipfile.ZipFile(here / target, "w") as new:
        for entry in old.infolist():
            name, data = change(entry.filename, old.read(entry.filename))
            new.writestr(zipfile.ZipInfo(name), data, compress_type=compression)


def big(name, data):
    if name.endswith("byteorder"):
        return name, b"big"
    if "/data/" in name:
        size = {"0": 4}.get(name.rsplit("/", 1)[1], 1)
        return name, np.frombuffer(data, dtype=f"u{size}").byteswap().tobytes()
    return name, data


rewrite("small.pt", "big_endian.pt", big)
rewrite("views.pt", "deflated.pt", lambda name, data: (name, data), zipfile.ZIP_DEFLATED)
rewrite("small.pt", "prefix.pt", lambda name, data: ("some name/" + name.split("/", 1)[1], data))


class Call:
    def __init__(self, function, *arguments):
        self.function, self.arguments = function, arguments

    def __reduce__(self):
        return self.function, self.arguments


import os

for protocol in range(6):
    hostile = pickle.dumps({"a": Call(os.system, "true")}, protocol=protocol)
    rewrite(
        "small.pt", f"hostile{protocol}.pt",
        lambda name, data: (name, hostile if name.endswith("data.pkl") else data),
    )
(here / "bare.pkl").write_bytes(pickle.dumps({"a": [1, 2]}, protocol=2))
grid = np.arange(6).reshape(2, 3)
np.savez(here / "arrays.npz", a=grid.astype("f4"), b=np.float16(1.5), c=grid.T.astype("i8"))
np.savez_compressed(here / "compressed.npz", a=grid.astype("f4"), zeros=np.zeros(5000))
np.savez(here / "objects.npz", a=np.array([{}], dtype=object))
