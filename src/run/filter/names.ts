// The names that a run's filters can use: its rules, its captures, its metrics. Pure.

import { FACTS, type FilterNames } from './expression.ts';

/** Metric names are those of the run's last line. */
export function filterNames(
  specification: { rules: readonly { name: string }[]; captures: readonly unknown[] },
  metrics: readonly string[],
): FilterNames {
  const captures = specification.captures.flatMap((capture) =>
    typeof capture === 'object' && capture !== null && 'name' in capture && typeof capture.name === 'string'
      ? capture.name
      : [],
  );
  const rules = specification.rules.map(({ name }) => name);
  const facts: readonly string[] = FACTS;
  return { rules, captures, metrics: metrics.filter((name) => !facts.includes(name) || name.includes('/')) };
}
