// What a name in an expression can mean, innermost first: a variable of `all`/`any`/`count`, then a capture or a rule,
// then a verifier or a judge, then a column of the task, then what the language brings along (`response`, `tokens`, `finished`). So a capture may
// hide a column of the same name, as `roles` does in the Knights and Knaves example.

import type { Expression } from '../spec/expression.ts';
import type { ExternalResult } from '../spec/specification.ts';
import type { NamedThing } from './analysis.ts';
import { BOOL, NUMBER, showType, TEXT, type Type } from './types.ts';

export interface Meaning {
  thing: NamedThing;
  type: Type;
  expression: Expression;
  /** A capture made with `tag`: what `exactly` takes. */
  isTag?: boolean;
  /** A rule whose cases are not scored yet when the reader's are: it comes later in the file, or is the reader. */
  isLater?: () => 'later' | 'itself' | null;
  /** A rule's scores, when all of them are plain numbers. */
  scores?: () => readonly number[] | null;
  /** Of a verifier or a judge: how it is called. */
  external?: { parameters: readonly string[]; result: ExternalResult };
  /** Told when the name is read. */
  onRead?: () => void;
}

export class Scope {
  private readonly meanings = new Map<string, Meaning>();
  private readonly outer: Scope | null;
  private readonly open: boolean;

  constructor(outer: Scope | null = null, open = false) {
    this.outer = outer;
    this.open = open;
  }

  add(meaning: Meaning): void {
    this.meanings.set(meaning.thing.name, meaning);
  }

  /** Only names of this scope, not of the outer ones. */
  has(name: string): Meaning | undefined {
    return this.meanings.get(name);
  }

  ownNames(): string[] {
    return [...this.meanings.keys()];
  }

  /** Whether there may be names that are not known here: the task is not known, and so its columns are not. */
  isOpen(): boolean {
    return this.open || (this.outer?.isOpen() ?? false);
  }

  find(name: string): Meaning | undefined {
    return this.meanings.get(name) ?? this.outer?.find(name);
  }

  /** What the innermost meaning of the name hides. */
  findHidden(name: string): Meaning | undefined {
    return this.meanings.has(name) ? this.outer?.find(name) : this.outer?.findHidden(name);
  }

  names(): string[] {
    return [...new Set([...this.meanings.keys(), ...(this.outer?.names() ?? [])])];
  }
}

const BUILTINS: readonly { name: 'response' | 'tokens' | 'finished'; type: Type; doc: string }[] = [
  { name: 'response', type: TEXT, doc: 'The whole response as text.' },
  { name: 'tokens', type: NUMBER, doc: 'How many tokens the response has.' },
  { name: 'finished', type: BOOL, doc: 'The response ended by itself, not at `max_response`.' },
];

export function builtinScope(): Scope {
  const scope = new Scope();
  for (const { name, type, doc } of BUILTINS) {
    const signature = `${name}: ${showType(type)}`;
    const thing: NamedThing = { kind: 'builtin', name, signature, doc, definition: null, extent: null };
    scope.add({ thing, type, expression: { kind: 'builtin', name } });
  }
  return scope;
}
