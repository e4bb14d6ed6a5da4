"""Takes until a file is there to be imported, as large libraries take seconds."""
import os
import sys
import time

print("importing", flush=True)
while not os.path.exists(sys.argv[1]):
    time.sleep(0.01)


class Nothing:
    def load(self, tensors):
        pass

    def __call__(self, batch):
        return []


def model():
    return Nothing()


def data(split):
    return []
