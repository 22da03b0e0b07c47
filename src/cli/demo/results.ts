// A finished run's part of the findings, read from its folder.

import { fullMarks } from '../../reward/accuracy.ts';
import { readRollouts, readRun } from '../../run/read.ts';
import { type EvaluationLine, evaluationsOf } from '../../run/view.ts';
import { MerfError } from '../../spec/error.ts';
import { spread } from '../../training/advantages.ts';
import type { Accuracy, ArmResult } from './findings.ts';

/** @throws MerfError when the run has not answered held-out rows before and after. */
export function armResult(folder: string): ArmResult {
  const { record, metrics, events } = readRun(folder);
  const evaluations = evaluationsOf(events, 'none');
  const [first, last] = [evaluations[0], evaluations.at(-1)];
  if (first === undefined || last === undefined || last.step === 0) {
    throw new MerfError(`The run ${record.id} has no held-out answers before and after.`, 'Let it finish first.');
  }
  const motivated = evaluationsOf(events, 'motivation').at(-1);
  const full = fullMarks(record.specification);
  const rewards = metrics.map(({ values }) => values.reward ?? Number.NaN);
  return {
    arm: record.arm,
    before: accuracyOf(first),
    after: accuracyOf(last),
    afterMotivated: motivated === undefined ? null : accuracyOf(motivated),
    constant: last.constant,
    right: readRollouts(folder, { kind: 'none', step: last.step }).map(({ reward }) => (reward >= full ? 1 : 0)),
    reward: { mean: spread(rewards).mean, last: spread(rewards.slice(-10)).mean },
  };
}

function accuracyOf({ accuracy, interval, rows }: EvaluationLine): Accuracy {
  return { share: accuracy, interval, rows };
}
