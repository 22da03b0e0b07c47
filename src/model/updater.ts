// Updates shared weights by AdamW on any scalar loss; others may be frozen, and are only read. One micro-batch: forward,
// backward and update are one program (`update`). Several: `accumulate` adds each one's gradient, `apply` clips and
// updates in place. What has one reader, the node that replaces it, is written in place: moments and sums. In `update`
// the backward pass may still read the weights, so it writes another array and swaps it in.

import { gradients } from '../tensor/differentiate.ts';
import { Graph, type Node, type TensorData } from '../tensor/graph.ts';
import { compile } from '../tensor/onnxruntime.ts';
import { type AdamWOptions, adamW } from '../tensor/optimizer.ts';
import { stepAdamW } from '../tensor/optimizer_step.ts';
import type { Program } from '../tensor/program.ts';
import { exportMoments, importMoments, type Moments, type OptimizerState, zeroMoments } from './optimizer_state.ts';
import { elementTypes, type StoredWeights, weightFeeds } from './stored.ts';
import type { Weights } from './weights.ts';

export interface LossNodes {
  /** Scalar to minimise. */
  readonly loss: Node;
  /** Scalars to report. */
  readonly metrics: Readonly<Record<string, Node>>;
}

/**
 * Builds a loss from the parameters' nodes, frozen ones among them; the inputs of a batch are the builder's own.
 * `recompute`: of what it computes little may be kept for the gradients.
 */
export type BuildLoss = (graph: Graph, weights: ReadonlyMap<string, Node>, recompute: boolean) => LossNodes;

/** A batch: the builder's inputs as arrays, and the sizes of its free dimensions. */
export interface Batch {
  readonly feeds: Readonly<Record<string, TensorData>>;
  readonly sizes: Readonly<Record<string, number>>;
  /** Default false. */
  readonly recompute?: boolean;
}

export type Metrics = Record<string, number>;

export interface UpdaterOptions extends AdamWOptions {
  readonly threads?: number;
  /** Parameters that the loss reads and no update changes. */
  readonly frozen?: StoredWeights;
}

/** Parameters in training from which on memory counts for more than the time to ask for it again. */
const LARGE = 2 ** 24;

export class Updater {
  private readonly weights: Weights;
  private readonly build: BuildLoss;
  private readonly options: UpdaterOptions;
  private readonly programs = new Map<string, Promise<Program>>();
  private readonly moments: Moments;
  private spare: Map<string, Float32Array> | undefined;
  private sums: Map<string, Float32Array> | undefined;
  private steps = 0;

  constructor(weights: Weights, build: BuildLoss, options: UpdaterOptions = {}) {
    this.weights = weights;
    this.build = build;
    this.options = options;
    this.moments = zeroMoments(weights);
  }

  /** Updates made so far. */
  get step(): number {
    return this.steps;
  }

  /** One update from one batch. Returns the loss, the builder's metrics and `gradient_norm`. */
  async update({ feeds, sizes, recompute = false }: Batch, learningRate: number): Promise<Metrics> {
    const program = await this.program(`update ${recompute}`, (graph, nodes) => {
      const { loss, metrics } = this.build(graph, this.withFrozen(graph, nodes), recompute);
      reportOutputs(graph, loss, metrics);
      this.updateOutputs(graph, nodes, gradients(graph, loss, [...nodes.values()]));
    });
    this.spare ??= zeros(this.weights);
    const metrics = await this.runUpdate(program, { ...feeds, ...this.frozenFeeds() }, sizes, learningRate, this.spare);
    for (const [name, weight] of this.weights) {
      const updated = this.spare.get(name);
      if (updated === undefined) continue;
      this.spare.set(name, weight.data);
      weight.data = updated;
    }
    return metrics;
  }

  /** Adds the gradient of one micro-batch to the sums that `apply` will use. */
  async accumulate({ feeds, sizes, recompute = false }: Batch): Promise<Metrics> {
    const program = await this.program(`accumulate ${recompute}`, (graph, nodes) => {
      const { loss, metrics } = this.build(graph, this.withFrozen(graph, nodes), recompute);
      reportOutputs(graph, loss, metrics);
      const all = gradients(graph, loss, [...nodes.values()]);
      [...nodes].forEach(([name, node], i) => {
        const gradient = all[i];
        const sum = graph.input(`sum:${name}`, node.shape);
        if (gradient !== undefined) graph.output(`sum:${name}`, graph.add(sum, gradient));
      });
    });
    this.sums ??= zeros(this.weights);
    const sums = Object.fromEntries([...this.sums].map(([name, sum]) => [`sum:${name}`, sum]));
    return scalars(
      await program.run({ ...feeds, ...this.frozenFeeds(), ...weightFeeds(this.weights), ...sums }, sums, sizes),
    );
  }

  /** Updates from the gradients accumulated since the last time. Returns `gradient_norm`. */
  async apply(learningRate: number): Promise<Metrics> {
    const sums = this.sums ?? zeros(this.weights);
    const parameters = [...this.weights].flatMap(([name, { data: weight, shape }]) => {
      const [gradient, moments] = [sums.get(name), this.moments.get(name)];
      return gradient && moments ? [{ weight, gradient, ...moments, isMatrix: shape.length > 1 }] : [];
    });
    const norm = stepAdamW(parameters, { learningRate, step: this.steps + 1 }, this.options);
    this.steps++;
    for (const sum of sums.values()) sum.fill(0);
    return { gradient_norm: norm };
  }

  exportState(): OptimizerState {
    return { step: this.steps, moments: exportMoments(this.weights, this.moments) };
  }

  importState(state: OptimizerState): void {
    importMoments(this.weights, this.moments, state.moments);
    this.steps = state.step;
  }

  async dispose(): Promise<void> {
    for (const program of this.programs.values()) await (await program).dispose();
    this.programs.clear();
  }

  private async runUpdate(
    program: Program,
    feeds: Batch['feeds'],
    sizes: Batch['sizes'],
    learningRate: number,
    target: ReadonlyMap<string, Float32Array>,
  ): Promise<Metrics> {
    const moments: Record<string, Float32Array> = {};
    const into: Record<string, Float32Array> = {};
    for (const [name, { first, second }] of this.moments) {
      moments[`first:${name}`] = first;
      moments[`second:${name}`] = second;
    }
    for (const [name, weight] of target) into[`weight:${name}`] = weight;
    const step = { learning_rate: Float32Array.of(learningRate), step: Float32Array.of(this.steps + 1) };
    const given = { ...feeds, ...weightFeeds(this.weights), ...moments, ...step };
    const outputs = await program.run(given, { ...into, ...moments }, sizes);
    this.steps++;
    return scalars(outputs);
  }

  private withFrozen(graph: Graph, nodes: ReadonlyMap<string, Node>): Map<string, Node> {
    const { frozen: given = new Map() } = this.options;
    const types = elementTypes(given);
    const frozen = [...given].map(([name, { shape }]) => [name, graph.input(name, shape, types.get(name))] as const);
    return new Map([...frozen, ...nodes]);
  }

  private frozenFeeds(): Record<string, TensorData> {
    return this.options.frozen === undefined ? {} : weightFeeds(this.options.frozen);
  }

  private updateOutputs(graph: Graph, nodes: ReadonlyMap<string, Node>, all: readonly Node[]): void {
    const moments = [...nodes].map(([name, { shape }]) => ({
      first: graph.input(`first:${name}`, shape),
      second: graph.input(`second:${name}`, shape),
    }));
    const inputs = { learningRate: graph.input('learning_rate', []), step: graph.input('step', []) };
    const { updates, gradientNorm } = adamW(graph, [...nodes.values()], all, moments, inputs, this.options);
    [...nodes.keys()].forEach((name, i) => {
      const update = updates[i];
      if (update === undefined) return;
      graph.output(`weight:${name}`, update.weight);
      graph.output(`first:${name}`, update.first);
      graph.output(`second:${name}`, update.second);
    });
    graph.output('gradient_norm', gradientNorm);
  }

  /** The program of a kind, made on first use. */
  private program(kind: string, outputs: (graph: Graph, nodes: Map<string, Node>) => void): Promise<Program> {
    const existing = this.programs.get(kind);
    if (existing !== undefined) return existing;
    const graph = new Graph();
    const nodes = new Map([...this.weights].map(([name, { shape }]) => [name, graph.input(name, shape)]));
    outputs(graph, nodes);
    const program = compile(graph, { threads: this.options.threads ?? 1, givesBack: isLarge(this.weights) });
    this.programs.set(kind, program);
    return program;
  }
}

function reportOutputs(graph: Graph, loss: Node, metrics: LossNodes['metrics']): void {
  graph.output('loss', loss);
  for (const [name, node] of Object.entries(metrics)) graph.output(name, node);
}

/** Several programs of such weights would each hold as much again as it once needed. */
function isLarge(weights: Weights): boolean {
  let count = 0;
  for (const { data } of weights.values()) count += data.length;
  return count > LARGE;
}

function zeros(weights: Weights): Map<string, Float32Array> {
  return new Map([...weights].map(([name, { data }]) => [name, new Float32Array(data.length)]));
}

/** Outputs of one element are metrics; the others are state. */
function scalars(outputs: Readonly<Record<string, TensorData>>): Metrics {
  const result: Metrics = {};
  for (const [name, data] of Object.entries(outputs)) {
    if (data.length === 1 && !name.includes(':')) result[name] = data[0] ?? NaN;
  }
  return result;
}
