"""An evaluator that gives metrics in place of logits."""
import sys
import time


class Sum:
    def load(self, tensors):
        self.total = sum(sum(tensor.tolist()) for tensor in tensors.values())

    def __call__(self, batch):
        raise RuntimeError("nobody asks for logits")


def model():
    return Sum()


def metric(model, split):
    if sys.argv[1:] == ["accuracy"]:
        return {"accuracy": 0.75, "n": 8, "nll": 0.5}
    if sys.argv[1:] == ["unclear"]:
        return {"bleu": 1, "rouge": 2}
    if sys.argv[1:] == ["sleep"]:
        print("asleep", flush=True)
        time.sleep(3600)
    return model.total + (100 if split == "test" else 0)
