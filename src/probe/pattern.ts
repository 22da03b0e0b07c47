// A text that a regular expression matches, with given text in its first group: `([0-9]+) apples` and "12" make
// "12 apples". Reads the part of RE2's syntax that specifications use; the shortest repetition and the first
// alternative are taken. What it makes is only a try: whoever uses it looks whether the capture finds it.

/** What stands before and after the first group's text; null: the pattern is beyond this. */
export function aroundGroup(pattern: string): { before: string; after: string } | null {
  const writer = new PatternWriter(pattern);
  const text = writer.alternatives();
  if (text === null || !writer.isAtEnd()) return null;
  const [before = '', after] = text.split(HOLE, 2);
  return after === undefined ? { before: '', after: '' } : { before, after };
}

/** Stands for the first group's text; no pattern can hold it. */
const HOLE = '\ud800';

const CLASSES: Readonly<Record<string, string>> = { d: '1', w: 'a', s: ' ', D: 'a', W: ' ', S: 'a' };
const CONTROLS: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v' };

class PatternWriter {
  private readonly pattern: string;
  private at = 0;
  private groups = 0;

  constructor(pattern: string) {
    this.pattern = pattern;
  }

  isAtEnd(): boolean {
    return this.at >= this.pattern.length;
  }

  /** `a|b|c`: the first that has the hole, else the first. */
  alternatives(): string | null {
    const found: string[] = [];
    do {
      const text = this.sequence();
      if (text === null) return null;
      found.push(text);
    } while (this.take('|'));
    return found.find((text) => text.includes(HOLE)) ?? found[0] ?? '';
  }

  private sequence(): string | null {
    let text = '';
    while (!this.isAtEnd() && this.peek() !== '|' && this.peek() !== ')') {
      const one = this.item();
      if (one === null) return null;
      text += one.repeat(this.repetition(one));
    }
    return text;
  }

  private item(): string | null {
    const character = this.next();
    switch (character) {
      case '^':
      case '$':
        return '';
      case '.':
        return 'a';
      case '\\':
        return this.escaped();
      case '[':
        return this.characterClass();
      case '(':
        return this.group();
      default:
        return character;
    }
  }

  private group(): string | null {
    let isCapture = true;
    if (this.take('?')) {
      const named = /^P?<\w+>/.exec(this.rest())?.[0];
      const plain = /^[a-zA-Z-]*:/.exec(this.rest())?.[0];
      const flags = /^[a-zA-Z-]*\)/.exec(this.rest())?.[0];
      if (named === undefined && flags !== undefined) {
        this.at += flags.length;
        return '';
      }
      isCapture = named !== undefined;
      const head = named ?? plain;
      if (head === undefined) return null;
      this.at += head.length;
    }
    const isFirst = isCapture && this.groups++ === 0;
    const inside = this.alternatives();
    if (inside === null || !this.take(')')) return null;
    return isFirst ? HOLE : inside;
  }

  private escaped(): string | null {
    const character = this.next();
    if (character === '') return null;
    if ('bBAz'.includes(character)) return '';
    if (character === 'p' || character === 'P' || character === 'x') return null;
    return CLASSES[character] ?? CONTROLS[character] ?? character;
  }

  private characterClass(): string | null {
    const isNegated = this.take('^');
    const allowed: string[] = [];
    for (let first = true; first || this.peek() !== ']'; first = false) {
      if (this.isAtEnd()) return null;
      const named = /^\[:\w+:\]/.exec(this.rest())?.[0];
      if (named !== undefined) {
        this.at += named.length;
        allowed.push(named.includes('digit') ? '1' : named.includes('space') ? ' ' : 'a');
        continue;
      }
      const character = this.next();
      const one = character === '\\' ? this.escaped() : character;
      if (one === null) return null;
      allowed.push(one);
      if (this.peek() === '-' && this.pattern.charAt(this.at + 1) !== ']') this.at += 2;
    }
    this.at++;
    if (!isNegated) return allowed[0] ?? null;
    return [...'a1 x0-_'].find((character) => !allowed.includes(character)) ?? null;
  }

  /** How often the item before is written: the least that `*`, `+`, `?` and `{m,n}` ask for; a hole at least once. */
  private repetition(item: string): number {
    let count = 1;
    const counted = /^\{(\d+)(?:,\d*)?\}/.exec(this.rest());
    if (this.take('*') || this.take('?')) count = 0;
    else if (counted !== null) {
      this.at += counted[0].length;
      count = Math.min(Number(counted[1]), 1000);
    } else if (!this.take('+')) return 1;
    this.take('?');
    return item.includes(HOLE) ? Math.max(count, 1) : count;
  }

  private rest(): string {
    return this.pattern.slice(this.at);
  }

  private peek(): string {
    return this.pattern.charAt(this.at);
  }

  private next(): string {
    return this.pattern.charAt(this.at++);
  }

  private take(character: string): boolean {
    if (this.peek() !== character) return false;
    this.at++;
    return true;
  }
}
