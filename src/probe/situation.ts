// What a response may know: a row's columns that are not secret, and the prompt that is made of them. Templates are
// filled here, with the answer that is tried.

import { renderPrompt } from '../motivation/prompt.ts';
import { columnReader, type Row } from '../reward/row.ts';
import type { Maybe } from '../reward/value.ts';
import type { Specification } from '../spec/specification.ts';
import { wordsOf } from './answer_text.ts';
import type { Piece, Template } from './form.ts';

/** A row as a model meets it. */
export interface Situation {
  /** Its number among the rows that were given. */
  index: number;
  row: Row;
  /** Any column, for whoever builds a right answer. */
  column: (name: string) => Maybe;
  /** The columns that are not secret, as texts. */
  visible: ReadonlyMap<string, string>;
  /** Without a motivation. */
  readonly prompt: string;
}

export function situationOf(
  spec: Pick<Specification, 'task' | 'prompt' | 'rules' | 'total' | 'motivations' | 'arms'>,
  row: Row,
  index: number,
): Situation {
  const column = columnReader(spec, row);
  const visible = spec.task.columns
    .filter(({ secret }) => !secret)
    .map(({ name }) => [name, wordsOf(column(name))] as const);
  let prompt: string | null = null;
  return {
    index,
    row,
    column,
    visible: new Map(visible),
    get prompt() {
      prompt ??= promptOf(spec, row);
      return prompt;
    },
  };
}

/** The prompt without a motivation; '' where the row lacks a column that it shows. */
function promptOf(spec: Parameters<typeof situationOf>[0], row: Row): string {
  try {
    const messages = renderPrompt(spec, { motivation: null }, row);
    return messages.map(({ content }) => content).join('\n\n');
  } catch {
    return '';
  }
}

/** What a leaf says: the answer that is tried, all there are, or an undecided one. */
export interface LeafTexts {
  given: string;
  options: string;
  hedge: string;
}

export function fill(
  template: Template,
  situation: Situation,
  leaves: ReadonlyMap<string, LeafTexts>,
  reasoning: string,
): string {
  const written = (piece: Piece): string => {
    switch (piece.kind) {
      case 'text':
        return piece.text;
      case 'answer':
        return leaves.get(piece.leaf)?.[piece.as] ?? '';
      case 'reasoning':
        return reasoning;
      case 'column':
        return situation.visible.get(piece.name) ?? '';
      case 'prompt':
        return situation.prompt;
    }
  };
  return template.map(written).join('');
}
