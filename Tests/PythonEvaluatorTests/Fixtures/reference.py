"""Gradients and BatchNorm statistics by other means than the worker's, as JSON.

usage: reference.py gradient FILE SPLIT BETA EXAMPLES CHECKPOINTS   weights 1/k, one row a tensor
       reference.py statistics FILE SPLIT BATCH CHECKPOINT
"""
import importlib.util
import json
import struct
import sys

import torch


def load(path):
    with open(path, "rb") as file:
        length = struct.unpack("<Q", file.read(8))[0]
        header = json.loads(file.read(length))
        body = bytearray(file.read())
    kinds = {
        "F16": torch.float16, "F32": torch.float32, "F64": torch.float64, "I64": torch.int64}
    state = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            dtype = kinds[entry["dtype"]]
            values = torch.frombuffer(body[begin:end], dtype=dtype).view(entry["shape"])
            # Halves are what files hold; models compute in single precision.
            state[name] = values.float() if dtype == torch.float16 else values
    return state


spec = importlib.util.spec_from_file_location("user", sys.argv[2])
user = importlib.util.module_from_spec(spec)
spec.loader.exec_module(user)
module = user.model().eval()
inputs, labels = user.data(sys.argv[3])
if sys.argv[1] == "gradient":
    states = [load(path) for path in sys.argv[6:]]
    names = [name for name in states[0]]
    alpha = torch.full((len(names), len(states)), 1 / len(states), requires_grad=True)
    beta = torch.tensor(float(sys.argv[4]), requires_grad=True)
    blend = {name: sum(alpha[row, column] * state[name] for column, state in enumerate(states))
             for row, name in enumerate(names)}
    chosen = [int(text) for text in sys.argv[5].split(",")]
    logits = torch.func.functional_call(module, blend, (inputs[chosen],))
    loss = torch.nn.functional.cross_entropy(beta * logits, labels[chosen].long())
    loss.backward()
    print(json.dumps({"names": names, "loss": loss.item(), "beta": beta.grad.item(),
                      "weights": alpha.grad.tolist()}))
else:
    module.load_state_dict(load(sys.argv[5]))
    batches = inputs.split(int(sys.argv[4]))
    torch.optim.swa_utils.update_bn(list(batches), module)
    print(json.dumps({name: value.reshape(-1).tolist() for name, value in module.named_buffers()}))
