// A training run from its first step to its last: rows → responses → scores → advantages → update → what is written
// down. Everything a step does depends on the seed, the step's number and the weights, so a run that was stopped, or
// killed at any moment, goes on from its last checkpoint with the numbers it would have had.

import { join } from 'node:path';
import type { Model } from '../model/folder.ts';
import { createAdapters, readModules } from '../model/lora.ts';
import { takeRequest } from '../run/control.ts';
import { EventLine, MetricsLine, type RunStatus } from '../run/format.ts';
import { checkpointFolder } from '../run/location.ts';
import { readLines } from '../run/read.ts';
import type { RunWriter } from '../run/write.ts';
import type { Arm, Gate, Specification } from '../spec/specification.ts';
import type { TaskRows } from '../task/registry.ts';
import type { Scorer } from '../verify/scorer.ts';
import { AlarmBell, alarmsOf, evidence } from './alarms.ts';
import { type Checkpoint, saveCheckpoint } from './checkpoint.ts';
import { Clock } from './clock.ts';
import { samplingSeed } from './data_order.ts';
import { type EvaluationEvent, evaluate, evaluationPrompts, type PromptKind, unanswered } from './evaluate.ts';
import { lookAtGate, whyClosed } from './gate.ts';
import { isValid, judge, meanAdvantage } from './judge.ts';
import { Learner } from './learner.ts';
import { motivationMetrics } from './motivation_metrics.ts';
import { Policy, type Rollout } from './policy.ts';
import { rolloutLines } from './rollout_lines.ts';
import { learningRateAt } from './schedule.ts';
import { stepMetrics } from './step_metrics.ts';
import { stepRollouts } from './step_rollouts.ts';
import { condition, Watcher } from './watch.ts';

/** Milliseconds between two looks for a request while it waits. */
const LISTENS_EVERY = 200;
/** Steps between checkpoints when the plan does not evaluate. */
const CHECKPOINT_EVERY = 20;

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
  progress: (progress: Progress) => void;
}

export type Progress =
  | { kind: 'step'; line: MetricsLine; seconds: number; secondsLeft: number }
  | { kind: 'evaluating'; prompt: PromptKind }
  | { kind: 'evaluation'; event: EvaluationEvent }
  | { kind: 'writing'; step: number; tokens: number }
  | { kind: 'alert'; condition: string; stops: boolean }
  | { kind: 'paused' }
  | { kind: 'continued' }
  | { kind: 'gate'; open: boolean; why: string };

/** Trains until the last step, a stopping watch, or a request. Returns how it ended. */
export async function train(run: TrainingRun): Promise<{ status: RunStatus; reason: string | null }> {
  const session = await Session.open(run);
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
  private readonly watcher: Watcher;
  private readonly bell: AlarmBell;
  private readonly clock: Clock;
  private tokens: number;
  private step: number;
  /** Somebody asked it to stop, or to wait after the step. */
  private asked = false;
  private pauses = false;
  /** The step of the last checkpoint; -1: there is none. */
  private saved: number;

  private constructor(given: TrainingRun, model: Model, policy: Policy, learner: Learner) {
    const state = given.from?.state ?? { step: 0, tokens: 0, trainedSeconds: 0 };
    this.given = given;
    this.model = model;
    this.policy = policy;
    this.learner = learner;
    this.watcher = new Watcher(given.spec.watches);
    this.bell = new AlarmBell(given.arm.train.alarms === 'off' ? [] : alarmsOf(given.spec));
    this.clock = new Clock(state.trainedSeconds);
    this.tokens = state.tokens;
    this.step = state.step;
    this.saved = given.from?.state.step ?? -1;
  }

  static async open(given: TrainingRun): Promise<Session> {
    const { initial, from, arm, spec, threads } = given;
    const model = from?.model ?? withAdapters(initial, arm.train, given.seed);
    const learner = await Learner.open(model, initial, arm.train, threads);
    if (from !== null) learner.trainer.updater.importState(from.optimizer);
    const session = new Session(given, model, await Policy.open(model, spec, threads, given.scorer), learner);
    session.replayWatches();
    return session;
  }

  async run(): Promise<{ status: RunStatus; reason: string | null }> {
    const { writer, from, steps } = this.given;
    writer.update({ status: 'running', pid: process.pid, reason: null, step: this.step, steps });
    this.event({ kind: 'started', pid: process.pid, resumed: from !== null });
    // a run that was stopped at an evaluation makes up for it here
    let complete = !this.due() || (await this.evaluate());
    if (from === null) this.checkpointOnce();
    let stopping: string | null = await this.heard();
    while (this.step < steps && stopping === null) {
      stopping = (await this.trainStep()) ?? (await this.heard());
      if (this.due()) {
        complete = await this.evaluate();
        this.checkpointOnce();
        stopping ??= await this.heard();
      }
    }
    this.checkpointOnce();
    const finished = this.step >= steps && complete;
    const closed = finished ? this.lookAtGate() : null;
    const [status, reason] = finished ? (['finished', closed] as const) : (['stopped', stopping] as const);
    this.event({ kind: 'ended', status, reason });
    writer.update({ status, reason, pid: null, trainedSeconds: this.clock.seconds() });
    return { status, reason };
  }

  async dispose(): Promise<void> {
    await this.policy.dispose();
    await this.learner.dispose();
  }

  /** One step; returns why the run must stop, if a watch says so. */
  private async trainStep(): Promise<string | null> {
    const { spec, arm, seed, rows, writer, progress, steps } = this.given;
    const plan = arm.train;
    const step = this.step + 1;
    const began = performance.now();
    const written = await stepRollouts(this.policy, {
      ...{ spec, arm, seed, step, steps, rows: rows.train },
      onTokens: (tokens) => progress({ kind: 'writing', step, tokens }),
    });
    const rollouts = written.groups.flat();
    const updating = performance.now();
    const learningRate = learningRateAt(plan, step, steps);
    const known = await this.learner.know(written.taught.flat());
    const judged = judge(written.taught, this.learner.objective, plan.maxResponse, known);
    const update = await this.learner.update(judged, known, {
      learningRate,
      seed: samplingSeed(seed, `update ${step}`),
    });
    const now = performance.now();
    const times = { ...written.seconds, update: (now - updating) / 1000, step: (now - began) / 1000 };
    const context = { step, learningRate, tokensBefore: this.tokens };
    const values = {
      ...stepMetrics(spec, written.groups, update, times, context),
      ...motivationMetrics(
        spec.motivations.find(({ name }) => name === arm.motivation),
        rollouts,
        known,
      ),
    };
    this.tokens = values.num_tokens ?? this.tokens;
    this.step = step;
    const place = { step, split: 'train', rowIndex: (prompt: number) => written.rows[prompt] ?? 0 } as const;
    const advantages = new Map(judged.flat().map((one) => [one.rollout, meanAdvantage(one.advantages)]));
    writer.writeRollouts(
      { kind: 'train', step },
      rolloutLines(spec, rollouts, (rollout) => advantageOf(rollout, advantages), place, this.model.tokenizer),
    );
    const line = { step, time: this.clock.seconds(), values };
    writer.appendMetrics(line);
    writer.update({ step, trainedSeconds: this.clock.seconds() });
    this.clock.took('step', times.step);
    const secondsLeft = this.clock.left(steps - step, this.evaluationsLeft());
    progress({ kind: 'step', line, seconds: times.step, secondsLeft });
    return this.look(line, rollouts) ?? whyNothingCounts(rollouts);
  }

  /** Reports the watches that fire on a line; returns the reason when one of them stops the run. */
  private look(line: MetricsLine, rollouts: readonly Rollout[]): string | null {
    let reason: string | null = null;
    for (const { watch, value } of this.watcher.step(line)) {
      const stops = watch.action === 'stop';
      this.event({ kind: 'alert', watch: watch.text, value, stops });
      this.given.progress({ kind: 'alert', condition: condition(watch), stops });
      if (stops) reason ??= `A watch stopped it: ${condition(watch)}.`;
    }
    for (const { alarm, value } of this.bell.step(line)) {
      const look = alarm.says(value);
      const shown = evidence(alarm, rollouts).map(({ prompt, sample }) => ({ prompt_index: prompt, sample }));
      this.event({ kind: 'alert', watch: alarm.condition, value, stops: false, look, rollouts: shown });
      this.given.progress({ kind: 'alert', condition: look, stops: false });
    }
    return reason;
  }

  /** Writes down how a stage's gate stands at its end; returns why it is closed. */
  private lookAtGate(): string | null {
    const { gates, writer, progress } = this.given;
    if (gates.length === 0) return null;
    const found = lookAtGate(gates, readLines(join(writer.folder, 'metrics.jsonl'), MetricsLine).lines);
    const why = whyClosed(found);
    const { lines } = readLines(join(writer.folder, 'events.jsonl'), EventLine);
    // a run that was killed between this line and its end has it already
    if (!lines.some(({ kind, step }) => kind === 'gate' && step === this.step)) this.event({ kind: 'gate', ...found });
    writer.update({ gate: found.open ? 'open' : 'closed' });
    progress({ kind: 'gate', open: found.open, why });
    return found.open ? null : `Its gate is closed: ${why}.`;
  }

  /** Brings the watches to where they stood at the checkpoint, without reporting anything twice. */
  private replayWatches(): void {
    const { lines } = readLines(join(this.given.writer.folder, 'metrics.jsonl'), MetricsLine);
    for (const line of lines) {
      this.watcher.step(line);
      this.bell.step(line);
    }
  }

  /** Looks whether somebody asked for something; says so when it is to stop. */
  private requested(): string | null {
    const { signal, writer } = this.given;
    const command = takeRequest(writer.folder)?.command;
    this.asked ||= signal.aborted || command === 'stop';
    if (command === 'pause' || command === 'continue') this.pauses = command === 'pause';
    return this.asked ? 'It was asked to stop.' : null;
  }

  /** The same between two steps, where it also waits as long as it is asked to. A checkpoint is written before. */
  private async heard(): Promise<string | null> {
    const { writer, progress } = this.given;
    if (this.requested() !== null || !this.pauses) return this.requested();
    const began = performance.now();
    this.checkpointOnce();
    this.event({ kind: 'paused' });
    writer.update({ status: 'paused' });
    progress({ kind: 'paused' });
    while (this.pauses && this.requested() === null) await new Promise((resolve) => setTimeout(resolve, LISTENS_EVERY));
    this.pauses = false;
    this.clock.waited((performance.now() - began) / 1000);
    this.event({ kind: 'continued' });
    writer.update({ status: this.asked ? 'stopping' : 'running' });
    progress({ kind: 'continued' });
    return this.requested();
  }

  private due(step = this.step): boolean {
    const every = this.given.arm.train.evaluate?.everySteps ?? CHECKPOINT_EVERY;
    return step % every === 0 || step === this.given.steps;
  }

  /** From the end of the current step on, each prompt by itself. */
  private evaluationsLeft(): number {
    const left = Array.from({ length: this.given.steps - this.step + 1 }, (_, i) => this.step + i);
    return left.filter((step) => this.due(step)).length * evaluationPrompts(this.given.arm).length;
  }

  /**
   * Answers the held-out rows under each prompt the plan asks for and this step has not answered yet. False: it was
   * asked to stop before it was through; what it had answered of a prompt then counts for nothing.
   */
  private async evaluate(): Promise<boolean> {
    const { lines } = readLines(join(this.given.writer.folder, 'events.jsonl'), EventLine);
    for (const kind of unanswered(this.given.arm, this.step, lines)) {
      if (this.requested() !== null) return false;
      this.given.progress({ kind: 'evaluating', prompt: kind });
      const halt = new AbortController();
      try {
        await this.evaluateUnder(kind, halt);
      } catch (error) {
        if (halt.signal.aborted) return false;
        throw error;
      }
    }
    return true;
  }

  private async evaluateUnder(kind: PromptKind, halt: AbortController): Promise<void> {
    const { arm, spec, rows, writer, seed, progress } = this.given;
    const { maxResponse, temperature } = arm.train;
    const began = performance.now();
    const { rollouts, result } = await evaluate(this.policy, spec, {
      rows: [...rows.test],
      kind,
      motivation: arm.motivation,
      seed,
      maxResponse,
      temperature,
      signal: halt.signal,
      onTokens: () => {
        if (this.requested() !== null) halt.abort();
      },
    });
    const place = { step: this.step, split: 'test', rowIndex: (prompt: number) => prompt } as const;
    writer.writeRollouts(
      { kind, step: this.step },
      rolloutLines(spec, rollouts, () => null, place, this.model.tokenizer),
    );
    this.clock.took('evaluation', (performance.now() - began) / 1000);
    const event = this.event(result);
    if (event.kind === 'evaluation') progress({ kind: 'evaluation', event });
  }

  /** Writes a checkpoint of this step unless there is one. */
  private checkpointOnce(): void {
    if (this.saved === this.step) return;
    this.saved = this.step;
    const state = {
      step: this.step,
      tokens: this.tokens,
      updates: this.learner.trainer.updater.step,
      trainedSeconds: this.clock.seconds(),
    };
    // the event first: if the process dies in between, resuming takes it back
    saveCheckpoint(this.given.writer.folder, this.model, this.learner.trainer.updater.exportState(), state, {
      before: () => this.event({ kind: 'checkpoint', folder: checkpointFolder(this.step) }),
    });
  }

  private event(event: DistributiveOmit<EventLine, 'step' | 'time'>): EventLine {
    const line: EventLine = { ...event, step: this.step, time: this.clock.seconds() };
    this.given.writer.appendEvent(line);
    return line;
  }
}

/** The model as its plan trains it: with new adapters, or itself. */
function withAdapters(model: Model, { lora }: Arm['train'], seed: number): Model {
  if (lora === null) return model;
  const { rank, alpha, dropout } = lora;
  const shape = { rank, alpha, dropout, modules: readModules(lora.modules), rankStabilised: false };
  return { ...model, adapters: createAdapters(model.config, shape, seed) };
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** Taught nothing: 0, as its group is compared; null where it is left out of its group. */
function advantageOf(rollout: Rollout, advantages: ReadonlyMap<Rollout, number>): number | null {
  return isValid(rollout) ? (advantages.get(rollout) ?? 0) : null;
}

/** Why a step's rollouts teach nothing and a run should not go on: a verifier or judge answered for none of them. */
function whyNothingCounts(rollouts: readonly Rollout[]): string | null {
  const invalid = rollouts.flatMap(({ score }) => score.invalid ?? []);
  const [first] = invalid;
  if (first === undefined || invalid.length < rollouts.length) return null;
  return `Every response of the step was invalid (${first.cause}): ${first.message}`;
}
