"""The examples of a split, as the user's `data(split)` gives them."""
from collections.abc import Mapping

from stockpot_failures import Failure


class Split:
    """Examples by index; what was loaded once is kept while there is room.

    `data` is a tuple of columns (tensors, arrays or lists of one length, the labels last), a dict of
    columns with "label" or "labels" among them, or anything with a length and items: pairs of inputs
    and label, or dicts with "label" or "labels".
    """

    def __init__(self, name, data, model, collate, budget):
        self.name = name
        self._model = model
        self._collate = collate
        self._columns = None
        self._data = data
        self._kept = {}
        self._room = budget
        columns = data.tensors if type(data).__name__ == "TensorDataset" else data
        if isinstance(columns, Mapping):
            self._take_columns(*divided(dict(columns), "data(%r)" % name))
        elif isinstance(columns, tuple):
            if len(columns) < 2:
                raise Failure("data(%r) is a tuple of %d: inputs and labels are needed"
                              % (name, len(columns)), "Return (inputs, labels)")
            inputs = columns[0] if len(columns) == 2 else tuple(columns[:-1])
            self._take_columns(inputs, columns[-1])
        else:
            try:
                self.count = len(data)
                data.__getitem__
            except (TypeError, AttributeError) as error:
                raise Failure(
                    "data(%r) is of type %s, which has no length or no items"
                    % (name, type(data).__name__),
                    "Return a map-style dataset, or a tuple of tensors: inputs, then labels"
                ) from error
        if self.count == 0:
            raise Failure("data(%r) has no examples" % name)

    def _take_columns(self, inputs, labels):
        self._columns = (inputs, labels)
        self.count = len(labels)
        for column in parts(inputs):
            if len(column) != self.count:
                raise Failure(
                    "data(%r) has %d inputs and %d labels" % (self.name, len(column), self.count),
                    "Give inputs and labels of the same examples")

    def labels(self, progress, is_dropped):
        """The true class of every example; None when it was not waited for."""
        if self._columns:
            labels = self._columns[1]
            labels = labels.tolist() if hasattr(labels, "tolist") else list(labels)
            return checked(labels, self.name)
        labels = []
        for index in range(self.count):
            if is_dropped():
                return None
            labels.append(checked_label(self._item(index)[1], index, self.name))
            progress(index, self.count)
        return labels

    def inputs(self, examples):
        """A batch of the inputs of `examples`, as the model takes them."""
        if self._columns and not self._collate:
            return apply(lambda column: self._model.take(column, examples), self._columns[0])
        if self._columns:
            inputs, labels = self._columns
            items = [(apply(lambda column: column[index], inputs), labels[index])
                     for index in examples]
        else:
            items = [self._item(index) for index in examples]
        if not self._collate:
            return self._model.collate([inputs for inputs, _ in items])
        batch = self._collate(items)
        if isinstance(batch, Mapping):
            return divided(dict(batch), "collate(batch)")[0]
        if not isinstance(batch, (tuple, list)) or len(batch) < 2:
            raise Failure("collate(batch) returned %s" % type(batch).__name__,
                          "Return (inputs, labels)")
        return batch[0] if len(batch) == 2 else tuple(batch[:-1])

    def targets(self, examples):
        """The labels of `examples`."""
        if self._columns:
            return [checked_label(self._columns[1][index], index, self.name) for index in examples]
        return [checked_label(self._item(index)[1], index, self.name) for index in examples]

    def _item(self, index):
        if index in self._kept:
            return self._kept[index]
        item = self._data[index]
        if isinstance(item, Mapping):
            item = divided(dict(item), "data(%r)[%d]" % (self.name, index))
        elif isinstance(item, (tuple, list)) and len(item) >= 2:
            item = (item[0] if len(item) == 2 else tuple(item[:-1]), item[-1])
        else:
            raise Failure(
                "data(%r)[%d] is of type %s" % (self.name, index, type(item).__name__),
                "Let every item be a pair: inputs, label")
        size = sum(size_of(part) for part in parts(item[0]))
        if size <= self._room:
            self._room -= size
            self._kept[index] = item
        return item


def checked(labels, split):
    """The true class of every example of a split."""
    return [checked_label(label, index, split) for index, label in enumerate(labels)]


def checked_label(label, index, split):
    try:
        number = int(label)
    except (TypeError, ValueError, RuntimeError) as error:
        raise Failure(
            "the label of example %d of %s is %r, not a whole number"
            % (index, split, label), "Number the classes from 0") from error
    if not 0 <= number < 1 << 31:
        raise Failure(
            "the label of example %d of %s is %d" % (index, split, number),
            "Number the classes from 0 and leave unlabelled examples out")
    return number


def divided(columns, what):
    """A dict as (the rest, what is named "labels" or "label")."""
    for key in ("labels", "label"):
        if key in columns:
            labels = columns.pop(key)
            return columns, labels
    raise Failure('%s has the keys %s, but neither "labels" nor "label"'
                  % (what, ", ".join(map(str, columns))), "Name the true class so")


def parts(inputs):
    if isinstance(inputs, Mapping):
        return list(inputs.values())
    return list(inputs) if isinstance(inputs, tuple) else [inputs]


def apply(change, inputs):
    if isinstance(inputs, Mapping):
        return {key: change(value) for key, value in inputs.items()}
    if isinstance(inputs, tuple):
        return tuple(change(value) for value in inputs)
    return change(inputs)


def size_of(value):
    """Bytes that an input takes, roughly."""
    size = getattr(value, "nbytes", None)
    if isinstance(size, int):
        return size
    return 64 + 32 * len(value) if hasattr(value, "__len__") else 64
