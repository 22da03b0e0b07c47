// Which odd forms earn what a clean right answer earns: right answers are put into forms that nobody asked for, by the
// known hacks and by a search, and of every flaw that is paid the shortest response is shown.

import { alphabetOf } from './attack.ts';
import type { Bench } from './bench.ts';
import { flawFinding } from './findings.ts';
import type { Template } from './form.ts';
import type { Finding, FormFlaw } from './report.ts';
import { type Elite, type Judged, search, shrunk } from './search.ts';

/** Rows on which a template is looked at. */
const FEW = 3;

/** `share`: the part of the budget that the search may use. */
export async function looseForms(bench: Bench, share: number, tolerance: number): Promise<Finding[]> {
  const { answers, hacks } = bench;
  const few = bench.sample.filter((one) => answers.right(one) !== null).slice(0, FEW);
  const [first] = few;
  if (first === undefined) return [];
  const critic = bench.critic(first);
  const judge = (template: Template): Judged => {
    const measure = bench.measureTemplate('', 'right', template, { on: few });
    const response = bench.respond(template, first, 'right') ?? '';
    return {
      reward: measure?.reward ?? Number.NEGATIVE_INFINITY,
      flaws: critic.flaws(response),
      length: response.length,
    };
  };
  const clean = judge(answers.template);
  const end = bench.scorer.responses + Math.floor(bench.scorer.left() * share);
  const elites = await search({
    seeds: [answers.template, ...hacks.flatMap(({ apply }) => [apply(answers.template) ?? []])],
    alphabet: alphabetOf(bench),
    judge,
    random: bench.random,
    goesOn: () => bench.goesOn() && bench.scorer.responses < end,
    pause: () => bench.pause('searching for forms that are paid'),
  });

  const findings: Finding[] = [];
  const told = new Set<FormFlaw>();
  for (const elite of paid(elites, clean.reward - tolerance)) {
    const flaw = elite.flaws.find((one) => !told.has(one));
    if (flaw === undefined) continue;
    await bench.pause('making responses short');
    const template = shrunk(elite.template, (smaller) => {
      if (!bench.goesOn()) return false;
      const { reward, flaws } = judge(smaller);
      return (
        reward >= clean.reward - tolerance && flaws.includes(flaw) && flaws.every((one) => elite.flaws.includes(one))
      );
    });
    const response = bench.respond(template, first, 'right');
    const right = bench.showClean('right', { on: first });
    if (response === null || right === null) continue;
    const { flaws } = judge(template);
    for (const one of flaws) told.add(one);
    findings.push(flawFinding(bench.spec, bench.form, flaw, flaws, bench.show(first, response, 'right'), right));
  }
  return findings;
}

/** Those that earn enough: the fewest flaws first, then the shortest. */
function paid(elites: readonly Elite[], least: number): Elite[] {
  return elites
    .filter(({ reward, flaws }) => reward >= least && flaws.length > 0)
    .sort((a, b) => a.flaws.length - b.flaws.length || a.length - b.length);
}
