// The model in training: its prompts as tokens, its responses with their scores. One rollout is one response to one
// row under one prompt; a group is the responses to one row of a step, whose prompts may show different parts of the
// motivation. Each distinct prompt is computed once for all that read it. Verifiers and judges are asked about a response
// as soon as it is written, while others still are: their answers do not depend on when they are asked.

import type { Model } from '../model/folder.ts';
import { createGenerator, type Generated, type Generator, type GeneratorOptions } from '../model/generate.ts';
import { renderPrompt } from '../motivation/prompt.ts';
import { showingRules } from '../motivation/visibility.ts';
import type { ResponseScore } from '../reward/score.ts';
import { MerfError } from '../spec/error.ts';
import type { Specification } from '../spec/specification.ts';
import type { Row } from '../task/registry.ts';
import type { Sample, ScoredSample, Scorer } from '../verify/scorer.ts';

export interface Rollout {
  /** Index of the row in the request, and of the response among the row's. */
  prompt: number;
  sample: number;
  promptText: string;
  promptTokens: readonly number[];
  /** The prompt under which the update is computed; the very array of `promptTokens` where it is the same. */
  updatePrompt: readonly number[];
  /** Names of the rules that the prompt's motivation showed; null: it had no motivation. */
  shownRules: readonly string[] | null;
  row: Row;
  response: string;
  tokens: readonly number[];
  logProbabilities: readonly number[];
  entropies: readonly number[];
  finishReason: 'stop' | 'length';
  score: ResponseScore;
  /** What the verifiers and judges that were asked took. */
  asked: ScoredSample['asked'];
}

/** Under which prompts the responses to a row are written. */
export interface Reading {
  motivation: string | null;
  /** For each response to a row, the names of the motivation's rules that its prompt shows; null: no motivation. */
  shownRules: readonly (readonly string[] | null)[];
  update: 'with' | 'without';
}

export interface RolloutRequest {
  rows: readonly Row[];
  reading: Reading;
  seed: number;
  maxResponse: number;
  temperature: number;
  /** The step of training, for rules whose weight changes with it; null: as at the end of their schedules. */
  step?: number | null;
  onProgress?: (progress: RolloutProgress) => void;
  signal?: AbortSignal;
}

export interface RolloutProgress {
  phase: 'generate' | 'score';
  /** Responses of all that are asked for. */
  done: number;
  of: number;
  /** Written so far. */
  tokens: number;
}

/** Seconds. */
export interface Timings {
  generation: number;
  /** What scores took, or were waited for, after that. */
  reward: number;
}

/** A rollout before it is scored. */
type Response = Omit<Rollout, 'score' | 'asked'>;

interface RenderedPrompt {
  text: string;
  tokens: readonly number[];
}

/** One of the prompts that a row's responses read, and which of them do. */
interface View {
  rules: readonly string[] | null;
  samples: number[];
}

export class Policy {
  readonly model: Model;
  private readonly spec: Specification;
  private readonly generator: Generator;
  private readonly scorer: Scorer;

  private constructor(model: Model, spec: Specification, generator: Generator, scorer: Scorer) {
    this.model = model;
    this.spec = spec;
    this.generator = generator;
    this.scorer = scorer;
  }

  /** The scorer stays its owner's. */
  static async open(model: Model, spec: Specification, options: GeneratorOptions, scorer: Scorer): Promise<Policy> {
    return new Policy(model, spec, await createGenerator(model, options), scorer);
  }

  /** Responses to each row, scored; a row's responses stand together. Seconds are measured for each part. */
  async respond(request: RolloutRequest): Promise<{ rollouts: Rollout[]; seconds: Timings }> {
    const { rows, reading, step = null } = request;
    const views = viewsOf(reading.shownRules);
    const prompts = rows.flatMap((row) => views.map(({ rules }) => this.render(row, reading.motivation, rules, step)));
    const plain = rows.map((row) => (reading.update === 'without' ? this.render(row, null, null, step) : null));
    const started = performance.now();
    let [written, isWriting] = [0, true];
    const responseOf = ({ prompt: place, sample: number, ...drawn }: Generated): Response => {
      const prompt = Math.floor(place / views.length);
      const { rules, samples } = views[place % views.length] ?? { rules: null, samples: [] };
      const { text = '', tokens: promptTokens = [] } = prompts[place] ?? {};
      return {
        ...drawn,
        prompt,
        sample: samples[number] ?? number,
        promptText: text,
        promptTokens,
        updatePrompt: rules === null ? promptTokens : (plain[prompt]?.tokens ?? promptTokens),
        shownRules: rules,
        row: rows[prompt] ?? {},
        response: this.model.tokenizer.decode(drawn.tokens),
      };
    };
    const scoring = { step, evidence: true, signal: request.signal };
    const early = new Map<number, Promise<ScoredSample>>();
    let known = 0;
    const onKnown = () => {
      known++;
      if (!isWriting) request.onProgress?.({ phase: 'score', done: known, of: early.size, tokens: written });
    };
    const begin = (response: Generated, index: number) => {
      const scored = this.scorer.scoreOne(sampleOf(responseOf(response)), scoring);
      early.set(index, scored);
      // one that fails is awaited below
      scored.then(onKnown, () => {});
    };
    const generated = await this.generator.generate({
      prompts: prompts.map(({ tokens }) => tokens),
      samplesPerPrompt: rows.flatMap(() => views.map(({ samples }) => samples.length)),
      maxNewTokens: request.maxResponse,
      temperature: request.temperature,
      seed: request.seed,
      ...(request.signal && { signal: request.signal }),
      ...(this.scorer.asks && { onWritten: begin }),
      onProgress: ({ tokens, rowsDone, rows }) => {
        written = tokens;
        request.onProgress?.({ phase: 'generate', done: rowsDone, of: rows, tokens });
      },
    });
    isWriting = false;
    const ended = performance.now();
    const responses = generated.map(responseOf);
    const onScored = (done: number) =>
      request.onProgress?.({ phase: 'score', done, of: responses.length, tokens: written });
    onScored(known);
    const scored =
      early.size === responses.length
        ? await Promise.all(responses.map((_, i) => early.get(i)))
        : await this.scorer.score(responses.map(sampleOf), { ...scoring, onScored });
    const rollouts = responses.flatMap((response, i): Rollout[] => {
      const result = scored[i];
      return result === undefined ? [] : [{ ...response, ...result }];
    });
    rollouts.sort((a, b) => a.prompt - b.prompt || a.sample - b.sample);
    const seconds = { generation: (ended - started) / 1000, reward: (performance.now() - ended) / 1000 };
    return { rollouts, seconds };
  }

  dispose(): Promise<void> {
    return this.generator.dispose();
  }

  /** A row's prompt with these rules of a motivation, as they count at the step. */
  private render(
    row: Row,
    motivation: string | null,
    rules: Reading['shownRules'][number],
    step: number | null,
  ): RenderedPrompt {
    const { spec, choice } = showingRules(this.spec, motivation, rules);
    const text = this.model.chatTemplate.render(renderPrompt(spec, { ...choice, step }, row));
    const tokens = this.model.tokenizer.encode(text);
    if (tokens.length > 0) return { text, tokens };
    throw new MerfError(
      `The chat template of ${this.model.folder} makes an empty prompt.`,
      'Correct its chat_template.jinja, or remove it for the usual one.',
    );
  }
}

function sampleOf({ row, response, tokens, finishReason }: Response): Sample {
  return { row, response, generation: { tokens: tokens.length, finished: finishReason === 'stop' } };
}

/** Everyone of a group reads all of a motivation, or (null) none. */
export function allRead(spec: Pick<Specification, 'motivations'>, motivation: string | null, group: number): Reading {
  const rules = spec.motivations.find(({ name }) => name === motivation)?.rules ?? null;
  return { motivation, shownRules: Array.from({ length: group }, () => rules), update: 'with' };
}

function viewsOf(shownRules: Reading['shownRules']): View[] {
  const views = new Map<string, View>();
  shownRules.forEach((rules, sample) => {
    const key = JSON.stringify(rules);
    const view = views.get(key) ?? { rules, samples: [] };
    view.samples.push(sample);
    views.set(key, view);
  });
  return [...views.values()];
}

/** A prompt's rollouts together, in the order of the prompts. */
export function inGroups(rollouts: readonly Rollout[]): Rollout[][] {
  const groups = new Map<number, Rollout[]>();
  for (const rollout of rollouts) groups.set(rollout.prompt, [...(groups.get(rollout.prompt) ?? []), rollout]);
  return [...groups.values()];
}
