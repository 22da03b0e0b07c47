// A seeded search for responses that nobody thought of: templates are changed, combined and kept (MAP-Elites, Mouret &
// Clune 2015). The archive has a place for every combination of flaws, and in it the template that earns most, of equals
// the shortest: so the search goes on from odd forms that earn little now, and may earn much with one more change.

import type { Random } from '../spec/random.ts';
import { type Piece, type Template, text } from './form.ts';
import type { FormFlaw } from './report.ts';

/** What a template earns on a few rows, and what is wrong with its form. */
export interface Judged {
  reward: number;
  flaws: FormFlaw[];
  /** Characters on the first of the rows. */
  length: number;
}

export interface Elite extends Judged {
  template: Template;
}

export interface SearchOptions {
  seeds: readonly Template[];
  /** What may be put in anywhere. */
  alphabet: readonly Template[];
  judge: (template: Template) => Judged;
  random: Random;
  /** Whether to go on; asked before every template. */
  goesOn: () => boolean;
  /** Called now and then, so that others get their turn. */
  pause: () => Promise<void>;
}

/** Texts up to this length are not cut. */
const READABLE = 40;
const LONGEST = 40;
const TOURNAMENT = 8;
const LONGEST_TEXT = 3000;
const BETWEEN_PAUSES = 100;

/** The elites, in the order in which their places were found. */
export async function search({ seeds, alphabet, judge, random, goesOn, pause }: SearchOptions): Promise<Elite[]> {
  const archive = new Map<string, Elite>();
  const places: string[] = [];
  const look = (template: Template): void => {
    const elite: Elite = { template, ...judge(template) };
    const place = elite.flaws.join(' ');
    const known = archive.get(place);
    if (known === undefined) places.push(place);
    if (known === undefined || isBetter(elite, known)) archive.set(place, elite);
  };
  for (const seed of seeds) if (goesOn()) look(seed);
  /** Of a few the one that earns most; of equals the one with fewest flaws, since one flaw alone shows most. */
  const parent = (): Elite | undefined => {
    const few = Array.from({ length: TOURNAMENT }, () => archive.get(random.pick(places)));
    return few.filter((one) => one !== undefined).reduce((best, one) => (isFitter(one, best) ? one : best));
  };
  for (let tried = 0; places.length > 0 && goesOn(); tried++) {
    if (tried % BETWEEN_PAUSES === 0) await pause();
    const [one, other] = [parent(), parent()];
    if (one === undefined || other === undefined) break;
    let template = random.below(5) === 0 ? crossed(one.template, other.template, random) : one.template;
    for (let changes = 1 + random.below(3); changes > 0; changes--) template = changed(template, alphabet, random);
    if (template.length <= LONGEST && textOf(template) <= LONGEST_TEXT) look(template);
  }
  return places.flatMap((place) => archive.get(place) ?? []);
}

function isBetter(one: Elite, known: Elite): boolean {
  if (Math.abs(one.reward - known.reward) > 1e-9) return one.reward > known.reward;
  return one.length < known.length;
}

function isFitter(one: Elite, best: Elite): boolean {
  if (Math.abs(one.reward - best.reward) > 1e-9) return one.reward > best.reward;
  return one.flaws.length < best.flaws.length;
}

function textOf(template: Template): number {
  return template.reduce((sum, piece) => sum + (piece.kind === 'text' ? piece.text.length : 0), 0);
}

/** The beginning of one and the end of the other. */
function crossed(one: Template, other: Template, random: Random): Template {
  return [...one.slice(0, random.below(one.length + 1)), ...other.slice(random.below(other.length + 1))];
}

function changed(template: Template, alphabet: readonly Template[], random: Random): Template {
  const at = random.below(template.length + 1);
  const put = (pieces: readonly Piece[], from = at): Template => [
    ...template.slice(0, at),
    ...pieces,
    ...template.slice(from),
  ];
  switch (random.below(6)) {
    case 0:
    case 1:
      return put(random.pick(alphabet));
    case 2:
      return put([], at + 1 + random.below(2));
    case 3:
      return put(random.pick(alphabet), at + 1);
    case 4: {
      const from = random.below(template.length + 1);
      return put(template.slice(from, from + 1 + random.below(4)));
    }
    default: {
      const other = random.below(template.length + 1);
      const [a, b] = [Math.min(at, other), Math.max(at, other)];
      return [...template.slice(0, a), ...template.slice(b), ...template.slice(a, b)];
    }
  }
}

/**
 * The template without what is not needed: pieces one by one, then the ends of long texts, as long as `holds`.
 * A template that does not hold is returned as it is.
 */
export function shrunk(template: Template, holds: (smaller: Template) => boolean): Template {
  let kept = template;
  for (let isSmaller = true; isSmaller; ) {
    isSmaller = false;
    for (let size = Math.max(1, kept.length >> 1); size >= 1; size >>= 1) {
      for (let at = kept.length - size; at >= 0; at--) {
        const smaller = [...kept.slice(0, at), ...kept.slice(at + size)];
        if (smaller.length === kept.length || !holds(smaller)) continue;
        kept = smaller;
        isSmaller = true;
      }
    }
  }
  for (const [at, piece] of kept.entries()) {
    if (piece.kind !== 'text') continue;
    for (let written = piece.text; written.length > READABLE; ) {
      written = written.slice(0, written.lastIndexOf(' ', (written.length >> 1) + 1) + 1);
      if (written === '') break;
      const smaller = kept.map((one, i) => (i === at ? text(written) : one));
      if (!holds(smaller)) break;
      kept = smaller;
    }
  }
  return kept;
}
