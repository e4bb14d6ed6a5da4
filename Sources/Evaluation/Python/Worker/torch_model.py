"""PyTorch models: weights in, logits and gradients out."""
import ctypes
from collections.abc import Mapping

import torch
from torch.nn.functional import batch_norm, cross_entropy
from torch.overrides import TorchFunctionMode
from torch.utils.data import default_collate

from stockpot_failures import Failure, listed

DTYPES = {
    "BOOL": torch.bool, "U8": torch.uint8, "I8": torch.int8, "I16": torch.int16, "I32": torch.int32,
    "I64": torch.int64, "F16": torch.float16, "BF16": torch.bfloat16, "F32": torch.float32,
    "F64": torch.float64, "F8_E4M3": getattr(torch, "float8_e4m3fn", None),
    "F8_E5M2": getattr(torch, "float8_e5m2", None), "U16": getattr(torch, "uint16", None),
    "U32": getattr(torch, "uint32", None), "U64": getattr(torch, "uint64", None),
}
NAMES = {dtype: name for name, dtype in DTYPES.items() if dtype is not None}
WRAPPERS = ("module.", "_orig_mod.", "model.")


class TorchModel:
    framework = "torch %s" % torch.__version__

    def __init__(self, module, device):
        self.device = device
        self.module = module.to(device).eval()
        self._pairs = None

    # Weights

    def load(self, tensors, is_new_layout):
        """Copies tensors into the model, widened or narrowed to its types."""
        if is_new_layout or self._pairs is None:
            self._pairs = self._paired(tensors)
        with torch.no_grad():
            for index, target in self._pairs:
                target.copy_(tensor_of(tensors[index]))

    def _paired(self, tensors):
        """Which tensor goes where, when all of them fit."""
        state = {name: value for name, value in self.module.state_dict(keep_vars=True).items()
                 if isinstance(value, torch.Tensor)}
        names = resolved([tensor.name for tensor in tensors], state)
        pairs = [(index, state[name]) for index, name in enumerate(names) if name in state]
        filled = {id(value) for _, value in pairs} | {value.data_ptr() for _, value in pairs}
        here = set(names)
        missing = [name for name, value in state.items()
                   if name not in here and not name.endswith("num_batches_tracked")
                   and id(value) not in filled and value.data_ptr() not in filled]
        unexpected = [name for name in names
                      if name not in state and not name.endswith("num_batches_tracked")]
        misfits = ["%s %s against the model's %s"
                   % (tensors[index].name, list(tensors[index].shape), list(value.shape))
                   for index, value in pairs if tensors[index].shape != tuple(value.shape)]
        misfits += ["%s %s against the model's %s"
                    % (tensors[index].name, tensors[index].dtype, NAMES.get(value.dtype))
                    for index, value in pairs
                    if tensors[index].is_floating != value.is_floating_point()]
        problems = [what + listed(which) for what, which in (
            ("missing: ", missing), ("unexpected: ", unexpected), ("of another shape or kind: ", misfits)
        ) if which]
        if problems:
            raise Failure(
                "the weights do not fit the model: " + "; ".join(problems),
                "Let model() return the module that the ingredients were saved from", "model()")
        return pairs

    # Evaluating

    def take(self, column, examples):
        index = torch.as_tensor(examples)
        if isinstance(column, torch.Tensor):
            return column[index.to(column.device)]
        if hasattr(column, "__array__"):
            # A mapped numpy file is read here, and only these rows of it.
            return torch.as_tensor(column[index.numpy()])
        return default_collate([column[place] for place in examples])

    def collate(self, items):
        try:
            return default_collate(items)
        except (TypeError, RuntimeError) as error:
            raise Failure(
                "inputs cannot be put into one batch: %s" % str(error).splitlines()[0],
                "Define collate(batch) in the file, or let all inputs have one shape") from error

    def logits(self, inputs, expected):
        with torch.no_grad():
            logits = self._forward(inputs, expected).float().cpu().contiguous()
        size = logits.numel() * 4
        return list(logits.shape), ctypes.string_at(logits.data_ptr(), size) if size else b""

    def _forward(self, inputs, expected):
        inputs = moved(inputs, self.device)
        if isinstance(inputs, Mapping):
            output = self.module(**inputs)
        elif isinstance(inputs, (tuple, list)):
            output = self.module(*inputs)
        else:
            output = self.module(inputs)
        logits = output
        if not isinstance(output, torch.Tensor):
            if isinstance(output, Mapping) and "logits" in output:
                logits = output["logits"]
            else:
                logits = getattr(output, "logits", None)
                if logits is None and isinstance(output, (tuple, list)) and len(output):
                    logits = output[0]
        if not isinstance(logits, torch.Tensor):
            raise Failure("the model returned %s, which has no logits" % type(output).__name__,
                          "Let model() return a module that gives logits", "model()")
        if logits.dim() != 2 or logits.shape[0] != expected:
            raise Failure(
                "the model returned logits of shape %s for a batch of %d"
                % (list(logits.shape), expected),
                "Return one row an example: [batch, classes]", "model()")
        return logits

    # Gradients

    def gradient(self, ingredients, rows, row_of, beta, batches, total):
        """The loss at a blend, and its derivatives by the mixing weights and by beta.

        `ingredients` are dicts of tensors by name; `row_of` gives a tensor's row of `rows`. Memory:
        the blend, one gradient of it, and the pages of the ingredients' files.
        """
        places = self._blended(ingredients, rows, row_of)
        scale = torch.tensor(float(beta), device=self.device, requires_grad=True)
        asked = {target: target.requires_grad for target in places}
        loss = 0.0
        try:
            for target in places:
                target.requires_grad_(True).grad = None
            with AffineBatchNorm():
                for inputs, labels in batches:
                    logits = self._forward(inputs, len(labels))
                    if logits.dtype != torch.float64:
                        logits = logits.float()
                    check_labels(labels, logits.shape[1])
                    goal = torch.tensor(labels, device=logits.device)
                    part = cross_entropy(scale * logits, goal, reduction="sum") / total
                    part.backward()
                    loss += part.item()
            by_weight = self._dotted(places, ingredients, rows)
        finally:
            for target, was in asked.items():
                target.grad = None
                target.requires_grad_(was)
        return loss, by_weight, scale.grad.item()

    def _blended(self, ingredients, rows, row_of):
        """Loads the blend; gives for every tensor with a gradient its name and row."""
        first = ingredients[0]
        pairs = self._paired(list(first.values()))
        self._pairs = None
        places = {}
        with torch.no_grad():
            for (name, tensor), target in ((list(first.items())[index], target)
                                           for index, target in pairs):
                if not tensor.is_floating:
                    target.copy_(tensor_of(tensor))
                    continue
                row = row_of(name)
                wide = torch.float64 if target.dtype == torch.float64 else torch.float32
                sum = torch.zeros(target.shape, dtype=wide, device=self.device)
                for ingredient, weight in zip(ingredients, rows[row]):
                    if weight:
                        sum.add_(tensor_of(ingredient[name]).to(self.device, wide), alpha=weight)
                target.copy_(sum)
                # Of tied names the last one loaded counts, once.
                places[target] = (name, row)
        return places

    def _dotted(self, places, ingredients, rows):
        result = [[0.0] * len(ingredients) for _ in rows]
        for target, (name, row) in places.items():
            if target.grad is None:
                continue
            gradient = target.grad.reshape(-1)
            for column, ingredient in enumerate(ingredients):
                values = tensor_of(ingredient[name]).reshape(-1)
                for start in range(0, len(values), 1 << 20):
                    piece = values[start:start + (1 << 20)].to(self.device).double()
                    result[row][column] += torch.dot(
                        gradient[start:start + (1 << 20)].double(), piece).item()
        return result

    # BatchNorm

    def reestimate(self, batches):
        """Statistics of the weights that are loaded: (name, dtype, shape, bytes) of each buffer."""
        norms = {name: module for name, module in self.module.named_modules()
                 if isinstance(module, torch.nn.modules.batchnorm._BatchNorm)
                 and module.running_mean is not None}
        if not norms:
            raise Failure("the model has no BatchNorm layer with running statistics",
                          "There is nothing to re-estimate", "model()")
        momenta = {module: module.momentum for module in norms.values()}
        try:
            for module in momenta:
                module.reset_running_stats()
                module.momentum = None
                module.train()
            with torch.no_grad():
                for inputs, labels in batches:
                    self._forward(inputs, len(labels))
        finally:
            for module, momentum in momenta.items():
                module.momentum = momentum
                module.eval()
        found = []
        for name, module in norms.items():
            for buffer in ("running_mean", "running_var", "num_batches_tracked"):
                value = getattr(module, buffer).cpu().contiguous()
                found.append((
                    name + "." + buffer if name else buffer, NAMES[value.dtype], list(value.shape),
                    ctypes.string_at(value.data_ptr(), value.numel() * value.element_size())))
        return found


class AffineBatchNorm(TorchFunctionMode):
    """Evaluates BatchNorm as the affine map it is, which has gradients by its statistics too."""

    def __torch_function__(self, function, types, args=(), kwargs=None):
        if function is batch_norm:
            return affine_batch_norm(*args, **(kwargs or {}))
        return function(*args, **(kwargs or {}))


def affine_batch_norm(input, running_mean, running_var, weight=None, bias=None, training=False,
                      momentum=0.1, eps=1e-5):
    if training or running_mean is None:
        return batch_norm(
            input, running_mean, running_var, weight, bias, training, momentum, eps)
    scale = (running_var + eps).rsqrt()
    if weight is not None:
        scale = scale * weight
    shift = -running_mean * scale
    if bias is not None:
        shift = shift + bias
    shape = [1, -1] + [1] * (input.dim() - 2)
    return input * scale.view(shape) + shift.view(shape)


def tensor_of(stored):
    """A tensor over the mapped bytes."""
    dtype = DTYPES[stored.dtype]
    if dtype is None:
        raise Failure("tensor %s has the type %s, which torch %s does not know"
                      % (stored.name, stored.dtype, torch.__version__), "Install a newer torch")
    if stored.count == 0:
        return torch.empty(stored.shape, dtype=dtype)
    source, offset = stored.map, stored.offset
    if offset % torch.empty(0, dtype=dtype).element_size():
        source, offset = bytearray(stored.bytes), 0
    return torch.frombuffer(
        source, dtype=dtype, count=stored.count, offset=offset).view(stored.shape)


def resolved(names, state):
    """The names as the model spells them: wrappers put a prefix before all or none."""
    if any(name in state for name in names):
        return names
    for prefix in WRAPPERS:
        if all(name.startswith(prefix) for name in names):
            without = [name[len(prefix):] for name in names]
            if any(name in state for name in without):
                return without
        if all(name.startswith(prefix) for name in state):
            return [prefix + name for name in names]
    return names


def moved(inputs, device):
    if isinstance(inputs, torch.Tensor):
        return inputs.to(device, non_blocking=True)
    if isinstance(inputs, Mapping):
        return {key: moved(value, device) for key, value in inputs.items()}
    if isinstance(inputs, (tuple, list)):
        return tuple(moved(value, device) for value in inputs)
    return inputs


def check_labels(labels, classes):
    if max(labels) >= classes:
        raise Failure("the label %d is not below the %d classes of the model"
                      % (max(labels), classes), "Number the classes from 0")
