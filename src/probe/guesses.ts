// Guesses: which answer, said without the row's own names (its code), is right how often over all rows. The commonest
// one is what a policy that never reads the question can learn to say; others serve as wrong answers, and several at
// once as an answer that does not decide.

import type { Maybe } from '../reward/value.ts';
import { assignmentText, type Code, type Columns, encode, holeValues, optionsOf } from './answer_text.ts';
import type { Form, Leaf } from './form.ts';
import type { Situation } from './situation.ts';

/** Guesses that are listed where an answer gives every option. */
const LISTED = 20;

/** The value of a leaf's right answer on a row. */
export type ValueOfLeaf = (leaf: Leaf, situation: Situation) => Maybe;

/** Counts over all rows which code is right how often; rows of one shape share their codes. */
export class Guesses {
  private readonly form: Form;
  private readonly counts = new Map<string, Map<string, { codes: Code[]; count: number }>>();
  private readonly ofLeaf = new Map<string, Map<string, number>>();

  constructor(form: Form) {
    this.form = form;
  }

  count(situation: Situation, valueAt: ValueOfLeaf): void {
    const codes = this.codesOf(situation, valueAt);
    if (codes === null) return;
    const shape = shapeOf(codes);
    const key = JSON.stringify(codes);
    const ofShape = this.counts.get(shape) ?? new Map<string, { codes: Code[]; count: number }>();
    this.counts.set(shape, ofShape.set(key, { codes, count: (ofShape.get(key)?.count ?? 0) + 1 }));
    this.form.leaves.forEach(({ name }, i) => {
      const code = codes[i]?.code ?? '';
      const known = this.ofLeaf.get(name) ?? new Map<string, number>();
      this.ofLeaf.set(name, known.set(code, (known.get(code) ?? 0) + 1));
    });
  }

  commonest(situation: Situation, valueAt: ValueOfLeaf): Code[] | null {
    const codes = this.codesOf(situation, valueAt);
    const known = codes && this.counts.get(shapeOf(codes));
    let best: { codes: Code[]; count: number } | null = null;
    for (const one of known?.values() ?? []) if (best === null || one.count > best.count) best = one;
    return best?.codes ?? null;
  }

  /** Share of the counted rows on which the commonest answer of their shape is right; 0 of none. */
  share(): number {
    const counts = [...this.counts.values()].map((ofShape) => [...ofShape.values()].map(({ count }) => count));
    const all = counts.flat().reduce((sum, count) => sum + count, 0);
    return all === 0 ? 0 : counts.reduce((sum, ofShape) => sum + Math.max(...ofShape), 0) / all;
  }

  /** The commonest codes of its shape that are not right here; of another shape where there is none. */
  otherThan(situation: Situation, valueAt: ValueOfLeaf): Code[] | null {
    const codes = this.codesOf(situation, valueAt);
    if (codes === null) return null;
    const key = JSON.stringify(codes);
    for (const known of [this.counts.get(shapeOf(codes)), ...this.counts.values()]) {
      for (const [other, { codes: wrong }] of known ?? []) if (other !== key) return wrong;
    }
    return codes.map(({ shape, code }) => ({ shape, code: turned(code) }));
  }

  /** Every option, and an undecided answer. */
  undecided(leaf: Leaf, columns: Columns): { options: string; hedge: string } {
    const { capture } = leaf;
    const options = optionsOf(capture, columns);
    if (options !== null) return { options: options.join(', '), hedge: options.join(' or ') };
    if (capture?.extractor.kind === 'assignments') {
      const { pattern } = capture.extractor;
      const roles = holeValues(capture, 1, columns) ?? [];
      const names = holeValues(capture, 0, columns) ?? [];
      const each = names.flatMap((name) => roles.map((role): [string, string] => [name, role]));
      const either = names.map((name): [string, string] => [name, roles.join(' or ')]);
      return { options: assignmentText(pattern, each), hedge: assignmentText(pattern, either) };
    }
    const common = [...(this.ofLeaf.get(leaf.name) ?? [])].sort((a, b) => b[1] - a[1]).map(([code]) => code);
    return { options: common.slice(0, LISTED).join(', '), hedge: common.slice(0, 2).join(' or ') };
  }

  private codesOf(situation: Situation, valueAt: ValueOfLeaf): Code[] | null {
    const codes = this.form.leaves.flatMap((leaf) => {
      const value = valueAt(leaf, situation);
      return value === null ? [] : encode(leaf.capture, value, situation.column);
    });
    return codes.length === this.form.leaves.length && codes.length > 0 ? codes : null;
  }
}

function shapeOf(codes: readonly Code[]): string {
  return codes.map(({ shape }) => shape).join('/');
}

/** Another code, where no row has one. */
function turned(code: string): string {
  const number = Number(code);
  return code !== '' && Number.isFinite(number) ? String(number + 1) : `not ${code}`;
}
