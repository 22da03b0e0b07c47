// What an expression and the cases of a rule read: columns, and what the cases' texts may speak of.

import type { Expression } from '../spec/expression.ts';
import { parts } from '../spec/expression_parts.ts';
import type { Capture, Case, Rule } from '../spec/specification.ts';

/** Names of the columns it reads. */
export function columnsOf(expression: Expression): string[] {
  return parts(expression).flatMap((part) => (part.kind === 'column' ? part.name : []));
}

/** What cases read, of which their texts may speak. */
export interface Read {
  tags: Set<string>;
  numbers: Set<number>;
  texts: Set<string>;
  readsFinished: boolean;
  readsTokens: boolean;
  /** A column of the row, whose value is known only there. */
  readsRow: boolean;
}

/** What cases read, through the captures and the rules they name. Rules read only rules above them. */
export class Reading {
  private readonly rules: ReadonlyMap<string, Rule>;
  private readonly captures: ReadonlyMap<string, Capture>;
  private readonly known = new Map<string, Read>();

  constructor(rules: readonly Rule[], captures: readonly Capture[]) {
    this.rules = new Map(rules.map((rule) => [rule.name, rule]));
    this.captures = new Map(captures.map((capture) => [capture.name, capture]));
  }

  ofCases(cases: readonly Case[]): Read {
    const read: Read = nothingRead();
    for (const { when, score } of cases) {
      // A plain number is given, not looked at.
      const looked = score.kind === 'number' ? [] : parts(score);
      for (const part of [...(when ? parts(when) : []), ...looked]) this.add(part, read);
    }
    return read;
  }

  private add(part: Expression, read: Read): void {
    if (part.kind === 'number') read.numbers.add(part.value);
    else if (part.kind === 'text') read.texts.add(part.value);
    // of what a verifier or a judge looks at, a text may say anything
    else if (part.kind === 'column' || part.kind === 'external') read.readsRow = true;
    else if (part.kind === 'builtin' && part.name === 'finished') read.readsFinished = true;
    else if (part.kind === 'builtin' && part.name === 'tokens') read.readsTokens = true;
    else if (part.kind === 'capture') read.tags.add(this.tagOf(part.name));
    else if (part.kind === 'rule') {
      const other = this.ofRule(part.name);
      for (const tag of other.tags) read.tags.add(tag);
      for (const number of other.numbers) read.numbers.add(number);
      for (const text of other.texts) read.texts.add(text);
      read.readsFinished ||= other.readsFinished;
      read.readsTokens ||= other.readsTokens;
      read.readsRow ||= other.readsRow;
    }
  }

  private ofRule(name: string): Read {
    const known = this.known.get(name);
    if (known) return known;
    const read = this.ofCases(this.rules.get(name)?.cases ?? []);
    this.known.set(name, read);
    return read;
  }

  /** The tag that a capture is found by, through the captures it reads. */
  private tagOf(name: string): string {
    const extractor = this.captures.get(name)?.extractor;
    if (!extractor) return '';
    if (extractor.kind === 'tag') return extractor.tag;
    return extractor.from === null ? '' : this.tagOf(extractor.from);
  }
}

function nothingRead(): Read {
  return {
    tags: new Set(),
    numbers: new Set(),
    texts: new Set(),
    readsFinished: false,
    readsTokens: false,
    readsRow: false,
  };
}
