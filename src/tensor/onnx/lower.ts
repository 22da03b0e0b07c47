// Writes a graph as an ONNX model. Most operations have their namesake; a matrix product with transposed sides and
// the rotary embedding use ONNX Runtime's own operators (domain com.microsoft), which spare copies.
// https://onnx.ai/onnx/operators, https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md

import type { BinaryOp, Graph, Node, UnaryOp } from '../graph.ts';
import { columnHashes, FIRST, ROW, SECOND, SEED, SHIFT, threshold } from '../hash.ts';
import { type DType, isHalfType } from '../node.ts';
import { dimension } from '../shape.ts';
import { ElementType, type ElementTypeName, MICROSOFT, OnnxModel } from './model.ts';

const UNARY: Record<UnaryOp, string> = {
  neg: 'Neg',
  exp: 'Exp',
  log: 'Log',
  sqrt: 'Sqrt',
  reciprocal: 'Reciprocal',
  sigmoid: 'Sigmoid',
  tanh: 'Tanh',
  not: 'Not',
  stopGradient: 'Identity',
};

const BINARY: Record<BinaryOp, string> = {
  add: 'Add',
  sub: 'Sub',
  mul: 'Mul',
  div: 'Div',
  min: 'Min',
  max: 'Max',
  equal: 'Equal',
  less: 'Less',
  and: 'And',
  or: 'Or',
};

/** The name an output has in the ONNX file, where inputs and outputs share one space of names. */
export function outputName(name: string): string {
  return `out:${name}`;
}

/** The graph's outputs, and what they need, as the bytes of an ONNX file. */
export function toOnnx(graph: Graph): Uint8Array {
  const model = new OnnxModel(graph.free);
  for (const [name, { dtype, shape }] of graph.outputs) model.output(outputName(name), dtype, shape);
  writeNodes(model, graph, outputName, (name, { dtype, shape }) => {
    model.input(name, fedAs(dtype), shape);
    return name;
  });
  return model.bytes();
}

/** The type in which an input is fed: sixteen-bit numbers come as their bits, and are numbers where they are widened. */
export function fedAs(dtype: DType): ElementTypeName {
  return isHalfType(dtype) ? 'uint16' : dtype;
}

/** Writes what the outputs need. `nameOutput` names what gives an output, `takeInput` says what stands for an input. */
export function writeNodes(
  model: OnnxModel,
  graph: Graph,
  nameOutput: (name: string) => string,
  takeInput: (name: string, node: Node) => string,
): void {
  const used = reachable(graph);
  const names = new Map<Node, string>();
  const extra: (readonly [string, Node])[] = [];
  for (const [name, node] of graph.outputs) {
    if (names.has(node) || node.operation.op === 'input') extra.push([nameOutput(name), node]);
    else names.set(node, nameOutput(name));
  }
  const nameOf = (node: Node): string => names.get(node) ?? `n${node.id}`;
  for (const node of graph.nodes) {
    if (node.operation.op === 'input') {
      names.set(node, takeInput(node.operation.name, node));
    } else if (node.operation.op === 'recomputed' && used.has(node) && !names.has(node)) {
      names.set(node, node.inputs.map(nameOf)[0] ?? '');
    } else if (used.has(node)) {
      lower(model, node, node.inputs.map(nameOf), nameOf(node));
    }
  }
  for (const [name, node] of extra) model.node('Identity', [nameOf(node)], name);
}

function reachable(graph: Graph): Set<Node> {
  const used = new Set(graph.outputs.values());
  for (let id = graph.nodes.length - 1; id >= 0; id--) {
    const node = graph.nodes[id];
    if (node !== undefined && used.has(node)) for (const input of node.inputs) used.add(input);
  }
  return used;
}

function lower(model: OnnxModel, node: Node, inputs: readonly string[], output: string): void {
  const { operation, shape } = node;
  const [first, second, third, fourth] = inputs;
  switch (operation.op) {
    case 'input':
      return;
    case 'constant':
      model.constant(output, node.dtype, shape, operation.data);
      return;
    case 'clamp': {
      const bound = (value: number) => model.constant(`${output}:${value}`, 'float32', [], Float32Array.of(value));
      model.node('Clip', [...inputs, bound(operation.low), bound(operation.high)], output);
      return;
    }
    case 'where':
      model.node('Where', inputs, output);
      return;
    case 'cast': {
      const from = node.inputs[0]?.dtype;
      if (isHalfType(from)) {
        const typed = model.node('BitCast', inputs, `${output}:typed`, { to: ElementType[from] });
        model.node('Cast', [typed], output, { to: ElementType[node.dtype] });
        return;
      }
      model.node('Cast', inputs, output, { to: ElementType[node.dtype] });
      return;
    }
    case 'matmul': {
      const { transposeA, transposeB, scale } = operation;
      if (!transposeA && !transposeB && scale === 1) model.node('MatMul', inputs, output);
      else {
        const attributes = { transA: Number(transposeA), transB: Number(transposeB), alpha: { float: scale } };
        model.node('FusedMatMul', inputs, output, attributes, MICROSOFT);
      }
      return;
    }
    case 'transpose':
      model.node('Transpose', inputs, output, { perm: operation.permutation });
      return;
    case 'reshape':
      model.node('Reshape', [...inputs, model.targetShape(node.inputs[0]?.shape ?? [], shape)], output);
      return;
    case 'expand':
      model.node('Expand', [...inputs, model.shape(shape)], output);
      return;
    case 'concat':
      model.node('Concat', inputs, output, { axis: operation.axis });
      return;
    case 'slice': {
      const { axis, start, end } = operation;
      // to the end, however long the axis is
      const last =
        end === dimension(node.inputs[0]?.shape ?? [], axis) ? model.integers([2 ** 31 - 1]) : model.shape([end]);
      model.node('Slice', [...inputs, model.shape([start]), last, model.integers([axis])], output);
      return;
    }
    case 'pad': {
      const none = shape.map(() => 0);
      const pads = [...none.with(operation.axis, operation.before), ...none.with(operation.axis, operation.after)];
      model.node('Pad', [...inputs, model.integers(pads)], output);
      return;
    }
    case 'gatherRows':
      model.node('Gather', inputs, output, { axis: 0 });
      return;
    case 'scatterRows': {
      // table[indices[i], :] += rows[i, :]
      const width = dimension(shape, 1);
      const rows = model.node('Reshape', [first ?? '', model.integers([-1, width])], `${output}:rows`);
      const column = model.shared('Reshape', [second ?? '', model.integers([-1, 1])]);
      if (operation.distinct) {
        const indices = model.shared('Cast', [column], { to: ElementType.int64 });
        model.node('ScatterND', [zeros(model, shape), indices, rows], output);
      } else {
        // ScatterND adds rows from several threads at once and loses some; ScatterElements adds in order
        const indices = model.shared('Expand', [column, model.integers([1, width])]);
        model.node('ScatterElements', [zeros(model, shape), indices, rows], output, { axis: 0, reduction: 'add' });
      }
      return;
    }
    case 'rmsNorm':
      model.node('SimplifiedLayerNormalization', inputs, output, { axis: -1, epsilon: { float: operation.epsilon } });
      return;
    case 'takeAlong':
      model.node('GatherElements', inputs, output, { axis: shape.length - 1 });
      return;
    case 'putAlong':
      model.node('ScatterElements', [zeros(model, shape), second ?? '', first ?? ''], output, {
        axis: shape.length - 1,
        reduction: 'add',
      });
      return;
    case 'reduce': {
      const op = { sum: 'ReduceSum', mean: 'ReduceMean', max: 'ReduceMax' }[operation.how];
      model.node(op, [...inputs, model.integers(operation.axes)], output, { keepdims: Number(operation.keep) });
      return;
    }
    case 'count': {
      const lengths = model.shared('Gather', [model.shared('Shape', inputs), model.integers(operation.axes)], {
        axis: 0,
      });
      const product = model.shared('ReduceProd', [lengths], { keepdims: 0 });
      model.node('Cast', [product], output, { to: ElementType.float32 });
      return;
    }
    case 'cumulativeSum':
      model.node('CumSum', [...inputs, model.scalar('axis -1', 'int32', Int32Array.of(-1))], output);
      return;
    case 'softmax':
      model.node('Softmax', inputs, output, { axis: -1 });
      return;
    case 'logSoftmax':
      model.node('LogSoftmax', inputs, output, { axis: -1 });
      return;
    case 'rotary': {
      // the operator takes [B, T, H·d] and reads d from the tables
      const [heads, width] = [dimension(shape, 2), dimension(shape, 3)];
      const flat = model.node('Reshape', [first ?? '', model.integers([0, 0, heads * width])], `${output}:flat`);
      const positions = model.shared('Cast', [second ?? ''], { to: ElementType.int64 });
      const sine = operation.inverse ? model.shared('Neg', [fourth ?? '']) : (fourth ?? '');
      const turned = `${output}:turned`;
      model.node('RotaryEmbedding', [flat, positions, third ?? '', sine], turned, {}, MICROSOFT);
      model.node('Reshape', [turned, model.integers([0, 0, heads, width])], output);
      return;
    }
    case 'keepMask': {
      lowerKeepMask(model, operation, dimension(shape, 1), first ?? '', second ?? '', output);
      return;
    }
    case 'after':
      model.node('Reshape', [first ?? '', unchanged(model, inputs.slice(1), shape.length)], output);
      return;
    case 'recomputed':
      model.node('Identity', inputs, output);
      return;
    case 'stopGradient':
    case 'neg':
    case 'exp':
    case 'log':
    case 'sqrt':
    case 'reciprocal':
    case 'sigmoid':
    case 'tanh':
    case 'not':
      model.node(UNARY[operation.op], inputs, output);
      return;
    default:
      model.node(BINARY[operation.op], inputs, output);
  }
}

/** The hash of hash.ts: what depends on rows and seed alone is computed once for all masks of so many rows. */
function lowerKeepMask(
  model: OnnxModel,
  { rate, salt }: { readonly rate: number; readonly salt: number },
  columns: number,
  x: string,
  seed: string,
  output: string,
): void {
  const integer = (name: string, value: number) => model.scalar(`hash:${name}`, 'int32', Int32Array.of(value));
  const count = model.shared('Gather', [model.shared('Shape', [x]), model.integers([0])], { axis: 0 });
  const end = model.shared('Reshape', [model.shared('Cast', [count], { to: ElementType.int32 }), model.integers([])]);
  const numbers = model.shared('Range', [integer('0', 0), end, integer('1', 1)]);
  const scaled = model.shared('Mul', [
    model.shared('Reshape', [numbers, model.integers([-1, 1])]),
    integer('row', ROW),
  ]);
  const rows = model.shared('Add', [scaled, model.shared('Mul', [seed, integer('seed', SEED)])]);
  const hashes = model.constant(`${output}:columns`, 'int32', [1, columns], columnHashes(columns, salt));
  const mixed = model.node('BitwiseXor', [rows, hashes], `${output}:mixed`);
  const once = model.node('Mul', [mixed, integer('first', FIRST)], `${output}:once`);
  // shifts are unsigned
  const unsigned = model.node('Cast', [once], `${output}:unsigned`, { to: ElementType.uint32 });
  const by = model.scalar('hash:shift', 'uint32', Uint32Array.of(SHIFT));
  const shifted = model.node('BitShift', [unsigned, by], `${output}:shifted`, { direction: 'RIGHT' });
  const back = model.node('Cast', [shifted], `${output}:back`, { to: ElementType.int32 });
  const folded = model.node('BitwiseXor', [once, back], `${output}:folded`);
  const hash = model.node('Mul', [folded, integer('second', SECOND)], `${output}:hash`);
  const kept = model.node('GreaterOrEqual', [hash, integer(`rate ${rate}`, threshold(rate))], `${output}:kept`);
  const one = model.node('Cast', [kept], `${output}:one`, { to: ElementType.float32 });
  const scale = model.scalar(`hash:scale ${rate}`, 'float32', Float32Array.of(1 / (1 - rate)));
  model.node('Mul', [one, scale], output);
}

/**
 * Reshape's "every dimension as it is", which is a list of zeros, made of values that must be there first: a view is
 * taken when they are, nothing is copied, and no optimisation can see through it.
 */
function unchanged(model: OnnxModel, others: readonly string[], rank: number): string {
  const zeros = others.map((other) => {
    const list = model.shared('Reshape', [other, model.integers([-1])]);
    const one = model.shared('Slice', [list, model.integers([0]), model.integers([1]), model.integers([0])]);
    return model.shared('Cast', [model.shared('Less', [one, one])], { to: ElementType.int64 });
  });
  const zero = zeros.reduce((sum, next) => model.shared('Add', [sum, next]));
  return model.shared('Concat', new Array<string>(rank).fill(zero), { axis: 0 });
}

/** A zero tensor that costs no bytes in the file. */
function zeros(model: OnnxModel, shape: readonly number[]): string {
  const zero = model.shared('Cast', [model.integers([0])], { to: ElementType.float32 });
  return model.shared('Expand', [zero, model.shape(shape)]);
}
