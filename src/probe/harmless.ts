// Right answers that lose points for how they are written.

import type { Bench } from './bench.ts';
import { harmlessFinding } from './findings.ts';
import type { Finding } from './report.ts';
import { variantsFor } from './variants.ts';

export async function harmlessDifferences(bench: Bench, tolerance: number): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { kind, title, respond } of variantsFor(bench.form, bench.answers)) {
    if (!bench.goesOn()) break;
    await bench.pause('writing right answers in other ways');
    const different = bench.sample.filter((situation) => {
      const response = respond(situation);
      return response !== null && response !== bench.respond(bench.answers.template, situation, 'right');
    });
    const [first] = different;
    const plain = bench.measureTemplate('', 'right', bench.answers.template, { on: different });
    const variant = bench.measure(title, 'right', respond, { on: different });
    if (first === undefined || plain === null || variant === null) continue;
    if (variant.reward >= plain.reward - tolerance) continue;
    // Shown where it loses.
    const lost = different.find((situation) => {
      const right = bench.respond(bench.answers.template, situation, 'right') ?? '';
      return bench.total(situation, respond(situation) ?? '', 'right') < bench.total(situation, right, 'right');
    });
    const response = respond(lost ?? first);
    const right = bench.showClean('right', { on: lost ?? first });
    if (response === null || right === null) continue;
    findings.push(harmlessFinding(bench.spec, kind, title, bench.show(lost ?? first, response, 'right'), right));
  }
  return findings;
}
