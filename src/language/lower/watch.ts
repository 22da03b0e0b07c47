// `watch { alert when truncated > 15% for 5 steps }`: conditions on a run's metrics. A stage's gate is one too.

import type { Gate, Watch, WatchMetric } from '../../spec/specification.ts';
import { nearest } from '../../spec/spelling.ts';
import { type Analysis, type NamedThing, type Span, spanOf } from '../analysis.ts';
import { DIAGNOSTICS } from '../diagnostics.ts';
import { flatText } from '../format/spacing.ts';
import type * as Ast from '../generated/ast.ts';
import { readNumber, readText } from '../literals.ts';
import { METRICS, type MetricDeclaration, metricOfRule } from '../metrics.ts';
import type { LoweredReward } from './reward.ts';
import { useRule } from './rule_name.ts';

export function lowerWatches(node: Ast.WatchSection | undefined, reward: LoweredReward, analysis: Analysis): Watch[] {
  return (node?.items ?? []).map((item) => lowerWatch(item, reward, analysis));
}

function lowerWatch(node: Ast.WatchItem, reward: LoweredReward, analysis: Analysis): Watch {
  return {
    ...lowerGate(node, reward, analysis),
    action: node.action ?? 'alert',
    afterStep: lowerSteps(node.afterSteps, 'after', 0, analysis),
  };
}

export function lowerGate(node: Ast.WatchItem | Ast.PassItem, reward: LoweredReward, analysis: Analysis): Gate {
  const span = spanOf(node);
  const { metric, isShare, shown } = lowerMetric(node, reward, analysis);
  const threshold = node.isPercent ? readNumber(node.threshold) / 100 : readNumber(node.threshold);
  const comparison = node.comparison ?? '>';
  if (isShare && !canHold(comparison, threshold)) {
    analysis.report(DIAGNOSTICS.watchThreshold, span, shown, `${comparison} ${threshold}`);
  }
  return {
    metric,
    comparison,
    threshold,
    forSteps: lowerSteps(node.forSteps, 'for', 1, analysis),
    text: flatText(node),
    place: analysis.place(span.start),
  };
}

/** Whether some number from 0 to 1 stands in this comparison. */
function canHold(comparison: Gate['comparison'], threshold: number): boolean {
  switch (comparison) {
    case '>':
      return threshold < 1;
    case '>=':
      return threshold <= 1;
    case '<':
      return threshold > 0;
    case '<=':
      return threshold >= 0;
  }
}

function lowerSteps(nodes: readonly Ast.SignedNumber[], word: string, standard: number, analysis: Analysis): number {
  const [node, again] = nodes;
  if (again) analysis.report(DIAGNOSTICS.sectionTwice, spanOf(again), word);
  if (!node) return standard;
  const steps = readNumber(node);
  if (!Number.isInteger(steps) || steps < standard) {
    analysis.report(DIAGNOSTICS.settingValue, spanOf(node), word, `a whole number of steps, ${standard} or more`);
  }
  return steps;
}

interface LoweredMetric {
  metric: WatchMetric;
  isShare: boolean;
  shown: string;
}

function lowerMetric(node: Ast.WatchItem | Ast.PassItem, reward: LoweredReward, analysis: Analysis): LoweredMetric {
  if (node.share) {
    const rule = node.share.rule ? useRule(node.share.rule, reward, analysis) : '';
    const { start } = spanOf(node.share);
    useThing({ start, end: start + 'share'.length }, 'share(rule)', SHARE_DOC, analysis);
    return { metric: { kind: 'share', rule }, isShare: true, shown: `share(${rule})` };
  }
  const span = spanOf(node.metric);
  if (node.metric?.text) {
    const name = readText(node.metric.text).value;
    return { metric: { kind: 'metric', name }, isShare: false, shown: name };
  }
  const name = node.metric?.name ?? '';
  const declaration = METRICS.find((each) => each.name === name);
  if (declaration) {
    useThing(span, name, metricDoc(declaration), analysis);
    const metric: WatchMetric = { kind: 'metric', name: declaration.metric };
    return { metric, isShare: declaration.isShare, shown: name };
  }
  const rule = reward.things.get(name);
  if (rule) analysis.use(span, rule);
  else {
    const known = [...METRICS.map((each) => each.name), ...reward.things.keys()];
    analysis.report(DIAGNOSTICS.unknownName, span, 'metric', name, nearest(name, known), known);
  }
  return { metric: { kind: 'metric', name: metricOfRule(name) }, isShare: false, shown: name };
}

const SHARE_DOC =
  "The rule's part of the variance of the rewards inside a group, 0% to 100%: how much of what is learned comes from it.";

export function metricDoc(declaration: MetricDeclaration): string {
  return `${declaration.doc}\n\n\`${declaration.metric}\` in metrics.jsonl.`;
}

function useThing(span: Span, name: string, doc: string, analysis: Analysis): void {
  const thing: NamedThing = { kind: 'metric', name, signature: `metric ${name}`, doc, definition: null, extent: null };
  analysis.use(span, thing);
}
