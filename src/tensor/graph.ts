// A computation as data: nodes with an operation, inputs, a static shape and an element type. Executors
// (onnxruntime.ts, reference.ts) run it, differentiate.ts extends it with gradients. Equal nodes are made once
// (hash-consing), so repeated masks and tables cost nothing. Shapes are known when the graph is built, and
// where one program must serve any size of a dimension, `freeDimension` gives a stand-in for it.
// Parts may be marked to be computed again for their gradients, so that what is inside them is not kept until then.
// Left out: views, in-place writes, control flow.

import { STAND_INS } from './free.ts';
import {
  type BinaryOp,
  type DType,
  dtypeOf,
  keyOf,
  type Node,
  type Operation,
  type ReduceOp,
  type TensorData,
  type UnaryOp,
} from './node.ts';
import { broadcast, dimension, exactSize, positiveAxis, type Shape, sameShape, size } from './shape.ts';

export type { BinaryOp, DType, Node, Operation, ReduceOp, TensorData, UnaryOp } from './node.ts';

/** A number stands for a float32 scalar constant. */
export type Operand = Node | number;

/** A part of the graph whose gradients are computed from its inputs alone, by building it again. */
export interface Region {
  readonly inputs: readonly Node[];
  readonly outputs: readonly Node[];
  readonly build: (inputs: readonly Node[]) => readonly Node[];
}

export class Graph {
  readonly nodes: Node[] = [];
  readonly regions: Region[] = [];
  readonly outputs = new Map<string, Node>();
  private readonly known = new Map<string, Node>();

  /** Dimensions whose size is given at each run: stand-in -> name. */
  readonly free = new Map<number, string>();

  /** A dimension of any size (free.ts): the graph is built with a stand-in, and serves every size. */
  freeDimension(name: string): number {
    const standIn = STAND_INS[this.free.size];
    if (standIn === undefined) throw new RangeError('too many free dimensions');
    this.free.set(standIn, name);
    return standIn;
  }

  // ---- leaves

  /** A value fed at every run; names are unique in a graph. */
  input(name: string, shape: Shape, dtype: DType = 'float32'): Node {
    return this.make({ op: 'input', name }, [], shape, dtype);
  }

  constant(data: TensorData, shape: Shape, dtype: DType = dtypeOf(data)): Node {
    if (data.length !== size(shape)) throw new RangeError(`${data.length} elements do not fill [${shape.join(', ')}]`);
    return this.make({ op: 'constant', data }, [], shape, dtype);
  }

  scalar(value: number): Node {
    return this.constant(Float32Array.of(value), []);
  }

  /** Declares that a run returns this node under a name. */
  output(name: string, node: Node): Node {
    this.outputs.set(name, node);
    return node;
  }

  // ---- element by element

  add(a: Operand, b: Operand): Node {
    return this.binary('add', a, b);
  }
  sub(a: Operand, b: Operand): Node {
    return this.binary('sub', a, b);
  }
  mul(a: Operand, b: Operand): Node {
    return this.binary('mul', a, b);
  }
  div(a: Operand, b: Operand): Node {
    return this.binary('div', a, b);
  }
  min(a: Operand, b: Operand): Node {
    return this.binary('min', a, b);
  }
  max(a: Operand, b: Operand): Node {
    return this.binary('max', a, b);
  }
  equal(a: Operand, b: Operand): Node {
    return this.binary('equal', a, b);
  }
  less(a: Operand, b: Operand): Node {
    return this.binary('less', a, b);
  }
  greater(a: Operand, b: Operand): Node {
    return this.binary('less', b, a);
  }
  and(a: Node, b: Node): Node {
    return this.binary('and', a, b);
  }
  or(a: Node, b: Node): Node {
    return this.binary('or', a, b);
  }
  not(x: Node): Node {
    return this.unary('not', x);
  }
  neg(x: Node): Node {
    return this.unary('neg', x);
  }
  exp(x: Node): Node {
    return this.unary('exp', x);
  }
  log(x: Node): Node {
    return this.unary('log', x);
  }
  sqrt(x: Node): Node {
    return this.unary('sqrt', x);
  }
  reciprocal(x: Node): Node {
    return this.unary('reciprocal', x);
  }
  sigmoid(x: Node): Node {
    return this.unary('sigmoid', x);
  }
  tanh(x: Node): Node {
    return this.unary('tanh', x);
  }
  /** The value as it is; no gradient flows through. */
  stopGradient(x: Node): Node {
    return this.unary('stopGradient', x);
  }
  square(x: Node): Node {
    return this.mul(x, x);
  }
  /** x · sigmoid(x) (Elfwing et al. 2018). */
  silu(x: Node): Node {
    return this.mul(x, this.sigmoid(x));
  }
  /** Into [low, high]; the gradient passes inside and on the bounds, as in PyTorch. */
  clamp(x: Node, low: number, high: number): Node {
    return this.make({ op: 'clamp', low, high }, [x], x.shape, x.dtype);
  }
  /** `condition ? a : b`, all three broadcast together. */
  where(condition: Node, a: Operand, b: Operand): Node {
    const [x, y] = [this.operand(a), this.operand(b)];
    return this.make(
      { op: 'where' },
      [condition, x, y],
      broadcast(condition.shape, broadcast(x.shape, y.shape)),
      x.dtype,
    );
  }
  cast(x: Node, dtype: DType): Node {
    return x.dtype === dtype ? x : this.make({ op: 'cast' }, [x], x.shape, dtype);
  }

  // ---- matrices

  /** scale · [..., m, k] · [..., k, n] = [..., m, n]; leading dimensions broadcast; sides may be read transposed. */
  matmul(a: Node, b: Node, { transposeA = false, transposeB = false, scale = 1 } = {}): Node {
    const [m, k] = transposeA ? [-1, -2] : [-2, -1];
    const [k2, n] = transposeB ? [-1, -2] : [-2, -1];
    if (dimension(a.shape, k) !== dimension(b.shape, k2)) {
      throw new RangeError(`matmul of [${a.shape.join(', ')}] and [${b.shape.join(', ')}]: inner sizes differ`);
    }
    const batch = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2));
    const shape = [...batch, dimension(a.shape, m), dimension(b.shape, n)];
    return this.make({ op: 'matmul', transposeA, transposeB, scale }, [a, b], shape, 'float32');
  }

  // ---- layout

  transpose(x: Node, permutation: readonly number[]): Node {
    const shape = permutation.map((axis) => dimension(x.shape, axis));
    return this.make({ op: 'transpose', permutation }, [x], shape, x.dtype);
  }
  reshape(x: Node, shape: Shape): Node {
    if (exactSize(shape) !== exactSize(x.shape)) {
      throw new RangeError(`[${x.shape.join(', ')}] cannot be reshaped to [${shape.join(', ')}]`);
    }
    return sameShape(x.shape, shape) ? x : this.make({ op: 'reshape' }, [x], shape, x.dtype);
  }
  expand(x: Node, shape: Shape): Node {
    return sameShape(x.shape, shape) ? x : this.make({ op: 'expand' }, [x], broadcast(x.shape, shape), x.dtype);
  }
  concat(parts: readonly Node[], axis: number): Node {
    const first = parts[0];
    if (first === undefined) throw new RangeError('concat of nothing');
    if (parts.length === 1) return first;
    const at = positiveAxis(axis, first.shape.length);
    const total = parts.reduce((sum, part) => sum + dimension(part.shape, at), 0);
    return this.make({ op: 'concat', axis: at }, parts, first.shape.with(at, total), first.dtype);
  }
  /** Elements start..end (exclusive) along an axis. */
  slice(x: Node, axis: number, start: number, end: number): Node {
    const at = positiveAxis(axis, x.shape.length);
    if (start === 0 && end === dimension(x.shape, at)) return x;
    return this.make({ op: 'slice', axis: at, start, end }, [x], x.shape.with(at, end - start), x.dtype);
  }
  /** Zeros before and after along an axis. */
  pad(x: Node, axis: number, before: number, after: number): Node {
    const at = positiveAxis(axis, x.shape.length);
    const shape = x.shape.with(at, dimension(x.shape, at) + before + after);
    return this.make({ op: 'pad', axis: at, before, after }, [x], shape, x.dtype);
  }

  // ---- indexing

  /** Rows of table [V, d] at indices [...]: [..., d]. `distinct` promises that no index comes twice (faster). */
  gatherRows(table: Node, indices: Node, { distinct = false } = {}): Node {
    const shape = [...indices.shape, dimension(table.shape, 1)];
    return this.make({ op: 'gatherRows', distinct }, [table, indices], shape, table.dtype);
  }
  /** Sums rows [..., d] into a zero table [V, d] at indices [...]: the transpose of `gatherRows`. */
  scatterRows(rows: Node, indices: Node, tableRows: number, { distinct = false } = {}): Node {
    const shape = [tableRows, dimension(rows.shape, -1)];
    return this.make({ op: 'scatterRows', distinct }, [rows, indices], shape, rows.dtype);
  }
  /** x [..., V] at indices [..., K] along the last axis: [..., K]. */
  takeAlong(x: Node, indices: Node): Node {
    return this.make({ op: 'takeAlong' }, [x, indices], indices.shape, x.dtype);
  }
  /** Sums values [..., K] into zeros [..., V] at indices [..., K]: the transpose of `takeAlong`. */
  putAlong(values: Node, indices: Node, last: number): Node {
    return this.make({ op: 'putAlong' }, [values, indices], values.shape.with(-1, last), values.dtype);
  }

  // ---- along axes

  sum(x: Node, axes?: readonly number[], keep = false): Node {
    return this.reduce('sum', x, axes, keep);
  }
  mean(x: Node, axes?: readonly number[], keep = false): Node {
    return this.reduce('mean', x, axes, keep);
  }
  maximum(x: Node, axes?: readonly number[], keep = false): Node {
    return this.reduce('max', x, axes, keep);
  }
  /** Number of elements along axes: a float32 scalar. */
  count(x: Node, axes: readonly number[]): Node {
    return this.make({ op: 'count', axes }, [x], [], 'float32');
  }
  /** x / √(mean x² + ε) ⊙ w over the last axis, w [d] (Zhang & Sennrich 2019). */
  rmsNorm(x: Node, weight: Node, epsilon: number): Node {
    return this.make({ op: 'rmsNorm', epsilon }, [x, weight], x.shape, x.dtype);
  }
  /** Along the last axis: y_i = x_0 + … + x_i. */
  cumulativeSum(x: Node): Node {
    return this.make({ op: 'cumulativeSum' }, [x], x.shape, x.dtype);
  }
  /** exp(x) / Σ exp(x) over the last axis. */
  softmax(x: Node): Node {
    return this.make({ op: 'softmax' }, [x], x.shape, x.dtype);
  }
  /** x - log Σ exp(x) over the last axis. */
  logSoftmax(x: Node): Node {
    return this.make({ op: 'logSoftmax' }, [x], x.shape, x.dtype);
  }

  // ---- positions

  /**
   * Rotary positions (Su et al. 2021) in Hugging Face's half-split layout. x [B, T, H, d], positions int32 [B, T],
   * cosine and sine tables [positions, d/2]: (x1, x2) -> (x1·cos - x2·sin, x2·cos + x1·sin).
   */
  rotary(x: Node, positions: Node, cosine: Node, sine: Node, inverse = false): Node {
    return this.make({ op: 'rotary', inverse }, [x, positions, cosine, sine], x.shape, x.dtype);
  }

  // ---- randomness

  /**
   * For dropout (Srivastava et al. 2014): in the shape of x [N, C], 0 with probability `rate` and 1 / (1 - rate) else,
   * drawn by hash.ts from `seed` (an int32 scalar), the salt and the place. No gradient flows through.
   */
  keepMask(x: Node, seed: Node, rate: number, salt: number): Node {
    if (x.shape.length !== 2) throw new RangeError(`a mask is drawn for rows, not for [${x.shape.join(', ')}]`);
    return this.make({ op: 'keepMask', rate, salt }, [x, seed], x.shape, 'float32');
  }

  // ---- what is kept for gradients

  /** x, but computed only when the others are there; no gradient flows to those. */
  after(x: Node, others: readonly Node[]): Node {
    return others.length === 0 ? x : this.make({ op: 'after' }, [x, ...others], x.shape, x.dtype);
  }

  /**
   * What `build` makes of the inputs. Nothing in between is kept for the gradients: they build it once more (Chen et al.
   * 2016, "Training Deep Nets with Sublinear Memory Cost"). `build` must make the same of the same each time.
   */
  recomputed(inputs: readonly Node[], build: Region['build']): readonly Node[] {
    const region = this.regions.length;
    const made = build(inputs);
    const outputs = made.map((node) => this.make({ op: 'recomputed', region }, [node], node.shape, node.dtype));
    this.regions.push({ inputs, outputs, build });
    return outputs;
  }

  /** w as float32; of sixteen-bit numbers a copy made anew when the others are there, so that nobody keeps it. */
  widened(w: Node, others: readonly Node[]): Node {
    return w.dtype === 'float32' ? w : this.cast(this.after(w, others), 'float32');
  }

  // ---- making nodes

  operand(x: Operand): Node {
    return typeof x === 'number' ? this.scalar(x) : x;
  }

  private unary(op: UnaryOp, x: Node): Node {
    return this.make({ op }, [x], x.shape, x.dtype);
  }

  private binary(op: BinaryOp, a: Operand, b: Operand): Node {
    const [x, y] = [this.operand(a), this.operand(b)];
    if (x.dtype !== y.dtype) throw new TypeError(`${op} of ${x.dtype} and ${y.dtype}`);
    const dtype = op === 'equal' || op === 'less' ? 'bool' : x.dtype;
    return this.make({ op }, [x, y], broadcast(x.shape, y.shape), dtype);
  }

  private reduce(how: ReduceOp, x: Node, axes: readonly number[] | undefined, keep: boolean): Node {
    const over = (axes ?? x.shape.map((_, axis) => axis)).map((axis) => positiveAxis(axis, x.shape.length));
    if (over.length === 0) return x;
    const shape = x.shape.flatMap((length, axis) => (over.includes(axis) ? (keep ? [1] : []) : [length]));
    return this.make({ op: 'reduce', how, axes: over, keep }, [x], shape, x.dtype);
  }

  private make(operation: Operation, inputs: readonly Node[], shape: Shape, dtype: DType): Node {
    const key = keyOf(operation, inputs, shape, dtype);
    const existing = key === undefined ? undefined : this.known.get(key);
    if (existing !== undefined) return existing;
    const node: Node = { id: this.nodes.length, operation, inputs, shape: [...shape], dtype };
    this.nodes.push(node);
    if (key !== undefined) this.known.set(key, node);
    return node;
  }
}
