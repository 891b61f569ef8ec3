"""Runs the course models in all frameworks in turn, and prints one table. Scripts/bench calls it.

    python compare.py --program PATH [MODEL…] [--rounds N] [--epochs N] [--quick] [--json]

A round runs every framework once, each in a process of its own, so that whatever slows the machine down for a while
slows all of them. Of all rounds the shortest epoch counts; the median is shown beside it.
"""

import argparse
import datetime
import importlib.metadata
import json
import os
import platform
import statistics
import subprocess
import sys

PEERS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peers")
FRAMEWORKS = ["DeepSwift", "Keras/TensorFlow", "Keras/JAX", "PyTorch"]


def command(framework, program, model, epochs):
    """The command line of one run, and what it adds to the environment."""
    if framework == "DeepSwift":
        return [program, model, str(epochs)], {}
    file = "torch_bench.py" if framework == "PyTorch" else "keras_bench.py"
    environment = {"KERAS_BACKEND": framework.removeprefix("Keras/").lower()} if "/" in framework else {}
    return [sys.executable, os.path.join(PEERS, file), model, "--epochs", str(epochs)], environment


def measure(framework, program, model, epochs):
    """One run: what its last line says, or what went wrong."""
    words, environment = command(framework, program, model, epochs)
    run = subprocess.run(words, env={**os.environ, **environment}, capture_output=True, text=True)
    lines = run.stdout.strip().splitlines()
    try:
        result = json.loads(lines[-1]) if run.returncode == 0 else None
    except (IndexError, ValueError):
        result = None
    if result is None:
        said = (run.stderr.strip() or run.stdout.strip() or "it said nothing").splitlines()[-1]
        return {"error": f"ended with status {run.returncode}: {said}"}
    return result


def models_of(program):
    """The models that DeepSwift's program knows, the small ones first."""
    said = subprocess.run([program], capture_output=True, text=True).stdout
    known = next((line.split()[1:] for line in said.splitlines() if line.startswith("models:")), [])
    order = ["mlp", "mlp512", "deep-mlp", "lenet", "cifar", "resnet20"]
    return sorted(known, key=lambda name: (order.index(name) if name in order else len(order), name))


def version(*names):
    """The version of the first of these packages that is installed."""
    for name in names:
        try:
            return importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            pass
    return "?"


def output(*words):
    try:
        return subprocess.run(words, capture_output=True, text=True).stdout.strip()
    except OSError:
        return ""


def processor():
    with open("/proc/cpuinfo") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return names[0] if names else platform.machine()


def circumstances(rounds, epochs):
    """What a figure means nothing without."""
    swift = next((word for word in output("swift", "--version").split() if word[0].isdigit()), "?")
    return {
        "processor": processor(),
        "cores": len(os.sched_getaffinity(0)),
        "date": datetime.date.today().isoformat(),
        "system": f"{platform.system()} {platform.release()}",
        "versions": {
            "DeepSwift": output("git", "describe", "--always", "--dirty") or "?", "Swift": swift,
            "Keras": version("keras"), "TensorFlow": version("tensorflow-cpu", "tensorflow"), "JAX": version("jax"),
            "PyTorch": version("torch"), "Python": platform.python_version(),
        },
        "rounds": rounds,
        "epochs": epochs,
    }


def summary(runs):
    """Several runs of one framework as one row."""
    good = [run for run in runs if "error" not in run]
    if not good:
        return {"error": runs[0]["error"]}
    return {
        "parameters": good[0]["parameters"],
        "ms_per_step": min(run["ms_per_step"] for run in good),
        "ms_per_step_median": statistics.median(run["ms_per_step_median"] for run in good),
        "samples_per_second": max(run["samples_per_second"] for run in good),
        "predict_samples_per_second": max(run["predict_samples_per_second"] for run in good),
        "one_row_us": min(run["one_row_us"] for run in good),
        "first_step_s": min(run["first_step_s"] for run in good),
        "peak_MB": max(run["peak_MB"] for run in good),
    }


def compared(rows):
    """Adds to each row how many times as fast as the best peer it is."""
    peers = [row["ms_per_step"] for name, row in rows.items() if name != "DeepSwift" and "error" not in row]
    for row in rows.values():
        if peers and "error" not in row:
            row["ratio"] = min(peers) / row["ms_per_step"]
    return rows


def table(results):
    head = ["model", "framework", "ms/step", "median", "ratio", "samples/s", "predicted/s", "one row", "start", "memory"]
    lines = []
    for model, rows in results.items():
        for name, row in rows.items():
            first = model if name == "DeepSwift" else ""
            if "error" in row:
                lines.append([first, name, "failed"] + [""] * (len(head) - 3))
                continue
            lines.append([
                first, name, f"{row['ms_per_step']:.3f}", f"{row['ms_per_step_median']:.3f}",
                f"{row['ratio']:.2f}" if "ratio" in row else "", f"{row['samples_per_second']:,}",
                f"{row['predict_samples_per_second']:,}", f"{row['one_row_us']:,.1f} µs", f"{row['first_step_s']:.2f} s",
                f"{row['peak_MB']:,} MB",
            ])
    widths = [max(len(line[i]) for line in [head] + lines) for i in range(len(head))]

    def text(line):
        cells = [cell.ljust(width) if i < 2 else cell.rjust(width) for i, (cell, width) in enumerate(zip(line, widths))]
        return "  ".join(cells).rstrip()

    body = [text(head), "-" * len(text(head))]
    for line in lines:
        if line[0] and len(body) > 2:
            body.append("")
        body.append(text(line))
    return "\n".join(body)


def times(count, noun):
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def faults(results):
    """What must not be overlooked: runs that failed, and models that are not the same."""
    found = []
    for model, rows in results.items():
        found += [f"{model}: {name} {row['error']}" for name, row in rows.items() if "error" in row]
        counts = {name: row["parameters"] for name, row in rows.items() if "error" not in row}
        # PyTorch keeps the moving statistics of a normalization outside of its parameters.
        if "PyTorch" in counts and model == "resnet20":
            del counts["PyTorch"]
        if len(set(counts.values())) > 1:
            found.append(f"{model}: the models differ: " + ", ".join(f"{n} has {c:,} parameters" for n, c in counts.items()))
    return found


def positive(text):
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def arguments():
    parser = argparse.ArgumentParser(description="Times the course models in all frameworks.")
    parser.add_argument("models", nargs="*", metavar="MODEL")
    parser.add_argument("--program", required=True, help="DeepSwift's program, made by swift build --product Benchmark")
    parser.add_argument("--rounds", type=positive)
    parser.add_argument("--epochs", type=positive)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_intermixed_args()
    options.rounds = options.rounds or (1 if options.quick else 3)
    options.epochs = options.epochs or (2 if options.quick else 4)
    known = models_of(options.program)
    unknown = [name for name in options.models if name not in known]
    if unknown:
        parser.error(f"no model is called {unknown[0]}; there are {' '.join(known)}")
    options.models = options.models or known
    return options


def main():
    options = arguments()
    about = circumstances(options.rounds, options.epochs)
    load = os.getloadavg()[0]
    if load > 0.5:
        print(f"Other programs are running (load {load:.1f}): the figures will be off.", file=sys.stderr)

    runs = []
    results = {}
    for model in options.models:
        own = {name: [] for name in FRAMEWORKS}
        for number in range(options.rounds):
            for name in FRAMEWORKS:
                run = measure(name, options.program, model, options.epochs)
                own[name].append(run)
                runs.append({"framework": name, "round": number + 1, **run, "model": model})
                said = f"{run['ms_per_step']:.3f} ms/step" if "error" not in run else run["error"]
                print(f"{model}, round {number + 1} of {options.rounds}, {name}: {said}", file=sys.stderr, flush=True)
        results[model] = compared({name: summary(own[name]) for name in FRAMEWORKS})

    found = faults(results)
    if options.json:
        print(json.dumps({**about, "results": results, "runs": runs, "faults": found}, indent=2))
    else:
        versions = ", ".join(f"{name} {number}" for name, number in about["versions"].items())
        print(f"\n{about['processor']}, {about['cores']} cores, {about['system']}, {about['date']}\n{versions}")
        print(f"{times(options.rounds, 'round')} of {times(options.epochs, 'epoch')}; ratio: how many times as fast as the best peer\n")
        print(table(results))
    for fault in found:
        print(fault, file=sys.stderr)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
