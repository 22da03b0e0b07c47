// The set-up of a report: the reward's rules as the specification states them, the plan, and what it ran on.

import { countText, scoreText } from '../../run/number_text.ts';
import type { RunView } from '../../run/view.ts';
import { objectiveOf } from '../../spec/objective.ts';
import { planOfRun } from '../../spec/stage.ts';
import { element } from '../element.ts';
import type { Text } from '../text.ts';

export function setupSection(runs: readonly RunView[], text: Text): HTMLElement {
  const record = runs[0]?.record;
  if (!record) return element('div');
  const { specification, model, engine, versions } = record;
  const plan = planOfRun(specification, record);
  const objective = objectiveOf(plan);
  const facts: [string, string][] = [
    [text.experiment, `${record.experiment} (${record.file})`],
    [text.model, `${model.name}, ${countText(model.parameters)} ${text.parameters} (${model.hash.slice(0, 20)})`],
    [
      text.plan,
      [
        plan.algorithm.toUpperCase().replaceAll('_', ' '),
        text.planText(record.steps, plan.prompts, plan.group),
        `${text.learningRateShort} ${plan.learningRate}`,
        `clip ${objective.clip}`,
        `KL ${objective.kl}`,
      ].join(', '),
    ],
    [text.engine, `${engine.name} ${engine.version}, ${text.threads(engine.threads)}`],
    [
      '',
      Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
    ],
  ];
  const list = facts
    .filter(([, value]) => value !== '')
    .flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]);
  const rules = specification.rules.map((rule) =>
    element(
      'div',
      { class: 'rule' },
      element('h4', {}, rule.title),
      element(
        'table',
        {},
        element(
          'tbody',
          {},
          ...rule.cases.map((entry) => {
            const score = entry.score.kind === 'number' ? scoreText(entry.score.value) : 'ƒ';
            return element(
              'tr',
              {},
              element('td', { class: 'number' }, score),
              element('td', {}, entry.text ?? (entry.when === null ? text.otherwise : '')),
            );
          }),
        ),
      ),
    ),
  );
  return element(
    'div',
    { class: 'setup' },
    element('div', {}, element('h3', {}, text.rewardRules), ...rules),
    element('div', {}, element('h3', {}, text.plan), element('dl', {}, ...list)),
  );
}
