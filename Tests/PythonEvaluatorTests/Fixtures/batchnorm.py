"""A small convolutional network with BatchNorm, in double precision."""
import torch
from torch import nn


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)
        self.norm = nn.BatchNorm2d(4)
        self.head = nn.Linear(4, 3)
        self.norm_out = nn.BatchNorm1d(3)

    def forward(self, images):
        hidden = torch.relu(self.norm(self.conv(images))).mean(dim=(2, 3))
        return self.norm_out(self.head(hidden))


def model():
    return Network().double()


def data(split):
    generator = torch.Generator().manual_seed({"val": 1, "train": 2}[split])
    images = torch.randn(50, 1, 6, 6, generator=generator, dtype=torch.float64)
    return images, torch.randint(3, (50,), generator=generator)
