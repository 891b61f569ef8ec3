// Long short-term memory: a few rows go through all steps together, forward and then back.
//
//   [i f g o] = [x h] W + b;  c' = σ(f) c + σ(i) tanh(g);  h' = σ(o) tanh(c')
//
// What the inputs add is worked out for some steps at once, because it does not have to wait for h: the weights of a block of
// units are read once for all rows and steps. Then each step adds what h does.
//
// Weights are packed so that one tile of sums holds all four gates of its units: they become c and h without ever going
// through memory. For each block of 16 units: a line of biases, a line for each input, a line for each unit, every line
// four gates of 16. The sums of the weights' gradients have the same layout.
//
// Each sum runs in one order on every instruction set: over inputs and units forward; over blocks, gates and units
// backward; for the weights over groups of rows, blocks of steps from behind, rows and steps.

constexpr long unitBlock = 16, gateLine = 4 * unitBlock;
constexpr int gateRows = LANES == 16 ? 6 : 2;  // rows x 4 gates fill the register file
constexpr long lstmRows = 8;                   // that go through time together
constexpr long lstmSteps = 16;                 // whose inputs, or gate gradients on the way back, are gathered for one product

struct LSTMSizes {
  long steps, inputs, units;
  long width;      // units with their padding
  long depth;      // inputs and units: what a gate sums over
  long blockSize;  // floats of the packed weights of one block
  long columns;    // all gates
  long direction;  // from step to step in x
  long sequence;   // floats of x of one row
  // What is kept of a row: its four gates, c before each step and after the last, tanh c after each, h as c.
  long cells, tangents, states, kept;
};

INLINE LSTMSizes sizesOf(const ds_lstm &l) {
  LSTMSizes s = {};
  s.steps = l.steps;
  s.inputs = l.inputs;
  s.units = l.units;
  s.width = roundedUp(s.units, unitBlock);
  s.depth = s.inputs + s.units;
  s.blockSize = (1 + s.depth) * gateLine;
  s.columns = 4 * s.width;
  s.direction = l.backwards ? -s.inputs : s.inputs;
  s.sequence = s.steps * s.inputs;
  s.cells = s.steps * s.columns;
  s.tangents = s.cells + (s.steps + 1) * s.width;
  s.states = s.tangents + s.steps * s.width;
  s.kept = s.states + (s.steps + 1) * s.width;
  return s;
}
INLINE const float *xAt(const LSTMSizes &s, const float *x, long row, long step) {
  return x + row * s.sequence + (s.direction < 0 ? s.steps - 1 - step : step) * s.inputs;
}
INLINE long outputRow(const ds_lstm &l) {
  return l.output == ds_lstm_last ? l.units : (l.steps + (l.output == ds_lstm_sequence_and_cell)) * l.units;
}

static long lstm_kept_size(const ds_lstm *l) { return sizesOf(*l).kept; }
static long lstm_packed_size(const ds_lstm *l) {
  LSTMSizes s = sizesOf(*l);
  return s.width / unitBlock * s.blockSize;
}
static long lstm_pack_parts(const ds_lstm *l) { return sizesOf(*l).width / unitBlock; }

static void lstm_pack(const ds_lstm *l, const float *kernel, const float *recurrent, const float *bias, float *packed, long first, long last) {
  LSTMSizes s = sizesOf(*l);
  for (long b = first; b < last; b++)
    for (long line = 0; line <= s.depth; line++) {
      float *to = packed + b * s.blockSize + line * gateLine;
      const float *from = line == 0 ? bias : line <= s.inputs ? kernel + (line - 1) * 4 * s.units : recurrent + (line - 1 - s.inputs) * 4 * s.units;
      long count = least(s.units - b * unitBlock, unitBlock);
      if (!from || count < unitBlock) zero(to, gateLine);
      if (!from) continue;
      for (long gate = 0; gate < 4; gate++) copy(to + gate * unitBlock, from + gate * s.units + b * unitBlock, count);
    }
}

// For the way back: panels from all gates to the inputs, then to the states.
static long lstm_turned_size(const ds_lstm *l) {
  LSTMSizes s = sizesOf(*l);
  return panelFloats(s.columns, s.inputs) + panelFloats(s.columns, s.units);
}
static long lstm_turn_parts(const ds_lstm *l) { return quotientUp(l->inputs, block) + quotientUp(l->units, block); }

static void lstm_turn(const ds_lstm *l, const float *kernel, const float *recurrent, float *turned, long first, long last) {
  LSTMSizes s = sizesOf(*l);
  long inputPanels = quotientUp(s.inputs, block);
  for (long part = first; part < last; part++) {
    bool isInput = part < inputPanels;
    long line = (isInput ? part : part - inputPanels) * block, lines = isInput ? s.inputs : s.units;
    const float *from = (isInput ? kernel : recurrent) + line * 4 * s.units;
    float *panel = turned + part * s.columns * block;
    if (s.width > s.units) zero(panel, s.columns * block);
    for (long b = 0; b < s.width; b += unitBlock)
      for (long gate = 0; gate < 4; gate++)
        for (long v = 0; v < block; v += lanes)
          transposed(most(least(lines - line - v, lanes), 0), least(s.units - b, unitBlock), from + v * 4 * s.units + gate * s.units + b,
                     4 * s.units, panel + (b * 4 + gate * unitBlock) * block + v, block);
  }
}

// Powers of two would alias.
INLINE long lstmLine(const LSTMSizes &s) { return s.width + 16; }
INLINE long gateSumLine(const LSTMSizes &s) { return s.columns + 16; }

static long lstm_workspace(const ds_lstm *l) {
  LSTMSizes s = sizesOf(*l);
  long forward = 2 * lstmLine(s) + s.width, backward = 2 * s.width;
  return lstmRows * (lstmSteps * gateSumLine(s) + most(forward, backward));
}

// One step of some rows: where each row's numbers begin, and how far apart rows lie.
struct LSTMStep {
  const float *sums; long sumRow;              // what the inputs and the bias add to each gate
  const float *h; float *newH; long line;
  const float *cell; float *newCell; long cellRow;
  float *gates, *tangent, *state; long kept;   // or null
};

// Where the four gates of a unit stand among all gates.
INLINE long gatesOf(long unit) { return unit / unitBlock * gateLine + unit % unitBlock; }

// Adds a · w to the four gates of some units: a [Rows][depth], w a line of gates for each element of a row.
template <int Rows>
INLINE void addToGates(Vector (&sum)[Rows][4], const float *a, long aRow, const float *w, long depth) {
  for (long k = 0; k < depth; k++, w += gateLine) {
    Vector line[4];
    UNROLL for (int g = 0; g < 4; g++) line[g] = load(w + g * unitBlock);
    UNROLL for (int r = 0; r < Rows; r++) {
      Vector x = broadcast(a[r * aRow + k]);
      UNROLL for (int g = 0; g < 4; g++) sum[r][g] += x * line[g];
    }
  }
}

// What bias and inputs add to the gates at some steps of one row.
template <int Steps>
static void inputTile(const LSTMSizes &s, const float *packed, const float *x, float *sums, long unit) {
  const float *bias = packed + unit / unitBlock * s.blockSize + unit % unitBlock;
  Vector sum[Steps][4];
  UNROLL for (int t = 0; t < Steps; t++) UNROLL for (int g = 0; g < 4; g++) sum[t][g] = load(bias + g * unitBlock);
  addToGates(sum, x, s.direction, bias + gateLine, s.inputs);
  UNROLL for (int t = 0; t < Steps; t++) UNROLL for (int g = 0; g < 4; g++) store(sums + t * gateSumLine(s) + gatesOf(unit) + g * unitBlock, sum[t][g]);
}

template <int Rows>
static void gateTile(const LSTMSizes &s, const float *packed, const LSTMStep &at, long row, long unit) {
  const float *w = packed + unit / unitBlock * s.blockSize + (1 + s.inputs) * gateLine + unit % unitBlock;
  Vector sum[Rows][4];
  UNROLL for (int r = 0; r < Rows; r++) UNROLL for (int g = 0; g < 4; g++) sum[r][g] = load(at.sums + (row + r) * at.sumRow + gatesOf(unit) + g * unitBlock);
  addToGates(sum, at.h + row * at.line, at.line, w, s.units);
  UNROLL for (int r = 0; r < Rows; r++) {
    Vector i = sigmoid(sum[r][0]), f = sigmoid(sum[r][1]), g = hyperbolicTangent(sum[r][2]), o = sigmoid(sum[r][3]);
    Vector c = f * load(at.cell + (row + r) * at.cellRow + unit) + i * g, t = hyperbolicTangent(c), h = o * t;
    store(at.newCell + (row + r) * at.cellRow + unit, c);
    store(at.newH + (row + r) * at.line + unit, h);
    if (!at.gates) continue;
    float *gates = at.gates + (row + r) * at.kept + gatesOf(unit);
    store(gates, i);
    store(gates + unitBlock, f);
    store(gates + 2 * unitBlock, g);
    store(gates + 3 * unitBlock, o);
    store(at.tangent + (row + r) * at.kept + unit, t);
    store(at.state + (row + r) * at.kept + unit, h);
  }
}

INLINE void startState(const LSTMSizes &s, const float *from, float *to) {
  zero(to, s.width);
  if (from) copy(to, from, s.units);
}

static void lstm_forward(const ds_lstm *l, long rows, const float *x, const float *packed, const float *h0, const float *c0,
                         float *y, float *kept, float *room) {
  LSTMSizes s = sizesOf(*l);
  long line = lstmLine(s), sumStep = gateSumLine(s), sumRow = lstmSteps * sumStep, yRow = outputRow(*l);
  for (long first = 0; first < rows; first += lstmRows) {
    long count = least(rows - first, lstmRows);
    float *sums = room, *h = sums + lstmRows * sumRow, *newH = h + lstmRows * line, *cell = newH + lstmRows * line;
    float *mine = kept ? kept + first * s.kept : nullptr;
    for (long r = 0; r < count; r++) {
      const float *startH = h0 ? h0 + (first + r) * s.units : nullptr, *startC = c0 ? c0 + (first + r) * s.units : nullptr;
      startState(s, startH, h + r * line);
      startState(s, startC, mine ? mine + r * s.kept + s.cells : cell + r * s.width);
      if (mine) startState(s, startH, mine + r * s.kept + s.states);
    }
    for (long t = 0; t < s.steps; t++) {
      if (t % lstmSteps == 0) {
        long steps = least(s.steps - t, lstmSteps);
        for (long unit = 0; unit < s.width; unit += lanes)
          for (long r = 0; r < count; r++)
            inTiles<gateRows>(steps, [&](long i, auto tile) INLINED {
              inputTile<decltype(tile)::value>(s, packed, xAt(s, x, first + r, t + i), sums + r * sumRow + i * sumStep, unit);
            });
      }
      LSTMStep at = {sums + t % lstmSteps * sumStep, sumRow, h, newH, line, cell, cell, s.width, nullptr, nullptr, nullptr, s.kept};
      if (mine) {
        at.cell = mine + s.cells + t * s.width;
        at.newCell = mine + s.cells + (t + 1) * s.width;
        at.cellRow = s.kept;
        at.gates = mine + t * s.columns;
        at.tangent = mine + s.tangents + t * s.width;
        at.state = mine + s.states + (t + 1) * s.width;
      }
      for (long unit = 0; unit < s.width; unit += lanes)
        inTiles<gateRows>(count, [&](long r, auto tile) INLINED { gateTile<decltype(tile)::value>(s, packed, at, r, unit); });
      for (long r = 0; r < count; r++) {
        const float *c = at.newCell + r * at.cellRow;
        float *to = y + (first + r) * yRow;
        if (l->output != ds_lstm_last) copy(to + t * s.units, newH + r * line, s.units);
        else if (t + 1 == s.steps) copy(to, newH + r * line, s.units);
        if (l->output == ds_lstm_sequence_and_cell && t + 1 == s.steps) copy(to + s.steps * s.units, c, s.units);
      }
      float *swap = h;
      h = newH;
      newH = swap;
    }
  }
}

// Lines of the weights' gradients: `Rows` of them for one panel of gates, over all rows and some steps.
template <int Rows>
static void lstmGradientTile(long rows, long steps, const float *a, long aRow, long aStep, const float *gates, long line, float *sum) {
  Vector total[Rows][2];
  UNROLL for (int r = 0; r < Rows; r++) UNROLL for (int v = 0; v < 2; v++) total[r][v] = load(sum + r * gateLine + v * lanes);
  for (long row = 0; row < rows; row++) multiply<Rows, 2>(total, a + row * aRow, 1, aStep, gates + row * lstmSteps * line, line, steps);
  UNROLL for (int r = 0; r < Rows; r++) UNROLL for (int v = 0; v < 2; v++) store(sum + r * gateLine + v * lanes, total[r][v]);
}

static void lstmWeightGradients(const LSTMSizes &s, long rows, long steps, const float *x, const float *states, const float *gates, float *sum) {
  long line = gateSumLine(s);
  for (long c = 0; c < s.columns; c += block) {
    float *to = sum + c / gateLine * s.blockSize + c % gateLine;
    UNROLL for (int v = 0; v < 2; v++) {
      Vector biases = load(to + v * lanes);
      for (long row = 0; row < rows; row++)
        for (long t = 0; t < steps; t++) biases += load(gates + (row * lstmSteps + t) * line + c + v * lanes);
      store(to + v * lanes, biases);
    }
    to += gateLine;
    inTiles<tileRows>(s.inputs, [&](long k, auto n) INLINED {
      lstmGradientTile<decltype(n)::value>(rows, steps, x + k, s.sequence, s.direction, gates + c, line, to + k * gateLine);
    });
    to += s.inputs * gateLine;
    inTiles<tileRows>(s.units, [&](long k, auto n) INLINED {
      lstmGradientTile<decltype(n)::value>(rows, steps, states + k, s.kept, s.width, gates + c, line, to + k * gateLine);
    });
  }
}

// The gradient before the gates' functions, from those of h and of the c that comes after; `dc` becomes that of the c before.
INLINE void gateGradients(const LSTMSizes &s, long step, const float *kept, const float *dh, float *dc, float *to) {
  const float *cell = kept + s.cells + step * s.width, *tangent = kept + s.tangents + step * s.width;
  for (long unit = 0; unit < s.width; unit += lanes) {
    const float *gates = kept + step * s.columns + gatesOf(unit);
    float *place = to + gatesOf(unit);
    Vector i = load(gates), f = load(gates + unitBlock), g = load(gates + 2 * unitBlock), o = load(gates + 3 * unitBlock);
    Vector t = load(tangent + unit), h = load(dh + unit), c = load(dc + unit) + h * o * (1.f - t * t);
    store(place, c * g * (i * (1.f - i)));
    store(place + unitBlock, c * load(cell + unit) * (f * (1.f - f)));
    store(place + 2 * unitBlock, c * i * (1.f - g * g));
    store(place + 3 * unitBlock, h * t * (o * (1.f - o)));
    store(dc + unit, c * f);
  }
}

static void lstm_backward(const ds_lstm *l, long rows, const float *x, const float *turned, const float *kept, const float *dy,
                          int start, float *sum, float *dx, float *dh0, float *dc0, float *room) {
  LSTMSizes s = sizesOf(*l);
  long line = gateSumLine(s), yRow = outputRow(*l);
  const float *toStates = turned + panelFloats(s.columns, s.inputs);
  if (sum && start) zero(sum, lstm_packed_size(l));
  for (long first = 0; first < rows; first += lstmRows) {
    long count = least(rows - first, lstmRows);
    float *gates = room, *dh = gates + lstmRows * lstmSteps * line, *dc = dh + lstmRows * s.width;
    const float *mine = kept + first * s.kept;
    zero(dh, count * s.width);
    zero(dc, count * s.width);
    if (l->output == ds_lstm_sequence_and_cell)
      for (long r = 0; r < count; r++) copy(dc + r * s.width, dy + (first + r) * yRow + s.steps * s.units, s.units);
    for (long t = s.steps - 1; t >= 0; t--) {
      for (long r = 0; r < count; r++) {
        const float *g = dy + (first + r) * yRow + (l->output == ds_lstm_last ? 0 : t * s.units);
        if (l->output != ds_lstm_last || t + 1 == s.steps) add(s.units, dh + r * s.width, g, 0, dh + r * s.width);
        gateGradients(s, t, mine + r * s.kept, dh + r * s.width, dc + r * s.width, gates + (r * lstmSteps + t % lstmSteps) * line);
      }
      if (t > 0 || dh0)
        multiplyPanels(count, s.units, s.columns, gates + t % lstmSteps * line, lstmSteps * line, 1, toStates, dh, s.width);
      if (t % lstmSteps) continue;
      long steps = least(lstmSteps, s.steps - t);
      if (dx)
        for (long n = 0; n < s.inputs; n += block)
          for (long r = 0; r < count; r++)
            multiplyPanel(steps, least(s.inputs - n, block), s.columns, gates + r * lstmSteps * line, line, 1,
                          turned + n * s.columns, (float *)xAt(s, dx, first + r, t) + n, s.direction);
      if (sum) lstmWeightGradients(s, count, steps, xAt(s, x, first, t), mine + s.states + t * s.width, gates, sum);
    }
    for (long r = 0; r < count; r++) {
      if (dh0) copy(dh0 + (first + r) * s.units, dh + r * s.width, s.units);
      if (dc0) copy(dc0 + (first + r) * s.units, dc + r * s.width, s.units);
    }
  }
}

static long lstm_finish_parts(const ds_lstm *l) { return 1 + l->inputs + l->units; }

static void lstm_finish(const ds_lstm *l, long shards, long shard_stride, const float *sum, float *kernel, float *recurrent,
                        float *bias, long first, long last) {
  LSTMSizes s = sizesOf(*l);
  for (long line = first; line < last; line++) {
    float *to = line == 0 ? bias : line <= s.inputs ? kernel : recurrent;
    if (!to) continue;
    if (line > 0) to += (line <= s.inputs ? line - 1 : line - 1 - s.inputs) * 4 * s.units;
    for (long b = 0; b < s.units; b += unitBlock)
      for (long gate = 0; gate < 4; gate++) {
        const float *from = sum + b / unitBlock * s.blockSize + line * gateLine + gate * unitBlock;
        inVectors(least(s.units - b, unitBlock), [&](long i, auto n) INLINED {
          Vector all = load(from + i);
          for (long q = 1; q < shards; q++) all += load(from + q * shard_stride + i);
          store(to + gate * s.units + b + i, all, n);
        });
      }
  }
}
