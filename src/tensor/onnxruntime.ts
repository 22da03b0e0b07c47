// Runs a graph on ONNX Runtime's CPU provider: the graph is written as an ONNX model and loaded as a session.
// Feeds are read where they are (no copy); outputs named in `into` are written where they are.
// Threads do not spin while waiting: the machine may be shared. Same feeds and threads, same result.

import type { Tensor } from 'onnxruntime-node';
import { type Engine, engine } from './engine.ts';
import { actualShape } from './free.ts';
import type { Graph, Node, TensorData } from './graph.ts';
import { isHalfType } from './node.ts';
import { outputName, toOnnx } from './onnx/lower.ts';
import { toRepeatedOnnx } from './onnx/repeat.ts';
import type { Program } from './program.ts';
import type { Repetition } from './repetition.ts';
import { type Shape, sameShape, size } from './shape.ts';

export interface OnnxRuntimeOptions {
  /** Threads for one operation; default 1, the fastest for small models. */
  readonly threads?: number;
  /** Memory is given back as soon as it is free, in place of being kept for the next run. Default false. */
  readonly givesBack?: boolean;
  /** Several turns in one run. Default: the graph once. */
  readonly repetition?: Repetition;
}

export async function compile(
  graph: Graph,
  { threads = 1, givesBack = false, repetition }: OnnxRuntimeOptions = {},
): Promise<Program> {
  const bytes = repetition === undefined ? toOnnx(graph) : toRepeatedOnnx(graph, repetition);
  const ort = await engine();
  const session = await ort.InferenceSession.create(bytes, {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    // a memory pattern would reserve a second copy of the scratch memory for every shape
    enableMemPattern: false,
    enableCpuMemArena: !givesBack,
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  const inputs = graph.nodes.flatMap((node) =>
    node.operation.op === 'input' ? [[node.operation.name, node] as const] : [],
  );
  /** What was made of an array, for as long as the array is there: a step of generation reads a hundred of them. */
  const tensors = new WeakMap<TensorData, { node: Node; key: string; tensor: Tensor }>();
  const run: Program['run'] = async (feeds, into = {}, sizes = {}) => {
    const key = [...graph.free.values()].map((name) => sizes[name]).join(' ');
    const tensorOf = (name: string, node: Node, data: TensorData | undefined): Tensor => {
      const before = data && tensors.get(data);
      const isKnown = before?.key === key && before.node.dtype === node.dtype;
      if (isKnown && sameShape(before.node.shape, node.shape)) return before.tensor;
      const tensor = toTensor(ort, name, node, actualShape(node.shape, graph.free, sizes), data);
      if (data !== undefined) tensors.set(data, { node, key, tensor });
      return tensor;
    };
    const given: Record<string, Tensor> = {};
    for (const [name, node] of inputs) given[name] = tensorOf(name, node, feeds[name]);
    const fetches: Record<string, Tensor | null> = {};
    for (const [name, node] of graph.outputs) {
      const target = into[name];
      fetches[outputName(name)] = target === undefined ? null : tensorOf(name, node, target);
    }
    const results = await session.run(given, fetches);
    const outputs: Record<string, TensorData> = {};
    for (const name of graph.outputs.keys())
      outputs[name] = into[name] ?? toData(name, results[outputName(name)]?.data);
    return outputs;
  };
  return { run, dispose: () => session.release() };
}

function toTensor({ Tensor }: Engine, name: string, node: Node, shape: Shape, data: TensorData | undefined): Tensor {
  if (data === undefined) throw new RangeError(`no data for ${name}`);
  if (data.length !== size(shape)) {
    throw new RangeError(`${name}: ${data.length} elements do not fill [${shape.join(', ')}]`);
  }
  if (node.dtype === 'float32' && data instanceof Float32Array) return new Tensor('float32', data, shape);
  if (node.dtype === 'int32' && data instanceof Int32Array) return new Tensor('int32', data, shape);
  // Their bits. JavaScript's side of ONNX Runtime has no bfloat16, and for float16 it takes a Float16Array where there is
  // one (Node 24), of which its binding sees no bytes.
  if (isHalfType(node.dtype) && data instanceof Uint16Array) return new Tensor('uint16', data, shape);
  if (node.dtype === 'bool' && data instanceof Uint8Array) return new Tensor('bool', data, shape);
  throw new TypeError(`${name}: expected ${node.dtype}, got ${data.constructor.name}`);
}

function toData(name: string, data: unknown): TensorData {
  if (data instanceof Float32Array || data instanceof Int32Array || data instanceof Uint8Array) return data;
  throw new TypeError(`${name}: ONNX Runtime returned an unexpected type`);
}
