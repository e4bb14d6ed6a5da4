"""Models that are not PyTorch's: anything with `load(tensors)` that can be called with a batch."""
import array

from stockpot_failures import Failure


class PlainModel:
    """`load` gets a dict of tensors by name, each with `dtype`, `shape`, `tolist()` (flat) and, where
    numpy is installed, `numpy.asarray(tensor)`. A call gets the list of a batch's inputs, and returns
    a row of logits for each."""

    framework = "plain"
    device = "cpu"

    def __init__(self, model):
        if not callable(model) or not hasattr(model, "load"):
            raise Failure(
                "model() returned %s, which is not a torch.nn.Module" % type(model).__name__,
                "Return the module; of another framework, an object with load(tensors) that can be "
                "called with a batch")
        self.module = model

    def load(self, tensors, is_new_layout):
        self.module.load({tensor.name: tensor for tensor in tensors})

    def take(self, column, examples):
        return [column[index] for index in examples]

    def collate(self, items):
        return items

    def logits(self, inputs, expected):
        rows = self.module(inputs)
        rows = rows.tolist() if hasattr(rows, "tolist") else [list(row) for row in rows]
        classes = len(rows[0]) if rows else 0
        if len(rows) != expected or any(len(row) != classes for row in rows):
            raise Failure(
                "the model returned %d rows of up to %d logits for a batch of %d"
                % (len(rows), max(map(len, rows), default=0), expected),
                "Return one row an example, all of one length", "model()")
        return (expected, classes), array.array("f", [x for row in rows for x in row]).tobytes()

    def gradient(self, *_):
        raise Failure("only a torch.nn.Module has gradients here",
                      "Cook a recipe that needs none: greedy, pruned or uniform")

    def reestimate(self, *_):
        raise Failure("only a torch.nn.Module has BatchNorm statistics here")
