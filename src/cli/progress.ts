// What a person sees while a run trains: in a terminal one line that changes, elsewhere one line a step; the same
// goes to the run's log. Rewards are means of the step, shares are per cent.

import { basename } from 'node:path';
import type { Phase } from '../run/sign_of_life.ts';
import type { Progress } from '../training/train.ts';

export interface ProgressPrinter {
  show(progress: Progress): void;
  /** Leaves the changing line where it is. */
  end(): void;
}

/** `out`: one changing line (a terminal), a line for each step, or nothing but the log. */
export function progressPrinter(
  steps: number,
  label: string,
  out: 'terminal' | 'lines' | 'none',
  log: (text: string) => void,
): ProgressPrinter {
  const terminal = out === 'terminal';
  let [step, last, open] = [0, '', false];
  /** What is being done comes before the last step's numbers: a narrow terminal cuts those. */
  const doing = (what: string) => {
    if (terminal) line([`${label}  step ${Math.min(step + 1, steps)}/${steps}`, what, last].join('  '));
  };
  const line = (text: string) => {
    open = true;
    if (terminal) process.stdout.write(`\r\x1b[2K${text.slice(0, (process.stdout.columns ?? 80) - 1)}`);
    else if (out === 'lines') process.stdout.write(`${text}\n`);
  };
  const keep = (text: string) => {
    open = false;
    if (out !== 'none') process.stdout.write(terminal ? `\r\x1b[2K${text}\n` : `${text}\n`);
    log(text);
  };
  return {
    show: (progress) => {
      switch (progress.kind) {
        case 'step':
          step = progress.line.step;
          last = brief(progress);
          log(stepText(progress, steps, label));
          return line(stepText(progress, steps, label));
        case 'working':
          return doing(workText(progress.work));
        case 'evaluating':
          if (terminal) line([`${label}  after step ${step}`, 'answering held-out rows', last].join('  '));
          return;
        case 'evaluation':
          return keep(evaluationText(progress.event, label));
        case 'queued':
          return keep(`${label}  waits for ${namesOf(progress.before)}. To start all the same: merf train --now`);
        case 'full':
          return keep(`${label}  ${progress.reason} It waits, and goes on by itself when there is room`);
        case 'paused':
          return keep(`${label}  paused after step ${step}. Go on with: merf runs continue, or stop it`);
        case 'continued':
          return keep(`${label}  goes on`);
        case 'gate':
          return keep(`${label}  ${progress.open ? 'the gate is open' : `the gate is closed: ${progress.why}`}`);
        case 'alert':
          return keep(`${label}  ${progress.stops ? 'stops' : 'alert'}: ${progress.words}`);
      }
    },
    end: () => {
      if (terminal && open) process.stdout.write('\n');
    },
  };
}

/** Runs by their folders' names. */
function namesOf(folders: readonly string[]): string {
  return folders.map((folder) => basename(folder)).join(', ');
}

/** What is done in each phase. */
export const WORKS: Record<Phase, string> = {
  generate: 'writing responses',
  score: 'scoring',
  update: 'updating',
  evaluate: 'answering held-out rows',
  checkpoint: 'writing a checkpoint',
};

function workText({ phase, done, of }: Extract<Progress, { kind: 'working' }>['work']): string {
  return of === 0 ? WORKS[phase] : `${WORKS[phase]} ${done}/${of}`;
}

function stepText({ line, seconds, secondsLeft }: Extract<Progress, { kind: 'step' }>, steps: number, label: string) {
  const value = (name: string) => line.values[name] ?? Number.NaN;
  return [
    `${label}  step ${line.step}/${steps}`,
    `reward ${value('reward').toFixed(2)}`,
    `accuracy ${percent(value('accuracy'))}`,
    `length ${value('completions/mean_length').toFixed(0)}`,
    `${seconds.toFixed(1)} s`,
    `${duration(secondsLeft)} left`,
  ].join('  ');
}

/** The step's numbers beside what comes after it. */
function brief({ line, secondsLeft }: Extract<Progress, { kind: 'step' }>): string {
  return `reward ${(line.values.reward ?? Number.NaN).toFixed(2)}  ${duration(secondsLeft)} left`;
}

function evaluationText(event: EvaluationEvent, label: string): string {
  const { step, prompt, accuracy, interval, rows, constant, chance = null, pass_at = [] } = event;
  const under = prompt === 'none' ? 'without motivation' : 'with motivation';
  const several = pass_at.filter(({ k }) => k > 1).map(({ k, share }) => `, pass@${k} ${percent(share)}`);
  const guess = [
    ...several,
    constant === null ? '' : `, best constant answer ${percent(constant)}`,
    chance === null ? '' : `, chance ${percent(chance)}`,
  ].join('');
  const range = `${percent(interval[0])} to ${percent(interval[1])}`;
  return `${label}  held out after step ${step}, ${under}: ${percent(accuracy)} right (${range}) of ${rows}${guess}`;
}

type EvaluationEvent = Extract<Progress, { kind: 'evaluation' }>['event'];

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** "45 s", "3 min 20 s", "1 h 05 min" */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`;
}
