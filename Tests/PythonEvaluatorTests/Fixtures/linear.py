"""A linear model in plain Python: what the worker does without PyTorch.

Words of its command line make it misbehave: what, and a file that is there once it has.
"""
import os
import sys
import time

FEATURES, CLASSES = 3, 4


def example(index):
    return [float((index * 7 + feature * 3) % 11) - 5 for feature in range(FEATURES)]


def misbehave(what, here):
    if not (sys.argv[1:] and sys.argv[1] == what):
        return
    if len(sys.argv) > 2:
        if os.path.exists(sys.argv[2]):
            return
        open(sys.argv[2], "w").close()
    here()


def kill():
    os.kill(os.getpid(), 9)


def hang():
    while True:
        time.sleep(0.01)


def fail():
    raise ValueError("the seventh seal")


class Linear:
    def load(self, tensors):
        misbehave("die-loading", kill)
        self.weight = tensors["weight"].tolist()
        self.bias = tensors["bias"].tolist()

    def __call__(self, batch):
        print("a batch of", len(batch))
        os.write(1, b"raw words on standard output\n")
        misbehave("die", kill)
        misbehave("hang", hang)
        misbehave("fail", fail)
        misbehave("exit", lambda: sys.exit(3))
        misbehave("sleep", lambda: time.sleep(3600))
        rows = [
            [sum(w * x for w, x in zip(self.weight[c * FEATURES:], inputs)) + self.bias[c]
             for c in range(CLASSES)]
            for inputs in batch
        ]
        if sys.argv[1:] == ["short"]:
            return rows[1:]
        return rows


def model():
    print("process", os.getpid(), flush=True)
    return Linear()


def data(split):
    counts = {"val": 41, "test": 7}
    count = counts[split]
    return [(example(index), index % CLASSES) for index in range(count)]
