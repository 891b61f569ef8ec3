"""Times training and prediction of one course model in PyTorch (eager, channels_last for images).

    python torch_bench.py MODEL [--epochs N] [--samples N] [--threads N]

Prints one JSON line (see measure.report). The loop is the usual one: a fresh permutation each epoch, loss and
accuracy summed up without leaving torch. Install with: pip install torch.
"""

import time

import measure


def import_torch(threads):
    """Imports PyTorch; returns the seconds that took."""
    global torch, nn
    started = time.perf_counter()
    import torch
    from torch import nn

    seconds = time.perf_counter() - started
    if threads:
        torch.set_num_threads(threads)
    return seconds


def data(name, samples):
    """Random images in 0..<1 (channels first) or random tokens, and a class for each sample."""
    generator = torch.Generator().manual_seed(0)
    full, _, shape = measure.DATA[name]
    samples = samples or full
    if len(shape) == 1:
        x = torch.randint(0, measure.VOCABULARY, (samples, *shape), generator=generator)
    else:
        shape = (shape[2], *shape[:2]) if len(shape) == 3 else shape
        x = torch.rand((samples, *shape), generator=generator)
    return x, torch.randint(0, measure.CLASSES, (samples,), generator=generator)


def dense(*units):
    modules, width = [nn.Flatten()], 784
    for n in units:
        modules += [nn.Linear(width, n), nn.ReLU()]
        width = n
    return nn.Sequential(*modules, nn.Linear(width, measure.CLASSES))


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(1600, 128), nn.ReLU(), nn.Dropout(0.5), nn.Linear(128, measure.CLASSES))


def cifar():
    modules, width = [], 3
    for filters in (32, 64):
        for _ in range(2):
            modules += [nn.Conv2d(width, filters, 3, padding=1), nn.ReLU()]
            width = filters
        modules += [nn.MaxPool2d(2), nn.Dropout(0.25)]
    return nn.Sequential(
        *modules, nn.Flatten(), nn.Linear(4096, 512), nn.ReLU(), nn.Dropout(0.5), nn.Linear(512, measure.CLASSES))


def resnet20():
    """Three stages of three blocks (He et al. 2015, CIFAR variant), strided 1x1 convolutions as shortcuts."""

    class Block(nn.Module):
        def __init__(self, width, filters, stride):
            super().__init__()
            self.residual = nn.Sequential(
                nn.Conv2d(width, filters, 3, stride, 1, bias=False), nn.BatchNorm2d(filters), nn.ReLU(),
                nn.Conv2d(filters, filters, 3, 1, 1, bias=False), nn.BatchNorm2d(filters))
            self.shortcut = nn.Conv2d(width, filters, 1, stride, bias=False) if stride == 2 else nn.Identity()

        def forward(self, x):
            return torch.relu(self.residual(x) + self.shortcut(x))

    modules, width = [nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()], 16
    for stage, filters in enumerate((16, 32, 64)):
        for block in range(3):
            modules.append(Block(width, filters, 2 if stage > 0 and block == 0 else 1))
            width = filters
    return nn.Sequential(*modules, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, measure.CLASSES))


def lstm():
    class Recurrent(nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding = nn.Embedding(measure.VOCABULARY, 64)
            self.recurrent = nn.LSTM(64, 64, batch_first=True)
            # PyTorch's second bias adds nothing to the first; the others have one.
            nn.init.zeros_(self.recurrent.bias_hh_l0).requires_grad_(False)
            self.dense = nn.Linear(64, measure.CLASSES)

        def forward(self, x):
            return self.dense(self.recurrent(self.embedding(x))[0][:, -1])

    return Recurrent()


def transformer():
    """Two encoder blocks of width 128: four heads, a dense layer of 512, normalisation after each sum."""

    class Encoder(nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding = nn.Embedding(measure.VOCABULARY, 128)
            block = nn.TransformerEncoderLayer(128, 4, 512, dropout=0.0, batch_first=True)
            self.encoder = nn.TransformerEncoder(block, 2)
            self.dense = nn.Linear(128, measure.CLASSES)

        def forward(self, x):
            return self.dense(self.encoder(self.embedding(x)).mean(1))

    return Encoder()


MODELS = {
    "mlp": lambda: dense(128),
    "mlp512": lambda: dense(512),
    "deep-mlp": lambda: dense(300, 100),
    "lenet": lenet,
    "cifar": cifar,
    "resnet20": resnet20,
    "lstm": lstm,
    "transformer": transformer,
}


def train_epoch(model, optimizer, loss_function, x, y, batch):
    """One epoch over shuffled batches; returns mean loss and accuracy."""
    order = torch.randperm(len(x))
    total, correct = torch.zeros(()), torch.zeros(())
    for start in range(0, len(x), batch):
        rows = order[start:start + batch]
        targets = y[rows]
        optimizer.zero_grad()
        outputs = model(x[rows])
        loss = loss_function(outputs, targets)
        loss.backward()
        optimizer.step()
        total += loss.detach() * len(rows)
        correct += (outputs.argmax(1) == targets).sum()
    return total.item() / len(x), correct.item() / len(x)


def predict(model, x, batch):
    with torch.no_grad():
        return torch.cat([model(x[start:start + batch]) for start in range(0, len(x), batch)])


def main():
    options = measure.arguments("Times one course model in PyTorch.")
    import_seconds = import_torch(options.threads)
    x, y = data(options.model, options.samples)
    batch = measure.DATA[options.model][1]
    model = MODELS[options.model]()
    if x.dim() == 4:
        x, model = x.to(memory_format=torch.channels_last), model.to(memory_format=torch.channels_last)
    if options.model in ("cifar", "resnet20"):
        optimizer = torch.optim.SGD(model.parameters(), 0.01, momentum=0.9)
    else:
        optimizer = torch.optim.Adam(model.parameters())

    clock, loss_function = measure.Clock(), nn.CrossEntropyLoss()
    model.train()
    for _ in range(options.epochs + 1):
        clock.start()
        train_epoch(model, optimizer, loss_function, x, y, batch)
        clock.stop()
    model.eval()
    predict_seconds = measure.best_of(3, lambda: predict(model, x, batch))
    row = x[:1]
    with torch.no_grad():
        frozen = torch.jit.freeze(torch.jit.trace(model, row))
        # As it is written, and compiled: the quicker way counts.
        one_row_us = min(measure.median_us(lambda: model(row)), measure.median_us(lambda: frozen(row)))
    parameters = sum(p.numel() for p in model.parameters() if p.requires_grad)
    measure.report(
        "torch", torch.__version__, options.model, parameters, len(x), batch, clock, predict_seconds,
        one_row_us, import_seconds)


if __name__ == "__main__":
    main()
