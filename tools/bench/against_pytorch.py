#!/usr/bin/python3
"""Times one training step of the 784-300-100-10 tanh net in PyTorch's autograd and in Settle, in turns, on one thread.

Both do the same work on a batch: forward pass, summed squared error, gradients, SGD. The rounds alternate (A B A B), so
that a machine that gets slower or faster meanwhile does not decide; a ratio below 1 means Settle is faster.

    tools/bench/against_pytorch.py [--settle build/release/bin/settle] [--rounds 7]
"""
import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import time

# Before torch is loaded: its thread pools spin, which costs more than they give on few cores.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
os.environ["OMP_WAIT_POLICY"] = "passive"

try:
    import torch
except ImportError:
    sys.exit("against_pytorch.py: needs PyTorch for this Python (on Debian: apt-get install python3-torch, "
             "then run it with /usr/bin/python3)")

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LAYERS = (784, 300, 100, 10)
ROUND_SECONDS = 0.25


class TorchStep:
    """One training step on a fixed random batch."""

    def __init__(self, batch):
        modules = []
        for fan_in, fan_out in zip(LAYERS, LAYERS[1:]):
            modules += [torch.nn.Linear(fan_in, fan_out), torch.nn.Tanh()]
        self.net = torch.nn.Sequential(*modules[:-1])
        self.optimizer = torch.optim.SGD(self.net.parameters(), lr=0.01 / batch)
        self.x = torch.rand(batch, LAYERS[0])
        self.target = torch.rand(batch, LAYERS[-1])

    def __call__(self):
        self.optimizer.zero_grad()
        loss = 0.5 * ((self.net(self.x) - self.target) ** 2).sum()
        loss.backward()
        self.optimizer.step()

    def milliseconds(self, steps):
        start = time.perf_counter()
        for _ in range(steps):
            self()
        return (time.perf_counter() - start) / steps * 1e3


def loaded_blas():
    """The libraries that this process multiplies matrices with."""
    torch.rand(64, 64) @ torch.rand(64, 64)
    with open("/proc/self/maps", encoding="utf-8") as maps:
        files = {line.split(maxsplit=5)[5].strip() for line in maps if "/" in line}
    return sorted(file for file in files if re.search(r"blas|mkl|blis|atlas", os.path.basename(file)))


def is_slow(blas):
    """Debian's libblas3 is the reference implementation: right, and about ten times slower than the others."""
    return bool(blas) and all(os.path.basename(os.path.dirname(file)) == "blas" for file in blas)


def steps_for(milliseconds):
    """As many as fill a round."""
    return max(3, round(ROUND_SECONDS * 1e3 / milliseconds))


class SettleTrial:
    """One learning trial, by `settle bench trial`."""

    def __init__(self, program, batch, options):
        layers = ",".join(map(str, LAYERS))
        self.command = [program, "bench", "trial", "--family", "mlp", "--layers", layers, "--output", "normal",
                        "--batch", str(batch), "--threads", "1", "--json", *options]

    def milliseconds(self, trials):
        done = subprocess.run(self.command + ["--trials", str(trials)], stdout=subprocess.PIPE, text=True)
        if done.returncode != 0:
            sys.exit("against_pytorch.py: " + " ".join(self.command) + f": exit code {done.returncode}")
        return json.loads(done.stdout.splitlines()[-1])["ms_per_trial"]["median"]


def compare(program, batch, options, rounds):
    step = TorchStep(batch)
    trial = SettleTrial(program, batch, options)
    step.milliseconds(5)
    torch_steps = steps_for(step.milliseconds(5))
    trials = steps_for(trial.milliseconds(5))
    theirs, ours = [], []
    for _ in range(rounds):
        theirs.append(step.milliseconds(torch_steps))
        ours.append(trial.milliseconds(trials))
    ratio = statistics.median(b / a for a, b in zip(theirs, ours))
    return statistics.median(theirs), statistics.median(ours), ratio


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--settle", default=os.path.join(ROOT, "build/release/bin/settle"), help="the program")
    parser.add_argument("--rounds", type=int, default=7, help="of both, in turns")
    arguments = parser.parse_args()
    if not os.access(arguments.settle, os.X_OK):
        sys.exit(f"against_pytorch.py: {arguments.settle}: no such program; build it (tools/quickstart --build-only) "
                 "or give --settle PATH")
    torch.set_num_threads(1)
    blas = loaded_blas()
    if is_slow(blas):
        print("against_pytorch.py: WARNING: this PyTorch multiplies with the reference BLAS (" + ", ".join(blas) +
              "), about 10 times slower than it can: the ratios below flatter Settle. For a fair comparison give it "
              "OpenBLAS: apt-get install libopenblas0-pthread", file=sys.stderr, flush=True)
    lockstep = ["--pacing", "lockstep", "--value-rate", "0.1", "--steps", "100"]
    cases = [("exact, batch 1", 1, []), ("exact, batch 64", 64, []), ("exact, batch 256", 256, []),
             ("lockstep, rate 0.1, 100 steps, batch 64", 64, lockstep)]
    print(f"MLP {'-'.join(map(str, LAYERS))} tanh, float32, 1 thread each, PyTorch {torch.__version__}; ms per step")
    print("PyTorch's BLAS: " + (", ".join(blas) or "its own") + (" (slow: see the warning)" if is_slow(blas) else ""))
    print(f"{'':42}{'PyTorch':>10}{'Settle':>10}{'ratio':>8}")
    for name, batch, options in cases:
        theirs, ours, ratio = compare(arguments.settle, batch, options, arguments.rounds)
        print(f"{name:42}{theirs:10.3f}{ours:10.3f}{ratio:8.2f}", flush=True)


if __name__ == "__main__":
    main()
