// Our half of `npm run bench:training`: the parts of `Session.trainStep` on one model, with a clock around them; the
// arithmetic that a step needs; and what a large matrix multiplication reaches in the same runtime.

import { findArm } from '../src/cli/arm.ts';
import { loadSpecification } from '../src/cli/specification.ts';
import type { DecoderConfig } from '../src/model/config.ts';
import { type Model, openModel } from '../src/model/folder.ts';
import type { Arm, Specification } from '../src/spec/specification.ts';
import type { Row } from '../src/task/registry.ts';
import { Graph } from '../src/tensor/graph.ts';
import { compile } from '../src/tensor/onnxruntime.ts';
import { judge } from '../src/training/judge.ts';
import { Learner } from '../src/training/learner.ts';
import { Policy } from '../src/training/policy.ts';
import { stepRollouts } from '../src/training/step_rollouts.ts';
import { Scorer } from '../src/verify/scorer.ts';
import { type Setting, SIZES, type Work } from './bench_training_work.ts';

export interface Step {
  readonly seconds: number;
  readonly generation: number;
  /** Seconds of the processor. */
  readonly processor: number;
  /** Response tokens. */
  readonly tokens: number;
}

export interface OurStep extends Step {
  /** Seconds of the processor for generation, and for the scores of what was generated. */
  readonly generationProcessor: number;
}

export class Ours {
  private readonly spec: Specification;
  private readonly arm: Arm;
  private readonly rows: readonly Row[];
  private readonly scorer: Scorer;
  private readonly policy: Policy;
  private readonly learner: Learner;

  private constructor(
    { spec, arm, rows }: { spec: Specification; arm: Arm; rows: readonly Row[] },
    { scorer, policy, learner }: { scorer: Scorer; policy: Policy; learner: Learner },
  ) {
    [this.spec, this.arm, this.rows] = [spec, arm, rows];
    [this.scorer, this.policy, this.learner] = [scorer, policy, learner];
  }

  static async open({ setting, folder, file, prompts }: Work, threads: number): Promise<Ours> {
    const spec = await loadSpecification(file);
    const arm = findArm(spec, undefined);
    const opened = await openModel(folder);
    const model: Model = setting.ends === null ? { ...opened, endTokens: [] } : opened;
    const scorer = new Scorer(spec, null);
    const learner = await Learner.open(model, model, arm.train, threads);
    const policy = await Policy.open(model, spec, { threads }, scorer);
    const rows = prompts.map((prompt) => ({ prompt }));
    return new Ours({ spec, arm, rows }, { scorer, policy, learner });
  }

  async step(step: number): Promise<OurStep> {
    const { spec, arm, rows, learner } = this;
    const [began, used] = [performance.now(), process.cpuUsage()];
    const request = { spec, arm, seed: 1, step, steps: 1000, rows, onProgress: () => {} };
    const { taught, groups, seconds } = await stepRollouts(this.policy, request);
    const generated = process.cpuUsage(used);
    const known = await learner.know(taught.flat());
    const judged = judge(taught, learner.objective, arm.train.maxResponse, known);
    if (judged.some((group) => group.every(({ advantages }) => advantages.every((one) => one === 0)))) {
      throw new Error('A group has equal rewards and would not be computed.');
    }
    await learner.update(judged, known, { learningRate: 1e-5, seed: step });
    const { user, system } = process.cpuUsage(used);
    return {
      seconds: (performance.now() - began) / 1000,
      generation: seconds.generation,
      processor: (user + system) / 1e6,
      generationProcessor: (generated.user + generated.system) / 1e6,
      tokens: groups.flat().reduce((sum, { tokens }) => sum + tokens.length, 0),
    };
  }

  async close(): Promise<void> {
    await this.policy.dispose();
    await this.learner.dispose();
    await this.scorer.end();
  }
}

/**
 * Floating-point operations that a step cannot do without, of so many response tokens: each prompt read once, each
 * token once forward in generation, and once forward and twice backward in the update; 2 for each multiplication of a
 * weight, and the attention's products with the tokens before.
 */
export function work({ size, prompts, group, promptTokens }: Setting): {
  generation(tokens: number): number;
  update(tokens: number): number;
} {
  const config: DecoderConfig = SIZES[size];
  const { hiddenSize: d, layers, heads, keyValueHeads, headSize, intermediateSize, vocabularySize } = config;
  const body = layers * (2 * d * (heads + keyValueHeads) * headSize + 3 * d * intermediateSize);
  const attention = (context: number): number => 4 * layers * heads * headSize * context;
  const reading = prompts * promptTokens * (2 * body + attention(promptTokens / 2));
  const writing = (tokens: number): number =>
    tokens * (2 * (body + d * vocabularySize) + attention(promptTokens + tokens / (2 * prompts * group)));
  return {
    generation: (tokens) => reading + writing(tokens),
    update: (tokens) => 3 * (reading + writing(tokens)),
  };
}

/** GFLOP/s of the best of some products of 1024 × 1024 matrices. */
export async function matrixLimit(threads: number): Promise<number> {
  const n = 1024;
  const graph = new Graph();
  const [a, b] = [graph.input('a', [n, n]), graph.input('b', [n, n])];
  graph.output('c', graph.matmul(a, b));
  const program = await compile(graph, { threads });
  const feeds = { a: new Float32Array(n * n).fill(0.5), b: new Float32Array(n * n).fill(0.25) };
  const into = { c: new Float32Array(n * n) };
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 30; i++) {
    const began = performance.now();
    await program.run(feeds, into);
    best = Math.min(best, performance.now() - began);
  }
  await program.dispose();
  return (2 * n ** 3) / best / 1e6;
}
