#!/usr/bin/env python3
"""Runs the ONNX project's own tests of operators through `settle onnx-test`.

usage: onnx_backend.py SETTLE SCRATCH

The tests come from the Python package onnx (Debian: python3-onnx), which makes their models, inputs and outputs; they
are written to SCRATCH. Every test has to pass, but for those of the operators below. Exits with 77 where the package is
missing.
"""
import json
import os
import shutil
import subprocess
import sys

try:
    import numpy

    # The package's tests still use names that numpy has dropped.
    for name, kind in (("float", float), ("bool", bool), ("int", int), ("object", object), ("str", str)):
        if name not in numpy.__dict__:
            setattr(numpy, name, kind)
    import onnx
    from onnx import numpy_helper
    from onnx.backend.test.case.node import collect_testcases
except ImportError as error:
    print(f"skipped: {error} (Debian: python3-onnx)")
    sys.exit(77)

UNSUPPORTED = {
    # control flow, sequences, text
    "If", "Loop", "Scan", "Optional", "OptionalGetElement", "OptionalHasElement", "StringNormalizer", "TfIdfVectorizer",
    # results whose shape depends on data
    "Compress", "NonMaxSuppression", "NonZero", "TopK", "Unique",
    # whole numbers and quantisation
    "BitShift", "ConvInteger", "DequantizeLinear", "DynamicQuantizeLinear", "MatMulInteger", "QLinearConv",
    "QLinearMatMul", "QuantizeLinear",
    # images and signals
    "BlackmanWindow", "DFT", "GridSample", "HammingWindow", "HannWindow", "MaxUnpool", "MelWeightMatrix", "Resize",
    "RoiAlign", "STFT", "Upsample",
    # training and chance
    "Adagrad", "Adam", "Bernoulli", "Momentum", "RandomUniformLike",
    # others
    "Det", "Einsum", "EyeLike", "Hardmax", "ReverseSequence",
}
# Tests of a supported operator in a form that is not: in training, with text, or with a second output.
UNSUPPORTED_FORMS = ("training", "STRING", "with_argmax")


def uses_bfloat16(model):
    """numpy has no such type: the package writes its bits as integers."""
    values = list(model.graph.input) + list(model.graph.output)
    return any(v.type.tensor_type.elem_type == onnx.TensorProto.BFLOAT16 for v in values)


def write(case, folder):
    """False where an input or output is not a tensor."""
    data = os.path.join(folder, "test_data_set_0")
    os.makedirs(data)
    with open(os.path.join(folder, "model.onnx"), "wb") as file:
        file.write(case.model.SerializeToString())
    inputs, outputs = case.data_sets[0]
    for kind, values, infos in (("input", inputs, case.model.graph.input), ("output", outputs, case.model.graph.output)):
        for number, (value, info) in enumerate(zip(values, infos)):
            if value is None or isinstance(value, (list, dict)):
                return False
            tensor = value if isinstance(value, onnx.TensorProto) else numpy_helper.from_array(numpy.asarray(value), info.name)
            with open(os.path.join(data, f"{kind}_{number}.pb"), "wb") as file:
                file.write(tensor.SerializeToString())
    return True


def main():
    settle, scratch = sys.argv[1:3]
    shutil.rmtree(scratch, ignore_errors=True)
    with_argument = collect_testcases.__code__.co_argcount
    cases = collect_testcases(None) if with_argument else collect_testcases()
    operators = {}
    for case in cases:
        folder = os.path.join(scratch, case.name)
        opset = max((entry.version for entry in case.model.opset_import if entry.domain in ("", "ai.onnx")), default=0)
        if case.name in operators or opset > 17 or uses_bfloat16(case.model) or not write(case, folder):
            if case.name not in operators:
                shutil.rmtree(folder, ignore_errors=True)
            continue
        operators[case.name] = {node.op_type for node in case.model.graph.node}
    folders = [os.path.join(scratch, name) for name in operators]
    run = subprocess.run([settle, "onnx-test", *folders, "--json"], stdout=subprocess.PIPE, text=True)
    result = json.loads(run.stdout.strip().splitlines()[-1])
    names = {verdict: [os.path.basename(str(entry if isinstance(entry, str) else entry["name"])) for entry in result[verdict]]
             for verdict in ("passed", "failed", "unsupported")}
    print({verdict: len(found) for verdict, found in names.items()})
    lost = [name for name in names["unsupported"]
            if not operators[name] & UNSUPPORTED and not any(form in name for form in UNSUPPORTED_FORMS)]
    for title, found in (("failed", names["failed"]), ("no longer supported", lost)):
        if found:
            print(f"{title}: {' '.join(found)}")
    return 1 if names["failed"] or lost or len(names["passed"]) < 600 else 0


if __name__ == "__main__":
    sys.exit(main())
