// Whether a prompt and the longest response fit the model: its context is the most tokens that it can look at. What a row
// fills in is not known here, so the prompt is counted from below: its own text and the motivation's, at six characters a
// token, which no usual tokenizer reaches on prose. Nothing is said of a model that is not on this machine, nor of a plan
// that writes neither `model` nor `max_response`.

import type { Arm, Motivation, Prompt, Template } from '../../spec/specification.ts';
import { type Analysis, spanOf, spanOfProperty } from '../analysis.ts';
import { DIAGNOSTICS } from '../diagnostics.ts';
import type * as Ast from '../generated/ast.ts';
import { PENDING } from '../surroundings.ts';

const CHARACTERS_PER_TOKEN = 6;

export function checkContext(
  arms: readonly Arm[],
  nodes: readonly Ast.ArmSection[],
  shared: Ast.TrainSection | undefined,
  prompt: Prompt,
  motivations: readonly Motivation[],
  analysis: Analysis,
): void {
  const reported = new Set<string>();
  for (const { name, motivation, train } of arms) {
    const node = nodes.find((each) => each.name === name);
    const own = node?.items.filter((item) => item.$type === 'TrainSection') ?? [];
    if (![...own, shared].some(saysSize)) continue;
    const facts = analysis.around.model(train.model);
    if (facts === PENDING || facts === null) continue;
    const read = motivations.find((each) => each.name === motivation);
    const least = Math.ceil(
      (lengthOf(prompt.system ?? []) + lengthOf(prompt.user) + lengthOf(read?.template ?? [])) / CHARACTERS_PER_TOKEN,
    );
    const key = `${train.model} ${train.maxResponse}`;
    if (least + train.maxResponse <= facts.context || reported.has(key)) continue;
    reported.add(key);
    const span = node ? spanOfProperty(node, 'name') : spanOf(node);
    analysis.report(DIAGNOSTICS.beyondContext, span, name, train.maxResponse, least, train.model, facts.context);
  }
}

function saysSize(plan: Ast.TrainSection | undefined): boolean {
  const names = plan?.items.map((item) => (item.$type === 'Setting' ? item.name : '')) ?? [];
  return names.includes('model') || names.includes('max_response');
}

function lengthOf(template: Template): number {
  return template.reduce((sum, part) => sum + (part.kind === 'text' ? part.text.length : 0), 0);
}
