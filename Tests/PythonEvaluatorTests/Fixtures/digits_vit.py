"""A small vision transformer for 8 × 8 digits, as the demo sweep's ingredients were trained."""
import os

import numpy
import torch
from torch import nn

WIDTH, HEADS, DEPTH, CLASSES = 64, 4, 4, 10


class SelfAttention(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.proj = nn.Linear(WIDTH, WIDTH)

    def forward(self, tokens):
        batch, length, _ = tokens.shape
        query, key, value = (
            part.view(batch, length, HEADS, -1).transpose(1, 2)
            for part in self.qkv(tokens).split(WIDTH, dim=-1))
        mixed = nn.functional.scaled_dot_product_attention(query, key, value)
        return self.proj(mixed.transpose(1, 2).flatten(2))


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1 = nn.LayerNorm(WIDTH, eps=1e-6)
        self.attn = SelfAttention()
        self.norm2 = nn.LayerNorm(WIDTH, eps=1e-6)
        self.mlp = nn.ModuleDict(
            {"fc1": nn.Linear(WIDTH, 4 * WIDTH), "fc2": nn.Linear(4 * WIDTH, WIDTH)})

    def forward(self, tokens):
        tokens = tokens + self.attn(self.norm1(tokens))
        hidden = nn.functional.gelu(self.mlp["fc1"](self.norm2(tokens)))
        return tokens + self.mlp["fc2"](hidden)


class DigitsViT(nn.Module):
    def __init__(self):
        super().__init__()
        self.patch_embed = nn.Conv2d(1, WIDTH, kernel_size=2, stride=2)
        self.pos_embed = nn.Parameter(torch.zeros(1, 16, WIDTH))
        self.blocks = nn.Sequential(*(Layer() for _ in range(DEPTH)))
        self.norm = nn.LayerNorm(WIDTH, eps=1e-6)
        self.head = nn.Linear(WIDTH, CLASSES)

    def forward(self, images):
        tokens = self.patch_embed(images).flatten(2).mT + self.pos_embed
        return self.head(self.norm(self.blocks(tokens)).mean(dim=1))


def model():
    return DigitsViT()


def data(split):
    # Stockpot runs this file in the sweep's folder.
    name = split if split in ("val", "test") else "shift_" + split
    return tuple(
        torch.from_numpy(numpy.load(os.path.join("data", f"{name}_{part}.npy")))
        for part in ("x", "y"))


DEVICE = "cpu"
