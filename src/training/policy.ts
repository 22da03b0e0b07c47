// The model in training: its prompts as tokens, its responses with their scores. One rollout is one response to one
// row under one prompt; a group is the responses to one prompt of a step.

import type { Model } from '../model/folder.ts';
import { createGenerator, type Generator } from '../model/generate.ts';
import { type PromptChoice, renderPrompt } from '../motivation/prompt.ts';
import { type ResponseScore, scoreResponse } from '../reward/score.ts';
import { MerfError } from '../spec/error.ts';
import type { Specification } from '../spec/specification.ts';
import type { Row } from '../task/registry.ts';

export interface Rollout {
  /** Index of the prompt in the request, and of the response among the prompt's. */
  prompt: number;
  sample: number;
  promptText: string;
  promptTokens: readonly number[];
  row: Row;
  response: string;
  tokens: readonly number[];
  logProbabilities: readonly number[];
  entropies: readonly number[];
  finishReason: 'stop' | 'length';
  score: ResponseScore;
}

export interface RolloutRequest {
  rows: readonly Row[];
  prompt: PromptChoice;
  group: number;
  seed: number;
  maxResponse: number;
  temperature: number;
  /** The step of training, for rules whose weight changes with it; null: as at the end of their schedules. */
  step?: number | null;
  onTokens?: (tokens: number) => void;
  signal?: AbortSignal;
}

export interface Timings {
  generation: number;
  reward: number;
}

export class Policy {
  readonly model: Model;
  private readonly spec: Specification;
  private readonly generator: Generator;

  private constructor(model: Model, spec: Specification, generator: Generator) {
    this.model = model;
    this.spec = spec;
    this.generator = generator;
  }

  static async open(model: Model, spec: Specification, threads: number): Promise<Policy> {
    return new Policy(model, spec, await createGenerator(model, { threads }));
  }

  /** Responses to each row, scored; a prompt's responses stand together. Seconds are measured for each part. */
  async respond(request: RolloutRequest): Promise<{ rollouts: Rollout[]; seconds: Timings }> {
    const { tokenizer, chatTemplate } = this.model;
    const texts = request.rows.map((row) => chatTemplate.render(renderPrompt(this.spec, request.prompt, row)));
    const prompts = texts.map((text) => tokenizer.encode(text));
    if (prompts.some((tokens) => tokens.length === 0)) {
      throw new MerfError(
        `The chat template of ${this.model.folder} makes an empty prompt.`,
        'Correct its chat_template.jinja, or remove it for the usual one.',
      );
    }
    const started = performance.now();
    const generated = await this.generator.generate({
      prompts,
      samplesPerPrompt: request.group,
      maxNewTokens: request.maxResponse,
      temperature: request.temperature,
      seed: request.seed,
      ...(request.signal && { signal: request.signal }),
      ...(request.onTokens && { onProgress: ({ tokens }) => request.onTokens?.(tokens) }),
    });
    const written = performance.now();
    const rollouts = generated.map(({ prompt, sample, tokens, logProbabilities, entropies, finishReason }) => {
      const row = request.rows[prompt] ?? {};
      const response = tokenizer.decode(tokens);
      const finished = finishReason === 'stop';
      return {
        prompt,
        sample,
        promptText: texts[prompt] ?? '',
        promptTokens: prompts[prompt] ?? [],
        row,
        response,
        tokens,
        logProbabilities,
        entropies,
        finishReason,
        score: scoreResponse(
          this.spec,
          row,
          response,
          { tokens: tokens.length, finished },
          { step: request.step ?? null },
        ),
      };
    });
    const seconds = { generation: (written - started) / 1000, reward: (performance.now() - written) / 1000 };
    return { rollouts, seconds };
  }

  dispose(): Promise<void> {
    return this.generator.dispose();
  }
}

/** A prompt's rollouts together, in the order of the prompts. */
export function inGroups(rollouts: readonly Rollout[]): Rollout[][] {
  const groups = new Map<number, Rollout[]>();
  for (const rollout of rollouts) groups.set(rollout.prompt, [...(groups.get(rollout.prompt) ?? []), rollout]);
  return [...groups.values()];
}
