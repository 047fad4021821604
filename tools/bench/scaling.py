#!/usr/bin/python3
"""Times configs/scaling.ini over 1, 2, 4 and 8 processes of one thread and prints the table as Markdown.

Strong scaling: the same net (width 1024) over more processes. Weak scaling: the width grows with the square root of their
number, so that each process has as much to compute (512, 728, 1024, 1448). A figure is the difference of a long and a
short run, so that joining, reading data and evaluating are in none; the median of the rounds counts.

cut        what METIS lets travel between processes in a trial, one way (as `settle graph --hosts N` counts it)
waits      of each process, the share of the time in which it does not compute
messages   the share of all CPU time that one process does not need for the same trials
           (negative: several caches are worth more than what messages cost)

    tools/bench/scaling.py [--settle build/release/bin/settle] [--trials 100] [--rounds 3] [--plain]
"""
import argparse
import glob
import json
import os
import statistics
import subprocess
import tempfile
import time

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
CONFIG = os.path.join(ROOT, "configs", "scaling.ini")
BATCH = 256
SHORT = 20  # trials
STRONG = {1: 1024, 2: 1024, 4: 1024, 8: 1024}
WEAK = {1: 512, 2: 728, 4: 1024, 8: 1448}
TICK = 1 / os.sysconf("SC_CLK_TCK")


def layers(width):
    return f"784,{width},{width},10"


def cut_bytes(settle, hosts, width):
    words = [settle, "graph", "--family", "mlp", "--layers", layers(width), "--tile", "8", "--hosts", str(hosts), "--json"]
    return json.loads(subprocess.check_output(words))["placement"]["cut_bytes_per_sample"] * BATCH


def cpu_seconds(process):
    """Of a process and its children, by process; without those that have ended."""
    seconds = {}
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            with open(path, encoding="utf-8") as file:
                text = file.read()
        except OSError:
            continue
        fields = text[text.rindex(")") + 2 :].split()
        number = int(path.split("/")[2])
        if process in (number, int(fields[1])):
            seconds[number] = (int(fields[11]) + int(fields[12])) * TICK
    return seconds


def run(settle, hosts, width, trials, plain):
    """Wall seconds of the training, and CPU seconds by process, host 0 first."""
    with tempfile.TemporaryDirectory() as folder:
        words = [settle, "launch", "-n", str(hosts), CONFIG, "--json", "--quiet", "--graph.layers=" + layers(width)]
        words += [f"--learn.max_trials={trials}", "--run.directory=" + os.path.join(folder, "run")]
        words += ["--plain"] if plain else []
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            seconds = {}
            while process.poll() is None:
                seconds.update(cpu_seconds(process.pid))
                time.sleep(0.02)
            out, err = process.communicate()
        if process.returncode != 0:
            raise SystemExit(err)
    return json.loads(out.splitlines()[-1])["seconds"], [seconds[number] for number in sorted(seconds)]


def figures(settle, hosts, width, trials, plain):
    """Wall seconds a trial, and CPU seconds a trial by process."""
    short_wall, short_cpu = run(settle, hosts, width, SHORT, plain)
    wall, cpu = run(settle, hosts, width, SHORT + trials, plain)
    return (wall - short_wall) / trials, [(a - b) / trials for a, b in zip(cpu, short_cpu)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--settle", default=os.path.join(ROOT, "build/release/bin/settle"))
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--plain", action="store_true", help="without encryption")
    given = parser.parse_args()

    wanted = [(1, width) for width in sorted({*STRONG.values(), *WEAK.values()})]
    wanted += [(hosts, width) for widths in (STRONG, WEAK) for hosts, width in widths.items() if hosts > 1]
    wanted = list(dict.fromkeys(wanted))
    measured = {case: [] for case in wanted}
    for _ in range(given.rounds):  # in turns, so that a machine that gets slower meanwhile does not decide
        for case in wanted:
            measured[case].append(figures(given.settle, *case, given.trials, given.plain))

    def wall(case):
        return statistics.median(round_wall for round_wall, _ in measured[case])

    def cpu(case):
        return [statistics.median(of_host) for of_host in zip(*(round_cpu for _, round_cpu in measured[case]))]

    print("| scaling | processes | W | trials/s | of one process at this W | cut, MB a trial | waits, % by process | CPU time for messages, % |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for name, widths in (("strong", STRONG), ("weak", WEAK)):
        for hosts, width in widths.items():
            case, alone = (hosts, width), (1, width)
            waits = " ".join(f"{100 * max(0, 1 - used / wall(case)):.0f}" for used in cpu(case))
            messages = 100 * (1 - sum(cpu(alone)) / sum(cpu(case)))
            print(
                f"| {name} | {hosts} | {width} | {1 / wall(case):.1f} | {wall(alone) / wall(case):.2f} | "
                f"{cut_bytes(given.settle, hosts, width) / 1e6:.2f} | {waits} | {messages:.0f} |"
            )


if __name__ == "__main__":
    main()
