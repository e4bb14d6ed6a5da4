"""How Stockpot evaluates this sweep: your model and your data, in your own Python.

Check it with `stockpot eval`. What it prints goes to .stockpot/logs. Results are kept by the contents of
this file and of the files beside it that it imports: after a change everything is evaluated anew.
"""
import torch


def model():
    """The torch.nn.Module that the ingredients were fine-tuned from, without weights.

    Stockpot loads every ingredient and every soup into it; names and shapes have to be those of the
    checkpoints. It is put into eval() and onto the device.
    """
    raise NotImplementedError("return your module in model()")


def data(split):
    """The labelled examples of a split ("val", "test", or the name of a shift), not shuffled.

    A map-style dataset of pairs (inputs, label), or a tuple of tensors, inputs first and labels last.
    Inputs may be a tensor, a tuple, or a dict of keyword arguments for the model, such as
    {"input_ids": ..., "attention_mask": ...}. Labels are whole numbers from 0. What was loaded once is
    kept in memory while there is room.
    """
    raise NotImplementedError("return the examples of %s in data()" % split)


# Where to run; device = "cuda:1" under [evaluator] in stockpot.toml goes before it.
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


# Only if examples of different sizes are to be put into one batch: what a DataLoader calls collate_fn.
# def collate(batch):
#     return inputs, labels


# Only if going through all of data(split) for its labels takes long.
# def labels(split):
#     return [0, 1, ...]


# Only for what is not classification: a number (larger is better), or a dict of numbers with "score" or
# "accuracy" among them. Then data() may go, and so may all that needs logits: ensembles, calibration,
# learned recipes.
# def metric(model, split):
#     return 0.0
