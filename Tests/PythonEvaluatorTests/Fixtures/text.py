"""A small text classifier with two named inputs, examples of different lengths and a collate."""
import torch
from torch import nn

VOCABULARY, WIDTH, CLASSES = 20, 8, 3


class Answer:
    def __init__(self, logits):
        self.logits = logits


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, WIDTH)
        self.head = nn.Linear(WIDTH, CLASSES)

    def forward(self, input_ids, attention_mask):
        weights = attention_mask.unsqueeze(-1).float()
        pooled = (self.embedding(input_ids) * weights).sum(1) / weights.sum(1)
        return Answer(self.head(pooled))


class Sentences(torch.utils.data.Dataset):
    def __len__(self):
        return 30

    def __getitem__(self, index):
        ids = [(index * 5 + place * 3) % VOCABULARY for place in range(1 + index % 6)]
        return {"input_ids": torch.tensor(ids), "labels": index % CLASSES}


def collate(batch):
    length = max(len(inputs["input_ids"]) for inputs, _ in batch)
    ids = torch.zeros(len(batch), length, dtype=torch.long)
    mask = torch.zeros(len(batch), length, dtype=torch.long)
    for row, (inputs, _) in enumerate(batch):
        ids[row, :len(inputs["input_ids"])] = inputs["input_ids"]
        mask[row, :len(inputs["input_ids"])] = 1
    return {"input_ids": ids, "attention_mask": mask}, None


def model():
    return Classifier()


def data(split):
    return Sentences()


def labels(split):
    return [index % CLASSES for index in range(30)]
