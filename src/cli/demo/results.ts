// A finished run's part of the findings, read from its folder.

import { fullMarks } from '../../reward/accuracy.ts';
import { readRollouts, readRun } from '../../run/read.ts';
import { type EvaluationLine, evaluationsOf, type RunView } from '../../run/view.ts';
import { MerfError } from '../../spec/error.ts';
import { spread } from '../../training/advantages.ts';
import type { Accuracy, Answered, ArmResult } from './findings.ts';

/** @throws MerfError when the run has not answered held-out rows before and after. */
export function armResult(folder: string): ArmResult {
  const view = readRun(folder);
  const { record, metrics } = view;
  const plain = answered(view, 'none');
  const motivated = answered(view, 'motivation');
  const own = motivated ?? plain;
  if (plain === null || own === null) {
    throw new MerfError(`The run ${record.id} has no held-out answers before and after.`, 'Let it finish first.');
  }
  const rewards = metrics.map(({ values }) => values.reward ?? Number.NaN);
  return {
    arm: record.arm,
    own,
    plain,
    constant: evaluationsOf(view.events, 'none').at(-1)?.constant ?? null,
    reward: { mean: spread(rewards).mean, last: spread(rewards.slice(-10)).mean },
  };
}

/** First and last answers under a prompt; null where there are not two. */
function answered({ folder, record, events }: RunView, prompt: EvaluationLine['prompt']): Answered | null {
  const evaluations = evaluationsOf(events, prompt);
  const [first, last] = [evaluations[0], evaluations.at(-1)];
  if (first === undefined || last === undefined || last.step === 0) return null;
  const full = fullMarks(record.specification);
  const rollouts = readRollouts(folder, { kind: prompt, step: last.step });
  return {
    before: accuracyOf(first),
    after: accuracyOf(last),
    right: rollouts.map(({ reward }) => ((reward ?? Number.NEGATIVE_INFINITY) >= full ? 1 : 0)),
  };
}

function accuracyOf({ accuracy, interval, rows }: EvaluationLine): Accuracy {
  return { share: accuracy, interval, rows };
}
