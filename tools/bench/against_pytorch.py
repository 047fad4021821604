#!/usr/bin/python3
"""Times one training step of the same nets in PyTorch's autograd and in Settle, in turns: a tanh net
784-300-100-10, the paper's CNN (tools/bench/cnn.graph) and LSTMs of 200 (tools/bench/lstm.graph) and of 1056 units, the
paper's, over 50 steps.

Both do the same work on a batch: forward pass, summed squared error, gradients, SGD. The rounds alternate (A B A B), so
that a machine that gets slower or faster meanwhile does not decide; a ratio below 1 means Settle is faster. PyTorch runs
its convolutions with and without oneDNN and in both memory layouts, its LSTM with and without oneDNN, and all of them on
one thread and on as many as Settle has; the fastest counts.

    tools/bench/against_pytorch.py [--settle build/release/bin/settle] [--threads 1] [--rounds 7] [--only mlp|cnn|lstm]
"""
import argparse
import copy
import ctypes
import functools
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

# Before torch is loaded: its thread pools spin, which costs more than they give on few cores.
os.environ["OMP_WAIT_POLICY"] = "passive"
# Settings that hold OpenBLAS to less than this machine can: they cost the LSTM a third.
for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)
# OpenBLAS takes a processor that is newer than itself for the oldest that it knows: an eighth of its speed.
with open("/proc/cpuinfo", encoding="utf-8") as cpuinfo:
    flags = set(next((line for line in cpuinfo if line.startswith("flags")), "").split())
if {"avx512f", "avx512dq", "avx512bw", "avx512vl"} <= flags:
    os.environ["OPENBLAS_CORETYPE"] = "SkylakeX"
elif {"avx2", "fma"} <= flags:
    os.environ["OPENBLAS_CORETYPE"] = "Haswell"

try:
    import torch
except ImportError:
    sys.exit("against_pytorch.py: needs PyTorch for this Python (on Debian: apt-get install python3-torch, "
             "then run it with /usr/bin/python3)")

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LAYERS = (784, 300, 100, 10)
LSTM_RATE = 1e-4
ROUND_SECONDS = 0.25


def set_threads(count):
    torch.set_num_threads(count)
    for library in loaded_blas():  # OpenBLAS has threads of its own
        blas = ctypes.CDLL(library)
        if hasattr(blas, "openblas_set_num_threads"):
            blas.openblas_set_num_threads(count)


class TorchStep:
    """One training step on a fixed random batch."""

    threads = 1

    def __init__(self, net, x, target, rate, onednn=True):
        self.net, self.x, self.target, self.onednn = net, x, target, onednn
        self.optimizer = torch.optim.SGD(net.parameters(), lr=rate)

    def __call__(self):
        self.optimizer.zero_grad()
        loss = 0.5 * ((self.net(self.x) - self.target) ** 2).sum()
        loss.backward()
        self.optimizer.step()

    def on(self, threads):
        step = copy.copy(self)
        step.threads = threads
        return step

    def milliseconds(self, steps):
        set_threads(self.threads)
        with torch.backends.mkldnn.flags(enabled=self.onednn):
            start = time.perf_counter()
            for _ in range(steps):
                self()
            return (time.perf_counter() - start) / steps * 1e3


def mlp_steps(batch):
    modules = []
    for fan_in, fan_out in zip(LAYERS, LAYERS[1:]):
        modules += [torch.nn.Linear(fan_in, fan_out), torch.nn.Tanh()]
    net = torch.nn.Sequential(*modules[:-1])
    return [TorchStep(net, torch.rand(batch, LAYERS[0]), torch.rand(batch, LAYERS[-1]), 0.01 / batch)]


def cnn_steps(batch):
    def net():
        return torch.nn.Sequential(
            torch.nn.Conv2d(3, 6, 5, bias=False), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
            torch.nn.Conv2d(6, 16, 5, bias=False), torch.nn.ReLU(), torch.nn.Flatten(),
            torch.nn.Linear(1600, 200, bias=False), torch.nn.ReLU(),
            torch.nn.Linear(200, 150, bias=False), torch.nn.ReLU(), torch.nn.Linear(150, 10, bias=False))

    x, target, rate = torch.rand(batch, 3, 32, 32), torch.rand(batch, 10), 0.01 / batch
    last = torch.channels_last
    return [TorchStep(net(), x, target, rate), TorchStep(net(), x, target, rate, onednn=False),
            TorchStep(net().to(memory_format=last), x.to(memory_format=last), target, rate)]


class CharacterLstm(torch.nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.lstm = torch.nn.LSTM(65, hidden)
        self.readout = torch.nn.Linear(hidden, 65)

    def forward(self, x):
        return self.readout(self.lstm(x)[0])


def lstm_steps(batch, hidden=200):
    net, x, target = CharacterLstm(hidden), torch.rand(50, batch, 65), torch.rand(50, batch, 65)
    return [TorchStep(net, x, target, LSTM_RATE / batch, onednn) for onednn in (True, False)]


@functools.cache
def loaded_blas():
    """The libraries that this process multiplies matrices with."""
    torch.rand(64, 64) @ torch.rand(64, 64)
    with open("/proc/self/maps", encoding="utf-8") as maps:
        files = {line.split(maxsplit=5)[5].strip() for line in maps if "/" in line}
    return sorted(file for file in files if re.search(r"blas|mkl|blis|atlas", os.path.basename(file)))


def is_slow(blas):
    """Debian's libblas3 is the reference implementation: right, and about ten times slower than the others."""
    return bool(blas) and all(os.path.basename(os.path.dirname(file)) == "blas" for file in blas)


def model(name):
    return os.path.join(ROOT, "tools/bench", name + ".graph")


def lstm_model(hidden, folder):
    """tools/bench/lstm.graph of another size."""
    with open(model("lstm"), encoding="utf-8") as source:
        text = re.sub(r"\b200\b", str(hidden), source.read())
    path = os.path.join(folder, f"lstm_{hidden}.graph")
    with open(path, "w", encoding="utf-8") as target:
        target.write(text)
    return path


def steps_for(milliseconds):
    """As many as fill a round."""
    return max(3, round(ROUND_SECONDS * 1e3 / milliseconds))


class SettleTrial:
    """One learning trial, by `settle bench trial`."""

    def __init__(self, program, batch, threads, options):
        self.command = [program, "bench", "trial", "--batch", str(batch), "--threads", str(threads), "--json", *options]

    def milliseconds(self, trials):
        done = subprocess.run(self.command + ["--trials", str(trials)], stdout=subprocess.PIPE, text=True)
        if done.returncode != 0:
            sys.exit("against_pytorch.py: " + " ".join(self.command) + f": exit code {done.returncode}")
        return json.loads(done.stdout.splitlines()[-1])["ms_per_trial"]["median"]


def fastest(steps):
    for step in steps:
        step.milliseconds(3)
    return min(steps, key=lambda step: min(step.milliseconds(5) for _ in range(3)))


def compare(arguments, batch, steps, options):
    step = fastest([each.on(threads) for each in steps for threads in sorted({1, arguments.threads})])
    trial = SettleTrial(arguments.settle, batch, arguments.threads, options)
    torch_steps = steps_for(step.milliseconds(5))
    trials = steps_for(trial.milliseconds(5))
    theirs, ours = [], []
    for _ in range(arguments.rounds):
        theirs.append(step.milliseconds(torch_steps))
        ours.append(trial.milliseconds(trials))
    ratios = [b / a for a, b in zip(theirs, ours)]
    return step.threads, statistics.median(theirs), statistics.median(ours), statistics.median(ratios), min(ratios)


def compare_all(arguments, folder):
    mlp = ["--family", "mlp", "--layers", ",".join(map(str, LAYERS)), "--output", "normal"]
    lockstep = ["--pacing", "lockstep", "--value-rate", "0.1", "--steps", "100"]
    lstm = [model("lstm"), "--learning-rate", str(LSTM_RATE)]
    large = [lstm_model(1056, folder), "--learning-rate", str(LSTM_RATE)]
    cases = [("mlp", "MLP, exact, batch 1", 1, mlp_steps, mlp), ("mlp", "MLP, exact, batch 64", 64, mlp_steps, mlp),
             ("mlp", "MLP, exact, batch 256", 256, mlp_steps, mlp),
             ("mlp", "MLP, lockstep, rate 0.1, 100 steps, batch 64", 64, mlp_steps, mlp + lockstep),
             ("cnn", "CNN, exact, batch 64", 64, cnn_steps, [model("cnn")]),
             ("cnn", "CNN, lockstep, rate 0.1, 100 steps, batch 64", 64, cnn_steps, [model("cnn"), *lockstep]),
             ("lstm", "LSTM, exact, batch 64", 64, lstm_steps, lstm),
             ("lstm", "LSTM, lockstep, rate 0.1, 100 steps, batch 64", 64, lstm_steps, lstm + lockstep),
             ("lstm", "LSTM of 1056 units, exact, batch 64", 64, lambda batch: lstm_steps(batch, 1056), large)]
    print(f"{'':46}{'PyTorch':>10}{'threads':>9}{'Settle':>10}{'ratio':>8}{'least':>8}")
    for net, name, batch, steps, options in cases:
        if arguments.only in (None, net):
            threads, theirs, ours, ratio, least = compare(arguments, batch, steps(batch), options)
            print(f"{name:46}{theirs:10.3f}{threads:9}{ours:10.3f}{ratio:8.2f}{least:8.2f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--settle", default=os.path.join(ROOT, "build/release/bin/settle"), help="the program")
    parser.add_argument("--threads", type=int, default=1, help="of Settle; PyTorch takes one or so many")
    parser.add_argument("--rounds", type=int, default=7, help="of both, in turns")
    parser.add_argument("--only", choices=("mlp", "cnn", "lstm"), help="this net alone")
    arguments = parser.parse_args()
    if not os.access(arguments.settle, os.X_OK):
        sys.exit(f"against_pytorch.py: {arguments.settle}: no such program; build it (tools/quickstart --build-only) "
                 "or give --settle PATH")
    blas = loaded_blas()
    if is_slow(blas):
        print("against_pytorch.py: WARNING: this PyTorch multiplies with the reference BLAS (" + ", ".join(blas) +
              "), about 10 times slower than it can: the ratios below flatter Settle. For a fair comparison give it "
              "OpenBLAS: apt-get install libopenblas0-pthread", file=sys.stderr, flush=True)
    print(f"float32, Settle on {arguments.threads} thread(s), PyTorch {torch.__version__}; ms per training step")
    print("PyTorch's BLAS: " + (", ".join(blas) or "its own") + (" (slow: see the warning)" if is_slow(blas) else ""))
    with tempfile.TemporaryDirectory() as folder:
        compare_all(arguments, folder)


if __name__ == "__main__":
    main()
