// A training run from its first step to its last. Everything a step does depends on the seed, the step's number and the
// weights, so a run that was stopped, or killed at any moment, goes on from its last checkpoint with the numbers it
// would have had. Between two steps: evaluations, checkpoints, requests.

import type { Model } from '../model/folder.ts';
import { createAdapters, readModules } from '../model/lora.ts';
import { trainable } from '../model/stored.ts';
import type { MetricsLine, RunStatus } from '../run/format.ts';
import { checkpointFolder } from '../run/location.ts';
import type { Turn } from '../run/queue.ts';
import { LifeSigns } from '../run/sign_of_life.ts';
import type { RunWriter } from '../run/write.ts';
import { type CheckpointRules, checkpointRules, keptSteps } from '../spec/checkpoints.ts';
import { rowsAtOnce } from '../spec/memory_estimate.ts';
import type { Arm, Gate, Specification } from '../spec/specification.ts';
import type { TaskRows } from '../task/registry.ts';
import type { Scorer } from '../verify/scorer.ts';
import { bestIn, measuredHeldOut, measuredInTraining } from './best_checkpoint.ts';
import { type Checkpoint, clearUnfinished, keepCheckpoints, saveCheckpoint } from './checkpoint.ts';
import type { EvaluationEvent, PromptKind } from './evaluate.ts';
import { HeldOut } from './held_out.ts';
import { Journal } from './journal.ts';
import { Learner } from './learner.ts';
import { Policy, type RolloutProgress } from './policy.ts';
import { Requests, seconds } from './requests.ts';
import { rolloutLines } from './rollout_lines.ts';
import { type StepTaken, takeStep, type UpdateProgress, whyNothingCounts } from './training_step.ts';
import { takeTurn } from './turn.ts';
import { lookAtGate, whyClosed } from './watches/gate.ts';
import { Lookout } from './watches/lookout.ts';

/** Seconds between two looks for a request while it waits. */
const LISTENS_EVERY = 0.2;

export interface TrainingRun {
  writer: RunWriter;
  spec: Specification;
  arm: Arm;
  seed: number;
  /** Last step. */
  steps: number;
  /** What must hold at the end of a stage; of the run itself: nothing. */
  gates: readonly Gate[];
  threads: number;
  rows: TaskRows;
  /** Scores responses; ended by whoever made it. */
  scorer: Scorer;
  /** The model the run began with: the reference of the KL term. */
  initial: Model;
  /** Where to go on; null: from the beginning. */
  from: Checkpoint | null;
  /** Aborted: finish the step (an evaluation is broken off), write a checkpoint, stop. */
  signal: AbortSignal;
  /** Its place in the machine's queue, given back by whoever made it; null: it trains at once. */
  turn: Turn | null;
  progress: (progress: Progress) => void;
}

export type Progress =
  | { kind: 'step'; line: MetricsLine; seconds: number; secondsLeft: number }
  | { kind: 'evaluating'; prompt: PromptKind }
  | { kind: 'evaluation'; event: EvaluationEvent }
  | { kind: 'working'; step: number; work: RolloutProgress | UpdateProgress }
  | { kind: 'alert'; words: string; stops: boolean }
  | { kind: 'queued'; before: readonly string[] }
  | { kind: 'full'; reason: string }
  | { kind: 'paused' }
  | { kind: 'continued' }
  | { kind: 'gate'; open: boolean; why: string };

/** Trains until the last step, a stopping watch, or a request. Returns how it ended. */
export async function train(run: TrainingRun): Promise<{ status: RunStatus; reason: string | null }> {
  const { writer, progress } = run;
  const requests = new Requests(writer.folder, run.signal);
  const stop = await takeTurn(run.turn, requests, (before) => {
    if (writer.record.status !== 'queued') writer.update({ status: 'queued', pid: process.pid, reason: null });
    progress({ kind: 'queued', before });
  });
  if (stop !== null) {
    writer.update({ status: 'stopped', reason: stop, pid: null });
    return { status: 'stopped', reason: stop };
  }
  const session = await Session.open(run, requests);
  try {
    return await session.run();
  } finally {
    await session.dispose();
  }
}

class Session {
  private readonly given: TrainingRun;
  private readonly model: Model;
  private readonly policy: Policy;
  private readonly learner: Learner;
  private readonly requests: Requests;
  private readonly journal: Journal;
  private readonly lookout: Lookout;
  private readonly heldOut: HeldOut;
  private readonly life: LifeSigns;
  private readonly rules: CheckpointRules;
  private tokens: number;
  /** The step of the last checkpoint; -1: there is none. */
  private saved: number;

  private constructor(given: TrainingRun, requests: Requests, model: Model, policy: Policy, learner: Learner) {
    const { writer, spec, arm, from, progress } = given;
    const state = from?.state ?? { step: 0, tokens: 0, trainedSeconds: 0 };
    this.given = given;
    this.model = model;
    this.policy = policy;
    this.learner = learner;
    this.requests = requests;
    this.journal = new Journal(writer, requests, progress, state);
    this.lookout = new Lookout(spec, arm, this.journal, progress);
    this.heldOut = new HeldOut(given, policy, this.journal, requests);
    this.life = new LifeSigns(writer.folder);
    this.rules = checkpointRules(arm.train);
    this.tokens = state.tokens;
    this.saved = from?.state.step ?? -1;
  }

  static async open(given: TrainingRun, requests: Requests): Promise<Session> {
    const { initial, from, arm, spec, threads } = given;
    const model = from?.model ?? inTraining(initial, arm.train, given.seed);
    const learner = await Learner.open(model, initial, arm.train, threads);
    if (from !== null) learner.trainer.updater.importState(from.optimizer);
    const policy = await Policy.open(model, spec, { threads, rowsAtOnce: rowsAtOnce(arm.train) }, given.scorer);
    return new Session(given, requests, model, policy, learner);
  }

  async run(): Promise<{ status: RunStatus; reason: string | null }> {
    const { from, steps, writer } = this.given;
    const { journal } = this;
    const { step } = journal;
    clearUnfinished(writer.folder);
    const best = bestIn(journal.events());
    await journal.update({ status: 'running', pid: process.pid, reason: null, step, steps, best });
    await journal.event({ kind: 'started', pid: process.pid, resumed: from !== null });
    // a run that was stopped at an evaluation makes up for it here
    let complete = await this.betweenSteps();
    let stopping = await this.heard();
    while (journal.step < steps && stopping === null) {
      stopping = (await this.trainStep()) ?? (await this.heard());
      complete = await this.betweenSteps();
      stopping ??= await this.heard();
    }
    await this.checkpointOnce();
    const finished = journal.step >= steps && complete;
    const closed = finished ? await this.lookAtGate() : null;
    const [status, reason] = finished ? (['finished', closed] as const) : (['stopped', stopping] as const);
    await journal.event({ kind: 'ended', status, reason });
    await journal.update({ status, reason, pid: null, trainedSeconds: journal.clock.seconds() });
    return { status, reason };
  }

  async dispose(): Promise<void> {
    await this.policy.dispose();
    await this.learner.dispose();
  }

  /** One step; returns why the run must stop, if a watch says so. */
  private async trainStep(): Promise<string | null> {
    const { rows, progress } = this.given;
    const { journal } = this;
    const step = journal.step + 1;
    const taken = await takeStep(this.policy, this.learner, {
      ...this.given,
      ...{ step, rows: rows.train, tokensBefore: this.tokens },
      onProgress: (work) => {
        this.sign(step, work);
        progress({ kind: 'working', step, work });
      },
    });
    const line = await this.writeDown(step, taken);
    journal.clock.took('step', taken.seconds);
    progress({ kind: 'step', line, seconds: taken.seconds, secondsLeft: this.secondsLeft() });
    return (await this.lookout.look(line, taken.rollouts)) ?? whyNothingCounts(taken.rollouts);
  }

  private async writeDown(step: number, taken: StepTaken): Promise<MetricsLine> {
    const { spec } = this.given;
    const { journal } = this;
    const place = { step, split: 'train', rowIndex: (prompt: number) => taken.rows[prompt] ?? 0 } as const;
    const lines = rolloutLines(spec, taken.rollouts, taken.advantage, place, this.model.tokenizer);
    await journal.write((writer) => writer.writeRollouts({ kind: 'train', step }, lines));
    const line = { step, time: journal.clock.seconds(), values: taken.values };
    await journal.write((writer) => writer.appendMetrics(line));
    journal.step = step;
    this.tokens = taken.values.num_tokens ?? this.tokens;
    await journal.update({ step, trainedSeconds: journal.clock.seconds() });
    return line;
  }

  /** Evaluates and writes checkpoints where they are due. False: an evaluation was broken off. */
  private async betweenSteps(): Promise<boolean> {
    const { step } = this.journal;
    const complete =
      !this.heldOut.isDue(step) ||
      (await this.heldOut.evaluate((work) => this.sign(step, { ...work, phase: 'evaluate' })));
    if (this.saved === -1 || this.isCheckpointDue(step)) await this.checkpointOnce();
    if (complete) await this.noteBest();
    if (complete) await this.lookout.lookAtHeldOut(this.given.steps);
    const best = bestIn(this.journal.events())?.step ?? null;
    await this.journal.write(({ folder }) => keepCheckpoints(folder, (steps) => keptSteps(steps, this.rules, best)));
    return complete;
  }

  private isCheckpointDue(step: number): boolean {
    return step % this.rules.every === 0 || step === this.given.steps;
  }

  /** Writes down the checkpoint of this step as the best so far, where it is. */
  private async noteBest(): Promise<void> {
    const { best: metric, every } = this.rules;
    const { journal } = this;
    const { step } = journal;
    if (metric === null) return;
    const events = journal.events();
    const found = this.given.arm.train.evaluate
      ? measuredHeldOut(metric, step, events)
      : this.isCheckpointDue(step)
        ? measuredInTraining(metric, step, every, journal.metrics())
        : null;
    const before = bestIn(events);
    if (found === null || (before !== undefined && found.value <= before.value)) return;
    await this.checkpointOnce();
    await journal.event({ kind: 'best', folder: checkpointFolder(step), metric, ...found });
    await journal.update({ best: bestIn(journal.events()) });
  }

  /** Writes a checkpoint of this step unless there is one. */
  private async checkpointOnce(): Promise<void> {
    const { journal, learner } = this;
    const { step } = journal;
    if (this.saved === step) return;
    this.sign(step, { phase: 'checkpoint', done: 0, of: 1 });
    const state = {
      step,
      tokens: this.tokens,
      updates: learner.trainer.updater.step,
      trainedSeconds: journal.clock.seconds(),
    };
    const optimizer = learner.trainer.updater.exportState();
    const show = await journal.write(({ folder }) => saveCheckpoint(folder, this.model, optimizer, state));
    // the event first: if the process dies in between, resuming takes it back
    await journal.event({ kind: 'checkpoint', folder: checkpointFolder(step) });
    await journal.write(show);
    this.saved = step;
    this.sign(step, { phase: 'checkpoint', done: 1, of: 1 });
  }

  /** Writes down how a stage's gate stands at its end; returns why it is closed. */
  private async lookAtGate(): Promise<string | null> {
    const { gates, progress } = this.given;
    const { journal } = this;
    if (gates.length === 0) return null;
    const found = lookAtGate(gates, journal.metrics());
    const why = whyClosed(found);
    // a run that was killed between this line and its end has it already
    const isNoted = journal.events().some(({ kind, step }) => kind === 'gate' && step === journal.step);
    if (!isNoted) await journal.event({ kind: 'gate', ...found });
    await journal.update({ gate: found.open ? 'open' : 'closed' });
    progress({ kind: 'gate', open: found.open, why });
    return found.open ? null : `Its gate is closed: ${why}.`;
  }

  /** Why the run is to stop; where it is asked to wait, after the wait. A checkpoint is written before. */
  private async heard(): Promise<string | null> {
    const { given, journal, requests } = this;
    const { progress } = given;
    if (!requests.pause()) return requests.stop();
    const began = performance.now();
    await this.checkpointOnce();
    await journal.event({ kind: 'paused' });
    await journal.update({ status: 'paused' });
    progress({ kind: 'paused' });
    given.turn?.leave();
    while (requests.pause()) await seconds(LISTENS_EVERY);
    requests.waited();
    const waits = (before: readonly string[]) => {
      given.writer.update({ status: 'queued' });
      progress({ kind: 'queued', before });
    };
    await takeTurn(given.turn, requests, waits);
    journal.clock.waited((performance.now() - began) / 1000);
    this.life.waited();
    await journal.event({ kind: 'continued' });
    await journal.update({ status: requests.stop() === null ? 'running' : 'stopping' });
    progress({ kind: 'continued' });
    return requests.stop();
  }

  private secondsLeft(): number {
    const { step, clock } = this.journal;
    return clock.left(this.given.steps - step, this.heldOut.left(step));
  }

  private sign(step: number, { phase, done, of }: { phase: Phase; done: number; of: number }): void {
    const left = this.journal.clock.knowsPace ? this.secondsLeft() : null;
    this.life.sign({ step, phase, done, of, secondsLeft: left });
  }
}

type Phase = (RolloutProgress | UpdateProgress)['phase'] | 'evaluate' | 'checkpoint';

/** The model as its plan trains it: with new adapters, or itself. */
function inTraining(model: Model, { lora }: Arm['train'], seed: number): Model {
  if (lora === null) return { ...model, weights: trainable(model.weights) };
  const { rank, alpha, dropout } = lora;
  const shape = { rank, alpha, dropout, modules: readModules(lora.modules), rankStabilised: false };
  return { ...model, adapters: createAdapters(model.config, shape, seed) };
}
