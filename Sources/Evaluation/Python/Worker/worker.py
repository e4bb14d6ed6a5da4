"""Answers Stockpot's requests with the user's model and data, until the connection ends."""
import array
import ctypes
import faulthandler
import importlib.util
import math
import os
import platform
import shlex
import signal
import sys

from stockpot_channel import PROTOCOL, Channel
from stockpot_failures import Failure, described, listed
from stockpot_splits import Split, checked
from stockpot_tensors import Handover, read_table

OLDEST = (3, 8)


def main(connection, start):
    end_with(start["parent"])
    faulthandler.enable(all_threads=True)
    # Stockpot asks in this way where a worker hangs.
    faulthandler.register(signal.SIGUSR2, all_threads=True)
    channel = Channel(connection)
    channel.start()
    Worker(channel, Handover(start["memory"])).run()


def end_with(parent):
    """Has the system kill this process when Stockpot dies, however it does."""
    try:
        kill_on_parents_death = 1
        ctypes.CDLL(None).prctl(kill_on_parents_death, signal.SIGKILL)
    except (OSError, AttributeError):
        pass
    if os.getppid() != parent:
        os._exit(0)


class Worker:
    def __init__(self, channel, handover):
        self._channel = channel
        self._handover = handover
        self._file = ""
        self._user = None
        self._model = None
        self._budget = 0
        self._splits = {}
        self._ingredients = {}

    def run(self):
        while True:
            message, payload = self._channel.next()
            try:
                answer, data = getattr(self, "_" + message["do"])(message, payload)
            except BaseException as error:
                # A user's sys.exit() is no reason to leave either.
                print(described(error, self._file)["traceback"] or error, file=sys.stderr, flush=True)
                self._channel.answer({"error": described(error, self._file)})
            else:
                self._channel.answer({"ok": answer}, data)

    # Starting

    def _load(self, message, payload):
        if message["protocol"] != PROTOCOL:
            raise Failure("the worker speaks protocol %d, not %d" % (PROTOCOL, message["protocol"]))
        if sys.version_info < OLDEST:
            raise Failure(
                "%s is Python %s" % (sys.executable, platform.python_version()),
                'Name Python 3.8 or later under [evaluator] with python = "PATH"')
        self._file = message["file"]
        os.environ["OMP_NUM_THREADS"] = str(message["threads"])
        # Threads that spin while they wait take the processor from other workers and the screen.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        os.chdir(message["folder"])
        sys.argv = [self._file] + shlex.split(message["arguments"])
        sys.path[0:1] = [os.path.dirname(self._file)]
        self._user = imported(self._file)
        self._need("model", "that returns the module")
        has_metric = hasattr(self._user, "metric")
        if not has_metric:
            self._need("data", "with the argument split that returns its examples")
        self._model = self._made_model(message)
        self._budget = spare_memory() // (4 * message["workers"])
        return {
            "protocol": PROTOCOL, "python": platform.python_version(),
            "framework": self._model.framework, "device": str(self._model.device),
            "metric": has_metric,
        }, b""

    def _need(self, name, what):
        if not callable(getattr(self._user, name, None)):
            raise Failure("there is no function %s" % name, "Define %s(), %s" % (name, what))

    def _made_model(self, message):
        made = self._user.model()
        torch = sys.modules.get("torch")
        if torch is None or not isinstance(made, torch.nn.Module):
            from stockpot_plain_model import PlainModel
            return PlainModel(made)
        torch.set_num_threads(message["threads"])
        from stockpot_torch_model import TorchModel
        names = message["device"] or getattr(self._user, "DEVICE", None)
        names = str(names or ("cuda" if torch.cuda.is_available() else "cpu")).split(",")
        name = names[message["index"] % len(names)].strip()
        if name == "cuda" and message["workers"] > 1 and torch.cuda.is_available():
            name = "cuda:%d" % (message["index"] % torch.cuda.device_count())
        return TorchModel(made, torch.device(name))

    # Splits

    def _split(self, name):
        if name not in self._splits:
            self._splits[name] = Split(
                name, self._user.data(name), self._model, getattr(self._user, "collate", None),
                self._budget // 2)
        return self._splits[name]

    def _describe(self, message, payload):
        name = message["split"]
        if hasattr(self._user, "metric"):
            count = self._split(name).count if hasattr(self._user, "data") else 0
            return {"count": count, "labels": False}, b""
        if hasattr(self._user, "labels"):
            labels = checked(self._user.labels(name), name)
        else:
            labels = self._split(name).labels(self._channel.progress, self._channel.is_dropped)
        data = array.array("i", labels or []).tobytes()
        return {"count": len(labels or []), "labels": True}, data

    # Evaluating

    def _weights(self, message, payload):
        self._model.load(self._handover.read(message["size"]), message["changed"])
        return {}, b""

    def _batch(self, message, payload):
        examples = indices(payload)
        inputs = self._split(message["split"]).inputs(examples)
        shape, logits = self._model.logits(inputs, len(examples))
        return {"rows": shape[0], "classes": shape[1]}, logits

    def _metric(self, message, payload):
        torch = sys.modules.get("torch")
        module = self._model.module
        if torch is not None and isinstance(module, torch.nn.Module):
            with torch.no_grad():
                value = self._user.metric(module.eval(), message["split"])
            module.eval()
        else:
            value = self._user.metric(module, message["split"])
        values = value if hasattr(value, "items") else {"score": value}
        metrics = {str(name): number(name, value) for name, value in values.items()}
        if hasattr(self._user, "data"):
            metrics.setdefault("n", self._split(message["split"]).count)
        return {"metrics": metrics}, b""

    # Gradients and statistics

    def _ingredient(self, message, payload):
        table = read_table(message["files"], message["tensors"])
        self._ingredients[message["name"]] = {tensor.name: tensor for tensor in table}
        return {}, b""

    def _gradient(self, message, payload):
        split = self._split(message["split"])
        examples = indices(payload)
        ingredients = [self._ingredients[name] for name in message["ingredients"]]
        groups = message.get("groups")
        rows = {name: row for row, names in enumerate(groups or []) for name in names}
        lacking = [tensor.name for tensor in ingredients[0].values()
                   if groups is not None and tensor.is_floating and tensor.name not in rows]
        if lacking:
            raise Failure("no group of tensors has " + listed(lacking),
                          "Let every floating-point tensor belong to one group")
        loss, weights, beta = self._model.gradient(
            ingredients, message["rows"], lambda name: rows.get(name, 0), message["beta"],
            self._batches(split, examples, message["batch"]), message["total"])
        return {"loss": finite(loss), "weights": [[finite(x) for x in row] for row in weights],
                "beta": finite(beta)}, b""

    def _reestimate(self, message, payload):
        split = self._split(message["split"])
        found = self._model.reestimate(
            self._batches(split, range(split.count), message["batch"]))
        tensors = [{"name": name, "dtype": dtype, "shape": shape} for name, dtype, shape, _ in found]
        return {"tensors": tensors}, b"".join(data for _, _, _, data in found)

    def _batches(self, split, examples, most):
        """Inputs and labels in batches of nearly one size: none is left with a single example."""
        count = max((len(examples) + most - 1) // most, 1)
        for number in range(count):
            part = list(examples[len(examples) * number // count:
                                 len(examples) * (number + 1) // count])
            if self._channel.is_dropped():
                raise Failure("nobody waits for this any more")
            self._channel.progress(number, count)
            yield split.inputs(part), split.targets(part)


def imported(file):
    """The user's file as a module, under its own name."""
    name = os.path.splitext(os.path.basename(file))[0]
    spec = importlib.util.spec_from_file_location(name, file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def indices(payload):
    return array.array("i", payload).tolist()


def number(name, value):
    try:
        return finite(float(value))
    except (TypeError, ValueError) as error:
        raise Failure("metric() gave %r for %s, which is not a number" % (value, name),
                      "Return a number, or a dict of numbers", "metric()") from error


def finite(value):
    return value if math.isfinite(value) else None


def spare_memory():
    try:
        with open("/proc/meminfo") as file:
            for line in file:
                if line.startswith("MemAvailable"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 1 << 30
