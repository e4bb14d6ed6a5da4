"""A small text model of two inputs: which of three groups of words is the most frequent."""
import numpy
import torch
from torch import nn


class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(24, 8)
        self.hidden = nn.Linear(8, 12)
        self.head = nn.Linear(12, 3)

    def forward(self, input_ids, attention_mask):
        mask = attention_mask.unsqueeze(-1).float()
        pooled = (self.embedding(input_ids) * mask).sum(dim=1) / mask.sum(dim=1)
        return self.head(torch.tanh(self.hidden(pooled)))


def model():
    return Reader()


class Texts(torch.utils.data.Dataset):
    def __init__(self, split):
        self.ids, self.mask, self.labels = (
            torch.from_numpy(numpy.load(f"data/{split}_{part}.npy"))
            for part in ("ids", "mask", "y"))

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        inputs = {"input_ids": self.ids[index], "attention_mask": self.mask[index]}
        return inputs, self.labels[index]


def data(split):
    return Texts(split)
