"""Reads a folder of pictures in DeepSwift and in Keras, in turn, and prints how many images a second each gives.

usage: images.py [--folder FOLDER] [--size N …] [--rounds N] [--count N]
       images.py --training COUNT

Without a folder, photo-like PNG and JPEG files of 150 to 420 pixels are made first, in a folder that is removed afterwards.
--training makes COUNT files of 20 to 500 pixels instead, every fiftieth of them broken, and tells what memory DeepSwift needs
to train a network on them.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.join(HERE, "..", ".build", "release", "Benchmark")

KERAS = """
import json, os, resource, sys, time
os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
size, passes = int(sys.argv[2]), int(sys.argv[3])
data = keras.utils.image_dataset_from_directory(sys.argv[1], image_size=(size, size), seed=7, verbose=False)
best = processor = float("inf")
for number in range(passes + 1):
    count, start, used = 0, time.perf_counter(), time.process_time()
    for images, labels in data:
        count += len(labels)
    if number > 0:
        best, processor = min(best, time.perf_counter() - start), min(processor, time.process_time() - used)
print(json.dumps({"peer": "keras", "images_per_second": count / best, "cpu_ms_per_image": processor / count * 1e3,
                  "peak_MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}))
"""


def make_pictures(folder, kind, count, sides=(150, 420)):
    import numpy as np
    from PIL import Image

    random = np.random.default_rng(1)
    for number in range(count):
        width, height = (int(n) for n in random.integers(*sides, 2))

        def blurred(columns, rows):
            small = random.integers(0, 256, (rows, columns, 3)).astype(np.uint8)
            return np.asarray(Image.fromarray(small).resize((width, height), Image.BICUBIC)).astype(np.float32)

        shapes = blurred(*random.integers(4, 12, 2))
        details, noise = blurred(width // 3 + 1, height // 3 + 1) - 128, random.normal(0, 2, (height, width, 1))
        picture = Image.fromarray(np.clip(shapes + 0.12 * details + noise, 0, 255).astype(np.uint8))
        path = os.path.join(folder, "abc"[number % 3])
        os.makedirs(path, exist_ok=True)
        picture.save(os.path.join(path, f"{number:05d}.{kind}"), quality=85)


def make_mixed_folder(folder, count):
    """Files in PNG and JPEG; of each fifty one is cut off or no picture at all. Four hundred are made, the others are links."""
    for kind in ("png", "jpeg"):
        make_pictures(folder, kind, 200, sides=(20, 500))
    files = sorted(os.path.join(path, name) for path, _, names in os.walk(folder) for name in names)
    for number in range(len(files), count):
        path = files[number % len(files)]
        copy = os.path.join(os.path.dirname(path), f"{number:05d}{os.path.splitext(path)[1]}")
        if number % 50:
            os.link(path, copy)
        else:
            with open(path, "rb") as original, open(copy, "wb") as broken:
                broken.write(original.read()[:-1000] if number % 100 else b"not a picture")


def measured(command):
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(result.stdout + result.stderr)
    return json.loads(result.stdout.strip().splitlines()[-1])


def compare(name, folder, sizes, rounds):
    for size in sizes:
        commands = {
            "DeepSwift": [PROGRAM, "images", folder, str(size), "2"],
            "Keras": [sys.executable, "-c", KERAS, folder, str(size), "2"],
        }
        results = {peer: [] for peer in commands}
        for _ in range(rounds):
            for peer, command in commands.items():
                results[peer].append(measured(command))
        speed = {peer: max(r["images_per_second"] for r in found) for peer, found in results.items()}
        processor = {peer: min(r["cpu_ms_per_image"] for r in found) for peer, found in results.items()}
        memory = {peer: max(r["peak_MB"] for r in found) for peer, found in results.items()}
        for peer in commands:
            print(f"{name:6} {size:4}  {peer:10} {speed[peer]:8.0f} images/s {processor[peer]:7.2f} ms of processor {memory[peer]:6} MB")
        print(
            f"{name:6} {size:4}  ratio      {speed['DeepSwift'] / speed['Keras']:8.2f}          "
            f"{processor['Keras'] / processor['DeepSwift']:7.2f}", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder")
    parser.add_argument("--size", type=int, nargs="+", default=[32, 224])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--count", type=int, default=600)
    parser.add_argument("--training", type=int, metavar="COUNT")
    options = parser.parse_args()
    if options.training:
        with tempfile.TemporaryDirectory() as folder:
            make_mixed_folder(folder, options.training)
            return subprocess.run([PROGRAM, "image-training", folder], check=True)
    if options.folder:
        return compare("folder", options.folder, options.size, options.rounds)
    for kind in ("png", "jpeg"):
        with tempfile.TemporaryDirectory() as folder:
            make_pictures(folder, kind, options.count)
            compare(kind, folder, options.size, options.rounds)


if __name__ == "__main__":
    main()
