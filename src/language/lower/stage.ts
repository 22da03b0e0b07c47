// `stage pilot { steps 30  pass when accuracy > 5% }`: a small run before the real one, and the gate that must be open
// at its end. Its settings replace those of every arm; what it does not set stays the arm's.

import type { Stage, TrainPlan } from '../../spec/specification.ts';
import { type Analysis, spanOf, spanOfProperty } from '../analysis.ts';
import { ANOTHER_NAME, DIAGNOSTICS } from '../diagnostics.ts';
import type * as Ast from '../generated/ast.ts';
import { lowerPlan } from './plan.ts';
import type { LoweredReward } from './reward.ts';
import { lowerGate } from './watch.ts';

export function lowerStages(
  nodes: readonly Ast.StageSection[],
  train: TrainPlan,
  reward: LoweredReward,
  analysis: Analysis,
): Stage[] {
  const stages: Stage[] = [];
  for (const node of nodes) {
    const stage = lowerStage(node, train, reward, analysis);
    if (stages.some(({ name }) => name === stage.name)) {
      analysis.report(DIAGNOSTICS.duplicateName, spanOfProperty(node, 'name'), 'a stage', stage.name, ANOTHER_NAME);
    } else stages.push(stage);
  }
  return stages;
}

function lowerStage(node: Ast.StageSection, train: TrainPlan, reward: LoweredReward, analysis: Analysis): Stage {
  const name = node.name ?? '';
  const doc = analysis.docOf(node);
  const items = node.items.filter((item) => item.$type !== 'PassItem');
  const passes = node.items.flatMap((item) => (item.$type === 'PassItem' ? lowerGate(item, reward, analysis) : []));
  const settings = replaced(train, lowerPlan({ items }, train, analysis));
  const steps = settings.steps ?? train.steps;
  for (const gate of passes) {
    if (gate.forSteps > steps) analysis.report(DIAGNOSTICS.gateTooLong, spanOf(node), gate.text, steps);
  }
  if (passes.length === 0) analysis.report(DIAGNOSTICS.stageWithoutGate, spanOfProperty(node, 'name'), name);
  const what = 'A small run before the real one, which begins only when all of its conditions hold at its end.';
  analysis.define({
    kind: 'stage',
    name,
    signature: `stage ${name}: ${steps} steps`,
    doc: [doc, what].filter((part) => part !== '').join('\n\n'),
    definition: spanOfProperty(node, 'name'),
    extent: spanOf(node),
  });
  return { name, doc, settings, passes, place: analysis.place(spanOf(node).start) };
}

/** The settings of `plan` that are not the base's. */
function replaced(base: TrainPlan, plan: TrainPlan): Partial<TrainPlan> {
  const known = new Map<string, unknown>(Object.entries(base));
  const changed = Object.entries(plan).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(known.get(key)),
  );
  return Object.fromEntries(changed);
}
