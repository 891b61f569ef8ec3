"""What both peers share: the command line, the sizes of the data, and the one JSON line that a run prints."""

import argparse
import json
import resource
import statistics
import time

# name: (samples, batch size, shape of a sample); the lengths of token sequences stand for themselves.
DATA = {
    "mlp": (20000, 100, (28, 28)),
    "mlp512": (12000, 32, (28, 28)),
    "deep-mlp": (20000, 100, (28, 28)),
    "lenet": (10000, 100, (28, 28, 1)),
    "cifar": (4000, 100, (32, 32, 3)),
    "resnet20": (3000, 100, (32, 32, 3)),
    "lstm": (3200, 32, (80,)),
    "transformer": (3200, 32, (64,)),
}
VOCABULARY = 5000
CLASSES = 10


def arguments(description):
    """MODEL and the options that every peer understands."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("model", choices=DATA)
    parser.add_argument("--epochs", type=int, default=4, help="epochs that count (default 4); one more warms up")
    parser.add_argument("--samples", type=int, help="fewer samples than the model's own number, for a quick try")
    parser.add_argument("--threads", type=int, help="threads of the peer's pool (default: the peer's choice)")
    return parser.parse_args()


class Clock:
    """Seconds of every epoch; the first one (tracing, compilation, first touch of memory) is kept apart."""

    def __init__(self):
        self.epochs = []

    def start(self):
        self.started = time.perf_counter()

    def stop(self):
        self.epochs.append(time.perf_counter() - self.started)


def best_of(times, run):
    """The shortest time in seconds of several runs."""
    seconds = []
    for _ in range(times):
        started = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - started)
    return min(seconds)


def median_us(run, times=300):
    """The median time in microseconds of a short call, after some to warm up."""
    seconds = []
    for _ in range(times + 20):
        started = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds[20:]) * 1e6


def report(peer, version, model, parameters, samples, batch, clock, predict_seconds, one_row_us, import_seconds):
    """Prints the one line that Scripts/bench reads."""
    steps = -(-samples // batch)
    first, counted = clock.epochs[0], clock.epochs[1:]
    print(json.dumps({
        "peer": peer,
        "version": version,
        "model": model,
        "parameters": parameters,
        "batch": batch,
        "steps": steps,
        "ms_per_step": round(min(counted) / steps * 1e3, 4),
        "ms_per_step_median": round(statistics.median(counted) / steps * 1e3, 4),
        "samples_per_second": round(samples / min(counted)),
        "predict_samples_per_second": round(samples / predict_seconds),
        "one_row_us": round(one_row_us, 2),
        "first_step_s": round(first - min(counted) + min(counted) / steps + import_seconds, 2),
        "peak_MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }))
