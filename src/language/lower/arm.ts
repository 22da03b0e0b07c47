// `arm merf { motivation full  train { temperature 1.2 } }`: the experiment with some settings replaced.

import type { Arm, Motivation, Prompt, TrainPlan } from '../../spec/specification.ts';
import { nearest } from '../../spec/spelling.ts';
import { type Analysis, spanOf, spanOfProperty } from '../analysis.ts';
import { ANOTHER_NAME, DIAGNOSTICS } from '../diagnostics.ts';
import type * as Ast from '../generated/ast.ts';
import type { LoweredMotivations } from './motivation.ts';
import { lowerPlan } from './plan.ts';

export function lowerArms(
  nodes: readonly Ast.ArmSection[],
  train: TrainPlan,
  prompt: Prompt,
  motivations: LoweredMotivations,
  analysis: Analysis,
): Arm[] {
  const arms: Arm[] = [];
  const seen = new Map<string, string>();
  for (const node of nodes) {
    const arm = lowerArm(node, train, motivations, analysis);
    if (arms.some((other) => other.name === arm.name)) {
      analysis.report(DIAGNOSTICS.duplicateName, spanOfProperty(node, 'name'), 'an arm', arm.name, ANOTHER_NAME);
      continue;
    }
    checkArm(node, arm, seen, prompt, motivations.motivations, analysis);
    arms.push(arm);
  }
  return arms;
}

function lowerArm(node: Ast.ArmSection, train: TrainPlan, motivations: LoweredMotivations, analysis: Analysis): Arm {
  const name = node.name ?? '';
  const extent = spanOf(node);
  const arm: Arm = { name, motivation: null, train, place: analysis.place(extent.start) };
  const seen = new Set<string>();
  for (const item of node.items) {
    const word = item.$type === 'TrainSection' ? 'train' : 'motivation';
    if (seen.has(word)) analysis.report(DIAGNOSTICS.sectionTwice, spanOf(item), word);
    seen.add(word);
    if (item.$type === 'TrainSection') arm.train = lowerPlan(item, train, analysis);
    else if (!item.isNone) arm.motivation = useMotivation(item, motivations, analysis);
  }
  if (!seen.has('motivation')) {
    analysis.report(
      DIAGNOSTICS.missingSection,
      spanOfProperty(node, 'name'),
      `\`${name}\``,
      'motivation',
      'motivation none',
    );
  }
  const reads = arm.motivation === null ? 'trained without a motivation' : `reads the motivation \`${arm.motivation}\``;
  const doc = [analysis.docOf(node), `An arm ${reads}.`].filter((line) => line !== '').join('\n\n');
  analysis.define({
    kind: 'arm',
    name,
    signature: `arm ${name}`,
    doc,
    definition: spanOfProperty(node, 'name'),
    extent,
  });
  return arm;
}

function useMotivation(node: Ast.ArmMotivation, { things }: LoweredMotivations, analysis: Analysis): string {
  const name = node.name ?? '';
  const span = spanOfProperty(node, 'name');
  const thing = things.get(name);
  const known = [...things.keys(), 'none'];
  if (thing) analysis.use(span, thing);
  else analysis.report(DIAGNOSTICS.unknownName, span, 'motivation', name, nearest(name, known), known);
  return name;
}

/** `seen`: the names of the arms above, by all that distinguishes them. */
function checkArm(
  node: Ast.ArmSection,
  arm: Arm,
  seen: Map<string, string>,
  prompt: Prompt,
  motivations: readonly Motivation[],
  analysis: Analysis,
): void {
  const motivation = motivations.find((each) => each.name === arm.motivation);
  const hasPlace = [...(prompt.system ?? []), ...prompt.user].some((part) => part.kind === 'motivation');
  if (motivation && motivation.template.length > 0 && motivation.placement === 'template' && !hasPlace) {
    analysis.report(DIAGNOSTICS.noPlaceForMotivation, spanOf(node), arm.name, motivation.name);
  }
  const key = whatItIs(arm, motivation);
  const same = seen.get(key);
  if (same === undefined) seen.set(key, arm.name);
  else analysis.report(DIAGNOSTICS.sameArms, spanOfProperty(node, 'name'), arm.name, same);
}

/** All that distinguishes one arm's training from another's. */
function whatItIs(arm: Arm, motivation: Motivation | undefined): string {
  const read = motivation && motivation.template.length > 0 ? motivation : null;
  const shown = read && { ...read, name: '', doc: '', place: null };
  const unknown = arm.motivation !== null && motivation === undefined ? arm.name : null;
  return JSON.stringify([shown, unknown, arm.train]);
}

/** Motivations that no arm reads, not even through one derived from them. */
export function checkUnusedMotivations(arms: readonly Arm[], lowered: LoweredMotivations, analysis: Analysis): void {
  const used = new Set<string>();
  const use = (name: string | null | undefined): void => {
    if (name === null || name === undefined || used.has(name)) return;
    used.add(name);
    use(lowered.nodes.get(name)?.derived?.base);
  };
  for (const arm of arms) use(arm.motivation);
  for (const [name, node] of lowered.nodes) {
    if (!used.has(name)) analysis.report(DIAGNOSTICS.unusedMotivation, spanOfProperty(node, 'name'), name);
  }
}
