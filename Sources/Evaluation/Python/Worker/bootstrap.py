# What `python -c` runs: the worker's own modules come in the first frame, so that nothing has to be
# installed in the user's Python and no file is left behind.
import importlib.abc
import importlib.util
import json
import socket
import sys


class Sources(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    def __init__(self, sources):
        self.sources = sources

    def find_spec(self, name, path=None, target=None):
        if name in self.sources:
            return importlib.util.spec_from_loader(name, self)

    def get_source(self, name):
        return self.sources[name]

    def get_code(self, name):
        return compile(self.sources[name], "<%s>" % name, "exec")


def receive(count):
    data = b""
    while len(data) < count:
        piece = connection.recv(count - len(data))
        if not piece:
            raise SystemExit(0)
        data += piece
    return data


connection = socket.socket(fileno=3)
connection.set_inheritable(False)
start = json.loads(receive(int.from_bytes(receive(8)[:4], "little")).decode())
sys.meta_path.insert(0, Sources(start.pop("modules")))

import stockpot_worker

stockpot_worker.main(connection, start)
