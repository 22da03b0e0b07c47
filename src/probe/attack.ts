// What a response earns that knows nothing of the secret columns: known hacks, and a search for more, with the commonest
// answer where they give one. It may use the columns that are not secret, and whatever the specification says.

import { signed } from '../spec/number_text.ts';
import { longText } from './answers.ts';
import type { Bench } from './bench.ts';
import { type Attack, attackFinding } from './findings.ts';
import { type Template, text } from './form.ts';
import { MIXED, SAID, TRANSCRIPT, TURN, UNSEEN } from './hacks.ts';
import type { Finding, Measure } from './report.ts';
import { search, shrunk } from './search.ts';
import { phraseOf } from './words.ts';

/** Rows on which the search looks at a template. */
const SEVERAL = 8;
/** Elites of the search that are measured over all rows. */
const KEPT = 6;

interface Tried extends Measure {
  template: Template;
}

/** Ways to respond without knowledge, best first. `share`: the part of the budget that the search may use. */
export async function attacks(bench: Bench, share: number): Promise<Tried[]> {
  const { answers, hacks, sample } = bench;
  const found: Tried[] = [];
  const add = (title: string, template: Template): void => {
    if (!bench.goesOn()) return;
    const measure = bench.measureTemplate(title, 'guess', template);
    if (measure !== null) found.push({ ...measure, template });
  };
  add('the commonest answer in the clean form', answers.template);
  const tried = hacks.flatMap(({ title, apply }) => {
    const template = apply(answers.template);
    return template === null ? [] : [{ title, template }];
  });
  for (const { title, template } of tried) {
    await bench.pause('trying known hacks');
    add(title, template);
  }

  const several = sample.slice(0, SEVERAL);
  const [first] = several;
  if (first === undefined) return found;
  const critic = bench.critic(first);
  const end = bench.scorer.responses + Math.floor(bench.scorer.left() * share);
  const elites = await search({
    seeds: [answers.template, ...tried.map(({ template }) => template)],
    alphabet: alphabetOf(bench),
    judge: (template) => {
      const measure = bench.measureTemplate('', 'guess', template, { on: several });
      const response = bench.respond(template, first, 'guess') ?? '';
      return {
        reward: measure?.reward ?? Number.NEGATIVE_INFINITY,
        flaws: critic.flaws(response),
        length: response.length,
      };
    },
    random: bench.random,
    goesOn: () => bench.goesOn() && bench.scorer.responses < end,
    pause: () => bench.pause('searching for reward without knowledge'),
  });
  const best = [...elites].sort((a, b) => b.reward - a.reward || a.length - b.length).slice(0, KEPT);
  for (const { template, flaws } of best) {
    add(flaws.length === 0 ? 'found by the search' : `found by the search: ${phraseOf(flaws)}`, template);
  }
  return distinct([...found].sort((a, b) => b.reward - a.reward));
}

/** Of responses that are the same on the shown row, the first. */
function distinct(found: readonly Tried[]): Tried[] {
  return [...new Map([...found].reverse().map((attack) => [attack.response, attack])).values()].reverse();
}

/** A finding where the best attack earns more than an honest guess. */
export function attackFindings(
  bench: Bench,
  found: readonly Tried[],
  right: Measure,
  guess: Measure,
  tolerance: number,
): Finding[] {
  const [best] = found;
  if (best === undefined || best.reward <= guess.reward + tolerance || !bench.goesOn()) return [];
  const few = bench.sample.slice(0, SEVERAL);
  const least =
    Math.min(best.reward, bench.measureTemplate('', 'guess', best.template, { on: few })?.reward ?? 0) - tolerance / 2;
  const template = shrunk(best.template, (smaller) => {
    const measure = bench.goesOn() ? bench.measureTemplate('', 'guess', smaller, { on: few }) : null;
    return measure !== null && measure.reward >= least;
  });
  const measure = bench.measureTemplate(best.title, 'guess', template) ?? best;
  const pair = gained(bench, template);
  if (pair === null) return [];
  const asRight =
    measure.reward > right.reward + tolerance
      ? ', more than a right one'
      : measure.reward >= right.reward - tolerance
        ? ', as much as a right one'
        : '';
  return [
    attackFinding(bench.spec, {
      kind: 'reward_without_knowledge',
      severity: 'warning',
      message:
        `Without knowing the answer a response earns ${signed(rounded(measure.reward))} on average` +
        `${asRight}; the commonest answer in the clean form earns ` +
        `${signed(rounded(guess.reward))}, a right one ${signed(rounded(right.reward))}.`,
      remedy: 'Make the case that it fires ask for more than this response has.',
      ...pair,
      title: 'the commonest answer in the clean form',
    }),
  ];
}

/** The attack and the honest guess on the row where it gains most. */
function gained(bench: Bench, template: Template): Pick<Attack, 'shown' | 'than'> | null {
  let best: Pick<Attack, 'shown' | 'than'> | null = null;
  const gain = ({ shown, than }: Pick<Attack, 'shown' | 'than'>): number => shown.score.total - than.score.total;
  for (const situation of bench.sample) {
    const response = bench.respond(template, situation, 'guess');
    const guess = bench.respond(bench.answers.template, situation, 'guess');
    if (response === null || guess === null) continue;
    const pair = { shown: bench.show(situation, response, 'guess'), than: bench.show(situation, guess, 'guess') };
    if (best === null || gain(pair) > gain(best)) best = pair;
  }
  return best;
}

/** Two decimals are enough of a mean. */
export function rounded(reward: number): number {
  return Number(reward.toFixed(2));
}

/** What the search may write: the form's own marks, what the specification says, and what hacks are made of. */
export function alphabetOf(bench: Bench): Template[] {
  const { answers, form } = bench;
  const { columns, shown, sought } = bench.material();
  const own = [...new Set(answers.template.flatMap((piece) => (piece.kind === 'text' ? piece.text : [])))];
  const leaves = form.leaves.flatMap(({ name }): Template[] =>
    (['given', 'options', 'hedge'] as const).map((as) => [{ kind: 'answer', leaf: name, as }]),
  );
  const texts = [
    ...[' ', '\n', '.', SAID, `${SAID}\n`, TURN, TRANSCRIPT, MIXED, longText(20), 'and so on '.repeat(40)],
    ...UNSEEN,
    ...sought,
    ...shown,
  ];
  return [
    ...own.map((one): Template => [text(one)]),
    ...own.map((one): Template => [text(one)]),
    ...leaves,
    [{ kind: 'reasoning' }],
    [{ kind: 'prompt' }],
    ...columns.map((name): Template => [{ kind: 'column', name }]),
    ...texts.map((one): Template => [text(one)]),
    answers.template,
  ];
}
