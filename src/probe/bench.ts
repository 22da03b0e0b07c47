// What all questions of the probe share: the rows, the form, the answers, and the means over rows. Rows are a seeded
// sample; the one with the shortest prompt comes first, and findings are shown on it.

import { setImmediate } from 'node:timers/promises';
import { motivationText } from '../motivation/render.ts';
import type { Row } from '../reward/row.ts';
import { type Random, random } from '../spec/random.ts';
import type { Specification } from '../spec/specification.ts';
import { type Answer, type Answers, findAnswers } from './answers.ts';
import type { Shown } from './findings.ts';
import { Critic } from './flaws.ts';
import { type Form, formOf, type Template } from './form.ts';
import { type Hack, hacksFor, type Material } from './hacks.ts';
import type { Measure } from './report.ts';
import { type Level, Scorer, tokensOf } from './scorer.ts';
import { fill, type Situation, situationOf } from './situation.ts';

export interface ProbeOptions {
  seed: number;
  /** Most responses that are scored. */
  budget: number;
  /** Most rows that are used. */
  rows: number;
  /** False: only what the search comes upon, without the list of known hacks. */
  knownHacks?: boolean;
  /** Ends it early; what was found by then is reported. */
  signal?: AbortSignal;
  onProgress?: (doing: string, responses: number) => void;
}

/** Rows over which guesses are counted. */
const COUNTED = 5000;

/** Whose answer a template is filled with, and what verifiers and judges then answer. */
export type Who = 'right' | 'wrong' | 'guess';

/** Over which rows, and of responses that ended or were cut at the limit. */
export interface Measuring {
  on?: readonly Situation[];
  finished?: boolean;
}

export class Bench {
  readonly spec: Specification;
  readonly scorer: Scorer;
  readonly random: Random;
  readonly sample: readonly Situation[];
  /** The row on which findings are shown. */
  readonly shown: Situation;
  readonly form: Form;
  readonly answers: Answers;
  readonly hacks: readonly Hack[];
  private readonly options: ProbeOptions;
  /** What a right answer earns, by the row's index. */
  private readonly rights = new Map<number, number>();

  constructor(spec: Specification, rows: readonly Row[], options: ProbeOptions) {
    this.spec = spec;
    this.options = options;
    this.scorer = new Scorer(spec, options.budget);
    this.random = random(options.seed, 'probe');
    const all = rows.map((row, index) => situationOf(spec, row, index));
    const chosen = this.random.shuffled([...all.keys()]).slice(0, Math.max(1, options.rows));
    const sample = chosen.sort((a, b) => a - b).flatMap((i) => all[i] ?? []);
    const [first] = [...sample].sort((a, b) => a.prompt.length - b.prompt.length);
    if (first === undefined) throw new RangeError('a probe needs a row');
    this.shown = first;
    this.sample = [first, ...sample.filter((one) => one !== first)];
    this.form = formOf(spec);
    this.answers = findAnswers(spec, this.form, this.sample, all.slice(0, COUNTED), this.scorer);
    this.hacks = options.knownHacks === false ? [] : hacksFor(this.form, this.material());
    for (const situation of this.sample) {
      const response = this.respond(this.answers.template, situation, 'right');
      if (response !== null) this.rights.set(situation.index, this.total(situation, response, 'right'));
    }
  }

  goesOn(): boolean {
    return this.scorer.left() > 0 && this.options.signal?.aborted !== true;
  }

  /** Gives others their turn. */
  async pause(doing: string): Promise<void> {
    this.options.onProgress?.(doing, this.scorer.responses);
    await setImmediate();
  }

  /** A template filled for a row; null: there is no such answer on it. */
  respond(template: Template, situation: Situation, who: Who, reasoning = this.answers.reasoning): string | null {
    const needsAnswer = template.some(({ kind }) => kind === 'answer');
    const answer: Answer = this.answers[who](situation) ?? (needsAnswer ? null : new Map());
    return answer && fill(template, situation, answer, reasoning(situation));
  }

  total(situation: Situation, response: string, who: Who, finished = true): number {
    return this.scorer.score(situation.row, response, levelOf(who), finished).total;
  }

  show(situation: Situation, response: string, who: Who, finished = true): Shown {
    const level = levelOf(who);
    const score = this.scorer.score(situation.row, response, level, finished);
    const given = this.scorer.given[level];
    return { response, row: situation.index, score, given, tokens: tokensOf(response), finished };
  }

  /** The clean form with that answer, on the row that is shown or the first where there is one. */
  showClean(who: Who, { on = this.shown, finished = true }: { on?: Situation; finished?: boolean } = {}): Shown | null {
    for (const situation of [on, ...this.sample]) {
      const response = this.respond(this.answers.template, situation, who);
      if (response !== null) return this.show(situation, response, who, finished);
    }
    return null;
  }

  /** Means over rows; null where it can respond on none. */
  measure(
    title: string,
    who: Who,
    respond: (situation: Situation) => string | null,
    { on = this.sample, finished = true }: Measuring = {},
  ): Measure | null {
    let [sum, full, count] = [0, 0, 0];
    let first: Pick<Measure, 'response' | 'row'> | null = null;
    for (const situation of on) {
      const response = respond(situation);
      if (response === null) continue;
      const total = this.total(situation, response, who, finished);
      first ??= { response, row: situation.index };
      count++;
      sum += total;
      if (total >= (this.rights.get(situation.index) ?? Number.POSITIVE_INFINITY) - 1e-9) full++;
    }
    return first && { title, reward: sum / count, fullMarks: full / count, ...first };
  }

  measureTemplate(title: string, who: Who, template: Template, how: Measuring = {}): Measure | null {
    return this.measure(title, who, (situation) => this.respond(template, situation, who), how);
  }

  critic(situation: Situation): Critic {
    const clean = this.respond(this.answers.template, situation, 'right') ?? '';
    return new Critic(this.form, this.spec, situation, clean);
  }

  /** What a response without knowledge can be made of. */
  material(): Material {
    const { spec, form } = this;
    const literals = form.links.flatMap(({ source: { expression } }) =>
      expression.kind === 'list' ? expression.items : expression,
    );
    const motivation = spec.motivations[0];
    return {
      columns: [...this.shown.visible.keys()],
      shown: [
        ...(motivation === undefined ? [] : [motivationText(spec, motivation.name)]),
        ...spec.rules.flatMap(({ cases }) => cases.flatMap(({ text }) => text ?? [])),
      ],
      sought: [
        ...new Set(literals.flatMap((one) => (one.kind === 'text' && one.value.trim() !== '' ? one.value : []))),
      ],
    };
  }
}

/** A right answer is taken to please verifiers and judges, no other is. */
function levelOf(who: Who): Level {
  return who === 'right' ? 'most' : 'least';
}
