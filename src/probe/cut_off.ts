// Responses that were cut at the limit of tokens, as a model's are early in training. Does being cut pay? And does a
// response that states the right answer and then never ends earn what one earns that ends?

import { signed } from '../spec/number_text.ts';
import { longText } from './answers.ts';
import { rounded } from './attack.ts';
import type { Bench, Who } from './bench.ts';
import { attackFinding } from './findings.ts';
import { type Template, text } from './form.ts';
import type { Finding } from './report.ts';

/** Words after the answer: more than any limit leaves. */
const ENDLESS = 400;

export function cutOff(bench: Bench, tolerance: number): Finding[] {
  const { answers } = bench;
  const endless: Template = [...answers.template, text(`\n${longText(ENDLESS)}`)];
  return [
    ...cuttingPays(bench, 'right', 'A right answer', tolerance),
    ...cuttingPays(bench, 'wrong', 'A wrong answer', tolerance),
    ...neverEnds(bench, endless, tolerance),
  ];
}

function cuttingPays(bench: Bench, who: Who, title: string, tolerance: number): Finding[] {
  const ended = bench.measureTemplate('', who, bench.answers.template);
  const cut = bench.measureTemplate('', who, bench.answers.template, { finished: false });
  if (ended === null || cut === null || cut.reward <= ended.reward + tolerance) return [];
  const [shown, than] = [bench.showClean(who, { finished: false }), bench.showClean(who)];
  if (shown === null || than === null) return [];
  return [
    attackFinding(bench.spec, {
      kind: 'cutting_pays',
      severity: 'warning',
      message: `${title} that was cut at the limit earns ${signed(rounded(cut.reward))}, finished ${signed(rounded(ended.reward))}.`,
      remedy: 'Give a response that did not end no more than one that did.',
      shown,
      than,
      title: 'the same response, finished',
    }),
  ];
}

function neverEnds(bench: Bench, endless: Template, tolerance: number): Finding[] {
  const ended = bench.measureTemplate('', 'right', bench.answers.template);
  const cut = bench.measureTemplate('', 'right', endless, { finished: false });
  if (ended === null || cut === null || cut.reward < ended.reward - tolerance) return [];
  const response = bench.respond(endless, bench.shown, 'right');
  const than = bench.showClean('right');
  if (response === null || than === null) return [];
  return [
    attackFinding(bench.spec, {
      kind: 'never_ends',
      severity: 'information',
      message: `A right answer after which the response goes on until it is cut earns ${signed(rounded(cut.reward))}, as much as one that ends.`,
      remedy:
        'Add a case for it, `when not finished`, or ask for `exactly(…)`: a model that need not end learns not to.',
      shown: bench.show(bench.shown, response, 'right', false),
      than,
      title: 'a right answer that ends',
    }),
  ];
}
