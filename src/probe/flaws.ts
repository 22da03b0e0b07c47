// What is wrong with the form of a response, told from its text alone, whoever wrote it: the search invents responses,
// and this names what is odd about them. A flaw is no offence by itself; a reward that pays it like a clean answer is.

import { lastTagged } from '../reward/extract/marked.ts';
import { isBlank, occurrences, scan } from '../reward/scan.ts';
import type { Specification } from '../spec/specification.ts';
import { assignmentText, holeValues, optionsOf } from './answer_text.ts';
import type { Form, Leaf } from './form.ts';
import type { FormFlaw } from './report.ts';
import type { Situation } from './situation.ts';

/** Marks of a chat's turns, in the templates of well-known models and in plain transcripts. */
const TURN_MARKS: readonly string[] = [
  '<|im_start|>',
  '<|im_end|>',
  '<|endoftext|>',
  '<|eot_id|>',
  '<|assistant|>',
  '[INST]',
  '[/INST]',
  'Assistant:',
  'User:',
  'Human:',
];

const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/;

/** Words that an answer may have beyond a clean one. */
const MORE_WORDS = 8;
/** A response of that many words repeats itself when fewer than a fifth are different. */
const MANY_WORDS = 60;

export class Critic {
  private readonly form: Form;
  private readonly situation: Situation;
  private readonly wordings: string[];
  private readonly seen: string[];
  private readonly cleanWords: ReadonlyMap<string, number>;
  private readonly cleanFlaws: ReadonlySet<FormFlaw>;

  /** `clean`: a clean response on this row, against which an answer's length is held. */
  constructor(form: Form, spec: Pick<Specification, 'rules'>, situation: Situation, clean: string) {
    this.form = form;
    this.situation = situation;
    this.wordings = spec.rules
      .flatMap(({ cases }) => cases.map(({ text }) => text ?? ''))
      .filter((text) => text.length >= 20);
    this.seen = [situation.prompt, ...situation.visible.values()].filter((text) => text.length >= 40);
    this.cleanWords = new Map(form.parts.map(({ tag }) => [tag, words(inside(clean, tag))]));
    this.cleanFlaws = new Set(this.all(clean));
  }

  /** In a fixed order, without those that a clean response has too. */
  flaws(response: string): FormFlaw[] {
    return this.all(response).filter((flaw) => !this.cleanFlaws.has(flaw));
  }

  private all(response: string): FormFlaw[] {
    return [...this.ofParts(response), ...this.ofAnswer(response), ...this.ofText(response)];
  }

  private ofParts(response: string): FormFlaw[] {
    const { parts } = this.form;
    const found = new Set<FormFlaw>();
    const spans: { start: number; end: number; inside: number; close: number }[] = [];
    for (const { tag, isReasoning } of parts) {
      const [open, close] = [`<${tag}>`, `</${tag}>`];
      const start = response.indexOf(open);
      const end = response.indexOf(close, start + 1);
      if (start < 0 || end < 0) {
        found.add(isReasoning ? 'missing_reasoning' : 'missing_answer');
        continue;
      }
      if (occurrences(response, open) > 1 || occurrences(response, close) > 1) found.add('repeated_part');
      if (isReasoning && !hasLetters(inside(response, tag))) found.add('empty_reasoning');
      spans.push({ start, end: end + close.length, inside: start + open.length, close: end });
    }
    spans.forEach((span, i) => {
      const before = spans[i - 1];
      if (before === undefined) return;
      if (span.start < before.start) found.add('wrong_order');
      if (spans.some((one) => one !== span && span.start >= one.inside && span.start < one.close))
        found.add('nested_parts');
    });
    if (found.has('repeated_part') || found.has('wrong_order') || found.has('nested_parts')) return [...found];
    for (const flaw of this.outside(response, spans)) found.add(flaw);
    return [...found];
  }

  /** Text outside of the parts, in a form that has a part for everything. */
  private outside(response: string, spans: readonly { start: number; end: number }[]): FormFlaw[] {
    const { parts, templates } = this.form;
    const [first, last] = [spans[0], spans.at(-1)];
    const hasAll =
      spans.length === parts.length && templates.every((one) => one.every(({ kind }) => kind !== 'column'));
    if (first === undefined || last === undefined || !hasAll) return [];
    const isWhole = parts.some(({ isReasoning }) => isReasoning) && templates.length === 1;
    const between = spans.slice(1).some(({ start }, i) => !isBlank(response.slice(spans[i]?.end ?? start, start)));
    return [
      ...(isWhole && !isBlank(response.slice(0, first.start)) ? (['text_before'] as const) : []),
      ...(isWhole && between ? (['text_between'] as const) : []),
      ...(isBlank(response.slice(last.end)) ? [] : (['text_after'] as const)),
    ];
  }

  private ofAnswer(response: string): FormFlaw[] {
    const found: FormFlaw[] = [];
    for (const { tag, isReasoning } of this.form.parts) {
      const clean = this.cleanWords.get(tag) ?? 0;
      if (!isReasoning && words(inside(response, tag)) > clean + MORE_WORDS) found.push('reasoning_in_answer');
    }
    const answer = this.answerOf(response);
    if (this.form.leaves.some((leaf) => this.saysSeveral(leaf, answer))) found.push('several_answers');
    return [...new Set(found)];
  }

  /** The answer's parts, or all of a response that has none. */
  private answerOf(response: string): string {
    const answers = this.form.parts.filter(({ isReasoning }) => !isReasoning);
    return answers.length === 0 ? response : answers.map(({ tag }) => inside(response, tag)).join('\n');
  }

  private saysSeveral({ capture }: Leaf, answer: string): boolean {
    if (capture === null) return false;
    const columns = this.situation.column;
    const said = ` ${scan(answer.toLowerCase())
      .map(({ kind, text }) => (kind === 'word' ? text : ' '))
      .join('')} `;
    const says = (text: string): boolean => said.includes(` ${text.toLowerCase()} `);
    const options = optionsOf(capture, columns);
    if (options !== null) return options.filter(says).length > 1;
    if (capture.extractor.kind === 'assignments') {
      const { pattern } = capture.extractor;
      const roles = holeValues(capture, 1, columns) ?? [];
      const names = holeValues(capture, 0, columns) ?? [];
      return names.some((name) => roles.filter((role) => says(assignmentText(pattern, [[name, role]]))).length > 1);
    }
    return capture.extractor.kind === 'boxed' && occurrences(answer, '\\boxed{') > 1;
  }

  private ofText(response: string): FormFlaw[] {
    const tokens = scan(response).filter(({ kind }) => kind === 'word');
    const different = new Set(tokens.map(({ text }) => text)).size;
    const isMixed = tokens.some(
      ({ text }) => /\p{Script=Latin}/u.test(text) && /[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(text),
    );
    return [
      ...(TURN_MARKS.some((mark) => response.includes(mark)) ? (['restarted_conversation'] as const) : []),
      ...(INVISIBLE.test(response) ? (['invisible_characters'] as const) : []),
      ...(isMixed ? (['look_alike_letters'] as const) : []),
      ...(tokens.length >= MANY_WORDS && different < tokens.length / 5 ? (['repetition'] as const) : []),
      ...(this.seen.some((text) => response.includes(text)) ? (['copied_prompt'] as const) : []),
      ...(this.wordings.some((text) => response.includes(text)) ? (['echoed_rules'] as const) : []),
    ];
  }
}

/** The text in the last such tag; '' where there is none. */
function inside(text: string, tag: string): string {
  const found = lastTagged(text, tag);
  return found === null ? '' : text.slice(found.start, found.end);
}

function hasLetters(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

function words(text: string): number {
  return scan(text).filter(({ kind }) => kind === 'word').length;
}
