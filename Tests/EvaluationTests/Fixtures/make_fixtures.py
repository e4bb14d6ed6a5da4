"""Writes the fixtures beside this file: tiny ONNX models with the logits that ONNX Runtime's own
Python session gives for another checkpoint, and reference values of metrics computed with numpy.

Needs numpy, onnx, onnxruntime and safetensors.
"""

import json
import math
import pathlib
from fractions import Fraction

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import save_file

HERE = pathlib.Path(__file__).parent
RNG = np.random.default_rng(20220310)


def normal(*shape, scale=1.0):
    return (RNG.normal(size=shape) * scale).astype(np.float32)


def model(nodes, inputs, outputs, weights, **options):
    graph = helper.make_graph(
        nodes, "fixture", inputs, outputs,
        [numpy_helper.from_array(value, name) for name, value in weights.items()])
    result = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, **options)
    onnx.checker.check_model(result)
    return result


def run(made, feeds):
    session = onnxruntime.InferenceSession(
        made.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, feeds)[0]


def info(name, dtype, shape):
    return helper.make_tensor_value_info(name, dtype, shape)


# A perceptron of two layers.
def mlp(weights, batch="batch", dtype=TensorProto.FLOAT, transposed=False):
    kept = {} if transposed else {"transB": 1}
    first, second = ("w0", "w1") if transposed else ("fc1.weight", "fc2.weight")
    nodes = [
        helper.make_node("Gemm", ["x", first, "fc1.bias"], ["h"], **kept),
        helper.make_node("Relu", ["h"], ["r"]),
        helper.make_node("Gemm", ["r", second, "fc2.bias"], ["logits"], **kept),
    ]
    if transposed:
        weights = {
            "w0": np.ascontiguousarray(weights["fc1.weight"].T), "fc1.bias": weights["fc1.bias"],
            "w1": np.ascontiguousarray(weights["fc2.weight"].T), "fc2.bias": weights["fc2.bias"]}
    return model(
        nodes, [info("x", dtype, [batch, 6])], [info("logits", dtype, [batch, 4])], weights)


def mlp_weights():
    return {
        "fc1.weight": normal(8, 6), "fc1.bias": normal(8),
        "fc2.weight": normal(4, 8), "fc2.bias": normal(4)}


a, b = mlp_weights(), mlp_weights()
x = normal(37, 6)
save_file(a, HERE / "mlp_a.safetensors")
save_file(b, HERE / "mlp_b.safetensors")
save_file({k: v.astype(np.float16) for k, v in b.items()}, HERE / "mlp_b_f16.safetensors")
np.save(HERE / "mlp_x.npy", x)
expected = run(mlp(b), {"x": x})
np.save(HERE / "mlp_b_logits.npy", expected)
labels = expected.argmax(1)
labels[::5] = (labels[::5] + 1) % 4
np.save(HERE / "mlp_y.npy", labels.astype(np.int64))
onnx.save(mlp(a), HERE / "mlp.onnx")
onnx.save(mlp(a, transposed=True), HERE / "mlp_renamed.onnx")
onnx.save(mlp(a, batch=8), HERE / "mlp_fixed.onnx")
onnx.save(mlp({k: v.astype(np.float16) for k, v in a.items()}, dtype=TensorProto.FLOAT16),
          HERE / "mlp_f16.onnx")
half = mlp({k: v.astype(np.float16) for k, v in b.items()}, dtype=TensorProto.FLOAT16)
np.save(HERE / "mlp_b_f16_logits.npy", run(half, {"x": x.astype(np.float16)}))
onnx.save(mlp(a), HERE / "mlp_external.onnx", save_as_external_data=True,
          location="mlp_external.data", size_threshold=0)
typed = mlp(a)
for initializer in typed.graph.initializer:
    values = numpy_helper.to_array(initializer)
    initializer.ClearField("raw_data")
    initializer.float_data.extend(values.flatten().tolist())
onnx.save(typed, HERE / "mlp_typed.onnx")


# A convolution with BatchNorm, which ONNX Runtime fuses; images as bytes.
def conv(weights):
    nodes = [
        helper.make_node("Conv", ["image", "conv.weight"], ["c"], pads=[1, 1, 1, 1]),
        helper.make_node(
            "BatchNormalization",
            ["c", "bn.weight", "bn.bias", "bn.running_mean", "bn.running_var"], ["n"]),
        helper.make_node("Relu", ["n"], ["r"]),
        helper.make_node("GlobalAveragePool", ["r"], ["p"]),
        helper.make_node("Flatten", ["p"], ["f"]),
        helper.make_node("Gemm", ["f", "fc.weight", "fc.bias"], ["logits"], transB=1),
    ]
    return model(
        nodes, [info("image", TensorProto.FLOAT, ["batch", 3, 6, 6])],
        [info("logits", TensorProto.FLOAT, ["batch", 3])], weights)


def conv_weights():
    return {
        "conv.weight": normal(5, 3, 3, 3), "bn.weight": normal(5) + 2, "bn.bias": normal(5),
        "bn.running_mean": normal(5), "bn.running_var": np.abs(normal(5)) + 0.5,
        "fc.weight": normal(3, 5), "fc.bias": normal(3)}


a, b = conv_weights(), conv_weights()
images = RNG.integers(0, 256, size=(20, 3, 6, 6), dtype=np.uint8)
mean, std = np.float32([0.485, 0.456, 0.406]), np.float32([0.229, 0.224, 0.225])
scaled = (images.astype(np.float32) / 255 - mean[:, None, None]) / std[:, None, None]
save_file({**a, "bn.num_batches_tracked": np.array(3, dtype=np.int64)},
          HERE / "conv_a.safetensors")
save_file({**b, "bn.num_batches_tracked": np.array(7, dtype=np.int64)},
          HERE / "conv_b.safetensors")
np.save(HERE / "conv_x.npy", images)
np.save(HERE / "conv_y.npy", RNG.integers(0, 3, size=20))
np.save(HERE / "conv_b_logits.npy", run(conv(b), {"image": scaled.astype(np.float32)}))
onnx.save(conv(a), HERE / "conv.onnx")
folded = dict(a)
scale = a["bn.weight"] / np.sqrt(a["bn.running_var"] + 1e-5)
folded["conv.weight"] = (a["conv.weight"] * scale[:, None, None, None]).astype(np.float32)
onnx.save(conv(folded), HERE / "conv_folded.onnx")


# Token ids and a mask; the output matrix is the embedding itself, tied.
def text(weights):
    nodes = [
        helper.make_node("Gather", ["embed.weight", "ids"], ["e"]),
        helper.make_node("Cast", ["mask"], ["m"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["m", "axes"], ["m3"]),
        helper.make_node("Mul", ["e", "m3"], ["em"]),
        helper.make_node("ReduceSum", ["em", "one"], ["s"], keepdims=0),
        helper.make_node("Transpose", ["embed.weight"], ["et"], perm=[1, 0]),
        helper.make_node("MatMul", ["s", "et"], ["logits"]),
    ]
    constants = {"axes": np.array([2]), "one": np.array([1])}
    return model(
        nodes,
        [info("ids", TensorProto.INT64, ["batch", "tokens"]),
         info("mask", TensorProto.INT64, ["batch", "tokens"])],
        [info("logits", TensorProto.FLOAT, ["batch", 11])], {**weights, **constants})


a, b = normal(11, 4), normal(11, 4)
ids = RNG.integers(0, 11, size=(13, 5))
mask = (RNG.random((13, 5)) < 0.7)
np.save(HERE / "text_ids.npy", ids.astype(np.int32))
np.save(HERE / "text_mask.npy", mask)
np.save(HERE / "text_y.npy", RNG.integers(0, 11, size=13).astype(np.uint8))
save_file({"embed.weight": a, "head.weight": a.copy()}, HERE / "text_a.safetensors")
save_file({"embed.weight": b, "head.weight": b.copy()}, HERE / "text_b.safetensors")
np.save(HERE / "text_b_logits.npy",
        run(text({"embed.weight": b}), {"ids": ids, "mask": mask.astype(np.int64)}))
onnx.save(text({"embed.weight": a}), HERE / "text.onnx")


# Metrics.
rows, classes = 240, 7
logits = normal(rows, classes, scale=2)
truth = np.where(RNG.random(rows) < 0.6, logits.argmax(1), RNG.integers(0, classes, rows))
np.save(HERE / "metric_logits.npy", logits)
np.save(HERE / "metric_labels.npy", truth.astype(np.int64))
others = [normal(rows, classes, scale=2) for _ in range(3)]
np.save(HERE / "metric_others.npy", np.stack(others))


def nll(beta, values=logits):
    z = beta * values.astype(np.float64)
    top = z.max(1, keepdims=True)
    total = np.log(np.exp(z - top).sum(1)) + top[:, 0]
    return float((total - z[np.arange(rows), truth]).mean())


def softmax(values):
    z = values.astype(np.float64)
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def golden(function, low, high):
    ratio = (math.sqrt(5) - 1) / 2
    while high - low > 1e-12:
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        low, high = (low, right) if function(left) < function(right) else (left, high)
    return (low + high) / 2


predicted = logits.argmax(1)
confidence = softmax(logits).max(1)
right = predicted == truth
table = np.zeros((classes, classes))
np.add.at(table, (truth, predicted), 1)
f1 = [2 * table[c, c] / (table[c].sum() + table[:, c].sum()) for c in range(classes)]
# R_K from the covariances of the one-hot matrices, not from the closed form.
one_hot = np.eye(classes)
t, p = one_hot[truth], one_hot[predicted]
cov = lambda u, v: float(((u - u.mean(0)) * (v - v.mean(0))).sum())
width = np.clip(np.ceil(confidence * 15).astype(int) - 1, 0, 14)
order = np.argsort(confidence, kind="stable")
mass = [order[k * rows // 15:(k + 1) * rows // 15] for k in range(15)]
gap = lambda index: abs(right[index].sum() - confidence[index].sum()) / rows
beta = golden(nll, 0.01, 20)
weights = [0.4, 0.3, 0.2, 0.1]
members = np.stack([logits] + others).astype(np.float64)
mean = members.mean(0)
weighted = np.tensordot(np.array(weights), members, 1)


def mcnemar(b, c):
    n, k = b + c, min(b, c)
    return float(min(Fraction(1), 2 * Fraction(sum(math.comb(n, i) for i in range(k + 1)), 2**n)))


(HERE / "metrics.json").write_text(json.dumps({
    "correct": int(right.sum()),
    "top5": int(sum(truth[i] in np.argsort(-logits[i], kind="stable")[:5] for i in range(rows))),
    "nll": nll(1), "macroF1": float(np.mean(f1)),
    "matthews": cov(t, p) / math.sqrt(cov(t, t) * cov(p, p)),
    "ece": float(sum(gap(width == k) for k in range(15))),
    "eceEqualMass": float(sum(gap(index) for index in mass)),
    "beta": beta, "nllAtBeta": nll(beta),
    "ensemble": int((mean.astype(np.float32).argmax(1) == truth).sum()),
    "ensembleNLL": nll(1, mean),
    "weights": weights,
    "weighted": int((weighted.astype(np.float32).argmax(1) == truth).sum()),
    "mcnemar": [[b, c, mcnemar(b, c)] for b, c in
                [(0, 0), (1, 0), (3, 9), (10, 10), (25, 60), (400, 500), (2100, 1900), (0, 40)]],
}, indent=1) + "\n")
