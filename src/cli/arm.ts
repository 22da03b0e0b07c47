// Which arm, stage, split and row a command means; an unknown one is answered with the known ones.

import { MerfError } from '../spec/error.ts';
import type { Arm, Specification, Stage } from '../spec/specification.ts';
import type { Row, TaskRows } from '../task/registry.ts';

/** The arm of that name; without a name, the only one. */
export function findArm(spec: Pick<Specification, 'arms'>, name: string | undefined): Arm {
  const known = spec.arms.map((arm) => arm.name).join(', ');
  const [only, second] = spec.arms;
  if (only === undefined) throw new MerfError('The file has no arms.', 'Add one: arm merf { motivation full }.');
  if (name === undefined) {
    if (second === undefined) return only;
    throw new MerfError('The file has several arms.', `Choose one with --arm: ${known}.`);
  }
  const arm = spec.arms.find((one) => one.name === name);
  if (arm === undefined) throw new MerfError(`There is no arm named ${name}.`, `Use one of: ${known}.`);
  return arm;
}

export function findStage({ stages }: Pick<Specification, 'stages'>, name: string): Stage {
  const stage = stages.find((one) => one.name === name);
  if (stage !== undefined) return stage;
  const known = stages.map((one) => one.name).join(', ');
  const remedy = stages.length === 0 ? 'The file has none; leave --stage out.' : `Use one of: ${known}.`;
  throw new MerfError(`There is no stage named ${name}.`, remedy);
}

export type Split = 'train' | 'test';

export function findRow(rows: TaskRows, split: Split, index: number): Row {
  const row = rows[split].at(index);
  if (row !== undefined) return row;
  throw new MerfError(
    `There is no row ${index} in ${split}.`,
    `Give a whole number from 0 to ${rows[split].length - 1}.`,
  );
}

/** A whole number that is not negative, from the command line. */
export function wholeNumber(name: string): (text: string) => number {
  return (text) => {
    if (/^\d{1,9}$/.test(text)) return Number(text);
    throw new MerfError(`--${name} cannot be ${text}.`, 'Give a whole number, 0 or more.');
  };
}
