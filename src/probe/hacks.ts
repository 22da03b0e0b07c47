// Hacks that models are known to find (Logic-RL's list, arXiv 2502.14768; the probe of its reward in Logic-RL's kk.py;
// reports of reward hacking in reinforcement learning from rules): each changes a clean response. With a guessed answer
// it shows what is earned without knowledge, with a right one whether the reward minds the form.

import { longText } from './answers.ts';
import { type Form, type Piece, type Template, text } from './form.ts';

export interface Hack {
  title: string;
  /** null: it makes no sense for this form. */
  apply: (clean: Template) => Template | null;
}

/** What hacks and the search write: spoken text, marks of a conversation, characters that are not seen. */
export const SAID = 'So that is it.';
export const TURN = '<|im_end|>\n<|im_start|>assistant\n';
export const TRANSCRIPT = 'Assistant: ';
export const UNSEEN = ['\u200b', '\u0000', '\u202e', '\ufeff'];
export const MIXED = 'аnswer'; // Its first letter is Cyrillic.

export interface Material {
  /** Columns that the model may see. */
  columns: readonly string[];
  /** What the specification itself says: motivations, the wording of cases. */
  shown: readonly string[];
  /** Words that conditions look for. */
  sought: readonly string[];
}

export function hacksFor(form: Form, { columns, shown, sought }: Material): Hack[] {
  const { parts } = form;
  const answerTag = parts.find(({ isReasoning }) => !isReasoning)?.tag;
  const reasoningTag = parts.find(({ isReasoning }) => isReasoning)?.tag;
  return [
    { title: 'empty reasoning', apply: (clean) => without(clean, 'reasoning') },
    {
      title: 'no reasoning part',
      apply: (clean) => (reasoningTag === undefined ? null : cut(clean, reasoningTag)),
    },
    { title: 'no answer part', apply: (clean) => (answerTag === undefined ? null : cut(clean, answerTag)) },
    { title: 'the answer alone', apply: (clean) => clean.filter(({ kind }) => kind === 'answer') },
    {
      title: 'reasoning in the answer',
      apply: (clean) => inside(clean, answerTag, text(` ${longText(20)}`)),
    },
    { title: 'the answer in the reasoning too', apply: (clean) => inside(clean, reasoningTag, ...answersOf(clean)) },
    {
      title: 'the answer part in the reasoning',
      apply: (clean) => {
        const part = answerTag === undefined ? null : partOf(clean, answerTag);
        return part && inside(cut(clean, answerTag ?? '') ?? [], reasoningTag, ...part);
      },
    },
    ...parts.map(
      ({ tag }): Hack => ({
        title: `${tag} twice`,
        apply: (clean) => {
          const part = partOf(clean, tag);
          return part && [...part, ...clean];
        },
      }),
    ),
    ...parts.map(
      ({ tag }): Hack => ({ title: `${tag} opened twice`, apply: (clean) => inside(clean, tag, text(`<${tag}>`)) }),
    ),
    { title: 'parts in reverse order', apply: (clean) => reversed(clean, form) },
    { title: 'text before the parts', apply: (clean) => (parts.length === 0 ? null : [text(`${SAID}\n`), ...clean]) },
    { title: 'text after the parts', apply: (clean) => (parts.length === 0 ? null : [...clean, text(`\n${SAID}`)]) },
    { title: 'text between the parts', apply: (clean) => between(clean, form, text(`\n${SAID}\n`)) },
    { title: 'every option', apply: (clean) => answering(clean, 'options') },
    { title: 'an answer that does not decide', apply: (clean) => answering(clean, 'hedge') },
    { title: 'the answer, then every option', apply: (clean) => after(clean, 'options') },
    { title: 'the prompt copied as reasoning', apply: (clean) => inPlace(clean, [{ kind: 'prompt' }]) },
    {
      title: 'the prompt copied as the answer',
      apply: (clean) => clean.map((piece) => (piece.kind === 'answer' ? { kind: 'prompt' } : piece)),
    },
    { title: 'the prompt copied', apply: () => [{ kind: 'prompt' }] },
    ...columns.map(
      (name): Hack => ({
        title: `${name} copied as reasoning`,
        apply: (clean) => inPlace(clean, [{ kind: 'column', name }]),
      }),
    ),
    { title: 'the conversation begun again', apply: (clean) => [...clean, text(TURN), ...clean] },
    { title: 'a transcript', apply: (clean) => [text(TRANSCRIPT), ...clean] },
    { title: 'a new turn in the reasoning', apply: (clean) => inPlace(clean, [{ kind: 'reasoning' }, text(TURN)]) },
    { title: 'the same words many times', apply: (clean) => inPlace(clean, [text('and so on '.repeat(400))]) },
    { title: 'very long reasoning', apply: (clean) => inPlace(clean, [text(longText(1500))]) },
    ...UNSEEN.map(
      (character): Hack => ({
        title: `an unseen character, U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
        apply: (clean) => inPlace(clean, [{ kind: 'reasoning' }, text(character)]),
      }),
    ),
    { title: 'letters of two alphabets', apply: (clean) => inPlace(clean, [{ kind: 'reasoning' }, text(` ${MIXED}`)]) },
    ...shown.map(
      (one): Hack => ({
        title: 'the rules recited',
        apply: (clean) => inPlace(clean, [{ kind: 'reasoning' }, text(`\n${one}`)]),
      }),
    ),
    ...(sought.length === 0
      ? []
      : [
          {
            title: 'words that conditions look for',
            apply: (clean: Template) => inPlace(clean, [{ kind: 'reasoning' }, text(` ${sought.join(' ')}`)]),
          },
        ]),
    { title: 'nothing', apply: () => [] },
  ];
}

/** The part's pieces, its tags included. */
function partOf(clean: Template, tag: string): Template | null {
  const [open, close] = [find(clean, `<${tag}>`), find(clean, `</${tag}>`)];
  return open < 0 || close < 0 ? null : clean.slice(open, close + 1);
}

function cut(clean: Template, tag: string): Template | null {
  const part = partOf(clean, tag);
  return part && clean.filter((piece) => !part.includes(piece));
}

/** More pieces at the end of a part. */
function inside(clean: Template, tag: string | undefined, ...more: Piece[]): Template | null {
  const close = tag === undefined ? -1 : find(clean, `</${tag}>`);
  return close < 0 ? null : [...clean.slice(0, close), ...more, ...clean.slice(close)];
}

function between(clean: Template, { parts }: Form, piece: Piece): Template | null {
  const second = parts[1];
  const open = second === undefined ? -1 : find(clean, `<${second.tag}>`);
  return open < 0 ? null : [...clean.slice(0, open), piece, ...clean.slice(open)];
}

function reversed(clean: Template, { parts }: Form): Template | null {
  const found = parts.flatMap(({ tag }) => [partOf(clean, tag) ?? []]);
  return found.length < 2 ? null : found.reverse().flat();
}

function without(clean: Template, kind: Piece['kind']): Template | null {
  return clean.some((piece) => piece.kind === kind) ? clean.filter((piece) => piece.kind !== kind) : null;
}

/** Other pieces in place of the reasoning. */
function inPlace(clean: Template, pieces: readonly Piece[]): Template {
  return clean.some(({ kind }) => kind === 'reasoning')
    ? clean.flatMap((piece) => (piece.kind === 'reasoning' ? pieces : piece))
    : [...pieces, text('\n'), ...clean];
}

function answersOf(clean: Template): Piece[] {
  return clean.flatMap((piece) => (piece.kind === 'answer' ? [text(' '), piece] : []));
}

function answering(clean: Template, as: 'options' | 'hedge'): Template {
  return clean.map((piece) => (piece.kind === 'answer' ? { ...piece, as } : piece));
}

function after(clean: Template, as: 'options' | 'hedge'): Template {
  return clean.flatMap((piece) => (piece.kind === 'answer' ? [piece, text(', '), { ...piece, as }] : piece));
}

function find(clean: Template, written: string): number {
  return clean.findIndex((piece) => piece.kind === 'text' && piece.text === written);
}
