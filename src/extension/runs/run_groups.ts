// Runs as the Runs view lists them: by experiment, within it by arm in the file's order, within that the newest first.
// Nodes keep their identity while their run goes on, so that only what has changed is drawn again. Pure.

import { isActive } from '../../run/format.ts';
import { silentFor } from '../../run/sign_of_life.ts';
import { inOrder } from '../../run/view.ts';
import type { KnownRun } from './run_store.ts';

export interface RunNode {
  kind: 'run';
  run: KnownRun;
}
export interface ArmNode {
  kind: 'arm';
  experiment: string;
  arm: string;
  runs: RunNode[];
}
export interface ExperimentNode {
  kind: 'experiment';
  name: string;
  arms: ArmNode[];
}
export type Node = ExperimentNode | ArmNode | RunNode;

export class RunGroups {
  private nodes = new Map<string, { node: RunNode; stamp: string }>();
  experiments: ExperimentNode[] = [];

  /** Takes the runs as they are now. `null`: what is listed has changed; else the nodes whose words have. */
  update(runs: readonly KnownRun[]): (RunNode | ArmNode)[] | null {
    const same = runs.length === this.nodes.size && runs.every(({ folder }) => this.nodes.has(folder));
    const changed: RunNode[] = [];
    const next = new Map<string, { node: RunNode; stamp: string }>();
    for (const run of runs) {
      const known = this.nodes.get(run.folder);
      const stamp = stampOf(run);
      const node = known?.node ?? { kind: 'run', run };
      if (known && known.stamp !== stamp) changed.push(node);
      node.run = run;
      next.set(run.folder, { node, stamp });
    }
    this.nodes = next;
    if (!same) {
      this.experiments = this.group(runs);
      return null;
    }
    const arms = this.experiments
      .flatMap((one) => one.arms)
      .filter((arm) => arm.runs.some((run) => changed.includes(run)));
    return [...arms, ...changed];
  }

  find(folder: string): RunNode | undefined {
    return this.nodes.get(folder)?.node;
  }

  /** What holds a node, for revealing it. */
  parentOf(node: Node): Node | undefined {
    if (node.kind === 'experiment') return undefined;
    if (node.kind === 'arm') return this.experiments.find(({ arms }) => arms.includes(node));
    return this.experiments.flatMap(({ arms }) => arms).find(({ runs }) => runs.includes(node));
  }

  private group(runs: readonly KnownRun[]): ExperimentNode[] {
    const names = [...new Set(runs.map(({ record }) => record.experiment))];
    return names.map((name) => {
      const own = inOrder(runs.filter(({ record }) => record.experiment === name));
      const arms = [...new Set(own.map(({ record }) => record.arm))];
      const armNodes = arms.map((arm): ArmNode => {
        const ofArm = own.filter(({ record }) => record.arm === arm);
        ofArm.sort((a, b) => b.record.created - a.record.created);
        return { kind: 'arm', experiment: name, arm, runs: ofArm.flatMap(({ folder }) => this.find(folder) ?? []) };
      });
      return { kind: 'experiment', name, arms: armNodes };
    });
  }
}

/** Everything a line of the view says of a run. */
function stampOf({ record, written, lines, sign }: KnownRun): string {
  const silent = sign !== null && silentFor(sign) !== null;
  return `${sign?.time} ${silent} ${record.status} ${record.step} ${written} ${lines.length} ${lines.at(-1)?.step}`;
}

/** The mean of the last rewards of an arm's runs; null: none has finished a step. */
export function meanReward(runs: readonly RunNode[]): number | null {
  const rewards = runs.flatMap(({ run }) => run.lines.at(-1)?.values.reward ?? []);
  return rewards.length === 0 ? null : rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length;
}

export function activeIn(runs: readonly RunNode[]): number {
  return runs.filter(({ run }) => isActive(run.record.status)).length;
}
