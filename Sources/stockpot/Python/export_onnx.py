"""Exports the architecture of a sweep's checkpoints to model.onnx, once.

Stockpot swaps weights by name, so the export keeps the names of the state dict and does not fold
weights into each other. Fill in the two functions, then run:  python export_onnx.py
"""

import torch


def model():
    """The architecture with the weights of one checkpoint of the sweep: torch.nn.Module.

    Any weights will do, but with these Stockpot can check that the export changed none of them.
    """
    raise NotImplementedError("return your model, for example timm.create_model(NAME)")


def example():
    """One batch as the model takes it, for example torch.zeros(1, 3, 224, 224)."""
    raise NotImplementedError("return one batch of inputs")


if __name__ == "__main__":
    torch.onnx.export(
        model().eval(),
        (example(),),
        "model.onnx",
        dynamo=False,
        do_constant_folding=False,
        opset_version=17,
        input_names=["x"],
        output_names=["logits"],
        dynamic_axes={"x": {0: "batch"}, "logits": {0: "batch"}},
    )
    print("wrote model.onnx")
