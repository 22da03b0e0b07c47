// Small specifications for the probe's tests: the flagship's, and others made of captures, rules and columns by hand.

import type { Capture, Column, Rule, Specification } from '../../src/spec/specification.ts';
import { flagship } from '../reward/knights_and_knaves.ts';

const TEXT = { kind: 'text' } as const;
const NUMBER = { kind: 'number' } as const;

export const TYPES = {
  text: TEXT,
  number: NUMBER,
  texts: { kind: 'list', of: TEXT },
  record: { kind: 'record', of: TEXT },
} as const;

export function column(name: string, type: Column['type'], secret = false): Column {
  return { name, type, secret, doc: '' };
}

export function capture(name: string, extractor: Capture['extractor'], type: Capture['type'] = TEXT): Capture {
  return { name, extractor, type, place: { line: 0, column: 0 } };
}

export const tag = (name: string): Capture => capture(name, { kind: 'tag', from: null, tag: name });

/** A specification whose prompt shows the column `question`. */
export function specification(columns: Column[], captures: Capture[], rules: Rule[]): Specification {
  const base = flagship();
  return {
    ...base,
    task: { name: 'made_up', arguments: {}, columns: [column('question', TEXT), ...columns], source: null },
    prompt: { system: null, user: [{ kind: 'column', name: 'question' }] },
    captures,
    rules,
    motivations: [],
    arms: [],
    examples: [],
  };
}
