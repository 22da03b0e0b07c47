// Updates shared weights by AdamW on any scalar loss. One micro-batch: forward, backward and update are one
// program (`step`). Several: `accumulate` adds each one's gradient, `apply` clips and updates. Weights are double
// buffered (an update writes the other array and swaps it in), because a program may still read the old ones;
// moments and gradient sums are written in place, since each has one reader, the node that replaces it.

import { gradients } from '../tensor/differentiate.ts';
import { Graph, type Node, type TensorData } from '../tensor/graph.ts';
import { compile } from '../tensor/onnxruntime.ts';
import { type AdamWOptions, adamW } from '../tensor/optimizer.ts';
import type { Program } from '../tensor/program.ts';
import { ProgramCache } from '../tensor/program_cache.ts';
import { exportMoments, importMoments, type OptimizerState, zeroMoments } from './optimizer_state.ts';
import type { Weights } from './weights.ts';

export interface LossNodes {
  /** Scalar to minimise. */
  readonly loss: Node;
  /** Scalars to report. */
  readonly metrics: Readonly<Record<string, Node>>;
}

/** Builds the loss of one shape bucket from the parameters' nodes; batch inputs are the builder's own. */
export interface Bucket {
  /** Equal keys stand for equal graphs. */
  readonly key: string;
  build(graph: Graph, weights: ReadonlyMap<string, Node>): LossNodes;
}

export type Feeds = Readonly<Record<string, TensorData>>;
export type Metrics = Record<string, number>;

export interface UpdaterOptions extends AdamWOptions {
  readonly threads?: number;
  /** Programs kept at once; each holds the memory of its activations. */
  readonly programs?: number;
}

const LOSS = 'loss';
const GRADIENT_NORM = 'gradient_norm';

export class Updater {
  private readonly weights: Weights;
  private readonly options: UpdaterOptions;
  private readonly programs: ProgramCache;
  private readonly moments;
  private readonly spare: Map<string, Float32Array>;
  private sums: Map<string, Float32Array> | undefined;
  private steps = 0;

  constructor(weights: Weights, options: UpdaterOptions = {}) {
    this.weights = weights;
    this.options = options;
    this.programs = new ProgramCache(options.programs ?? 12);
    this.moments = zeroMoments(weights);
    this.spare = new Map([...weights].map(([name, { data }]) => [name, new Float32Array(data.length)]));
  }

  /** Updates made so far. */
  get step(): number {
    return this.steps;
  }

  /** Programs made so far, for time accounting. */
  get programsMade(): number {
    return this.programs.made;
  }

  /** One update from one batch. Returns the loss, the bucket's metrics and `gradient_norm`. */
  async update(bucket: Bucket, feeds: Feeds, learningRate: number): Promise<Metrics> {
    const program = await this.programs.get(`update ${bucket.key}`, () =>
      this.compile((graph, nodes) => {
        const { loss, metrics } = bucket.build(graph, nodes);
        this.adamWOutputs(graph, nodes, gradients(graph, loss, [...nodes.values()]));
        return { loss, metrics };
      }),
    );
    return this.runUpdate(program, feeds, learningRate);
  }

  /** Adds the gradient of one micro-batch to the sums that `apply` will use. */
  async accumulate(bucket: Bucket, feeds: Feeds): Promise<Metrics> {
    const program = await this.programs.get(`accumulate ${bucket.key}`, () =>
      this.compile((graph, nodes) => {
        const { loss, metrics } = bucket.build(graph, nodes);
        const all = gradients(graph, loss, [...nodes.values()]);
        [...nodes].forEach(([name, node], i) => {
          const gradient = all[i];
          const sum = graph.input(`sum:${name}`, node.shape);
          if (gradient !== undefined) graph.output(`sum:${name}`, graph.add(sum, gradient));
        });
        return { loss, metrics };
      }),
    );
    this.sums ??= new Map([...this.weights].map(([name, { data }]) => [name, new Float32Array(data.length)]));
    const sums = Object.fromEntries([...this.sums].map(([name, sum]) => [`sum:${name}`, sum]));
    return scalars(await program.run({ ...feeds, ...this.weightFeeds(), ...sums }, sums));
  }

  /** Updates from the gradients accumulated since the last time. Returns `gradient_norm`. */
  async apply(learningRate: number): Promise<Metrics> {
    const sums = this.sums;
    if (sums === undefined) return { [GRADIENT_NORM]: 0 };
    const program = await this.programs.get('apply', () =>
      this.compile((graph, nodes) => {
        this.adamWOutputs(
          graph,
          nodes,
          [...nodes].map(([name, node]) => graph.input(`sum:${name}`, node.shape)),
        );
      }),
    );
    const feeds = Object.fromEntries([...sums].map(([name, sum]) => [`sum:${name}`, sum]));
    const metrics = await this.runUpdate(program, feeds, learningRate);
    for (const sum of sums.values()) sum.fill(0);
    return metrics;
  }

  exportState(): OptimizerState {
    return { step: this.steps, moments: exportMoments(this.weights, this.moments) };
  }

  importState(state: OptimizerState): void {
    importMoments(this.weights, this.moments, state.moments);
    this.steps = state.step;
  }

  async dispose(): Promise<void> {
    await this.programs.dispose();
  }

  private async runUpdate(program: Program, feeds: Feeds, learningRate: number): Promise<Metrics> {
    const momentFeeds: Record<string, Float32Array> = {};
    const into: Record<string, Float32Array> = {};
    for (const [name, { first, second }] of this.moments) {
      momentFeeds[`first:${name}`] = first;
      momentFeeds[`second:${name}`] = second;
      const spare = this.spare.get(name);
      if (spare !== undefined) into[`weight:${name}`] = spare;
    }
    const step = { learningRate: Float32Array.of(learningRate), step: Float32Array.of(this.steps + 1) };
    const outputs = await program.run(
      { ...feeds, ...this.weightFeeds(), ...momentFeeds, ...step },
      { ...into, ...momentFeeds },
    );
    for (const [name, weight] of this.weights) {
      const updated = into[`weight:${name}`];
      if (updated === undefined) continue;
      this.spare.set(name, weight.data);
      weight.data = updated;
    }
    this.steps++;
    return scalars(outputs);
  }

  private weightFeeds(): Record<string, Float32Array> {
    return Object.fromEntries([...this.weights].map(([name, { data }]) => [name, data]));
  }

  private adamWOutputs(graph: Graph, nodes: ReadonlyMap<string, Node>, all: readonly Node[]): void {
    const moments = [...nodes].map(([name, { shape }]) => ({
      first: graph.input(`first:${name}`, shape),
      second: graph.input(`second:${name}`, shape),
    }));
    const inputs = { learningRate: graph.input('learningRate', []), step: graph.input('step', []) };
    const { updates, gradientNorm } = adamW(graph, [...nodes.values()], all, moments, inputs, this.options);
    [...nodes.keys()].forEach((name, i) => {
      const update = updates[i];
      if (update === undefined) return;
      graph.output(`weight:${name}`, update.weight);
      graph.output(`first:${name}`, update.first);
      graph.output(`second:${name}`, update.second);
    });
    graph.output(GRADIENT_NORM, gradientNorm);
  }

  private compile(build: (graph: Graph, nodes: Map<string, Node>) => LossNodes | undefined): Promise<Program> {
    const graph = new Graph();
    const nodes = new Map([...this.weights].map(([name, { shape }]) => [name, graph.input(name, shape)]));
    const built = build(graph, nodes);
    if (built) {
      graph.output(LOSS, built.loss);
      for (const [name, node] of Object.entries(built.metrics)) graph.output(name, node);
    }
    return compile(graph, { threads: this.options.threads ?? 1 });
  }
}

function scalars(outputs: Readonly<Record<string, TensorData>>): Metrics {
  const result: Metrics = {};
  for (const [name, data] of Object.entries(outputs)) {
    if (data.length === 1 && !name.includes(':')) result[name] = data[0] ?? NaN;
  }
  return result;
}
