// The demonstration's progress: in a terminal one line an arm, redrawn in place; elsewhere a line an arm every ten
// steps and at every held-out evaluation. A line fits into 80 columns.

import { duration, percent } from '../progress.ts';
import type { ArmEvent } from './children.ts';

/** Characters of a bar. */
const BAR = 12;

export class Board {
  private readonly lines = new Map<string, string>();
  private readonly bars = new Map<string, string>();
  private readonly terminal = process.stdout.isTTY === true;
  private readonly steps: number;
  private drawn = 0;

  constructor(arms: readonly string[], steps: number) {
    this.steps = steps;
    for (const arm of arms) this.lines.set(arm, `${arm.padEnd(6)} loading the model`);
    if (this.terminal) this.draw();
  }

  show(arm: string, event: ArmEvent): void {
    const name = arm.padEnd(6);
    switch (event.kind) {
      case 'step': {
        const value = (key: string) => event.line.values[key] ?? Number.NaN;
        const done = Math.round((event.line.step / this.steps) * BAR);
        const bar = `${'█'.repeat(done)}${'░'.repeat(BAR - done)} step ${event.line.step}/${this.steps}`;
        const numbers = `reward ${value('reward').toFixed(2).padStart(5)}  accuracy ${percent(value('accuracy')).padStart(7)}`;
        this.bars.set(arm, bar);
        this.put(arm, `${name} ${bar}  ${numbers}  ${duration(event.secondsLeft)} left`, event.line.step % 10 === 0);
        break;
      }
      case 'evaluation': {
        const { step, prompt, accuracy, interval } = event.event;
        const under = prompt === 'none' ? 'without motivation' : 'with motivation';
        this.say(
          `${name} held out after step ${step}, ${under}: ${percent(accuracy)} right (${(interval[0] * 100).toFixed(1)} to ${percent(interval[1])})`,
        );
        break;
      }
      case 'evaluating':
        this.put(arm, [name, this.bars.get(arm), ' answering held-out puzzles'].filter(Boolean).join(' '), false);
        break;
      case 'alert':
        this.say(`${name} ${event.stops ? 'stops' : 'alert'}: ${event.words}`);
        break;
      case 'ended':
        this.put(arm, [name, this.bars.get(arm), ` ${event.status}`].filter(Boolean).join(' '), false);
        break;
      case 'working':
        break;
    }
  }

  private put(arm: string, text: string, worthALine: boolean): void {
    this.lines.set(arm, text);
    if (this.terminal) this.draw();
    else if (worthALine) process.stdout.write(`${text}\n`);
  }

  /** A line that stays, above those that change. */
  say(text: string): void {
    this.erase();
    process.stdout.write(`${text}\n`);
    if (this.terminal) this.draw();
  }

  private draw(): void {
    this.erase();
    const width = process.stdout.columns ?? 80;
    for (const line of this.lines.values()) process.stdout.write(`${line.slice(0, width - 1)}\n`);
    this.drawn = this.lines.size;
  }

  private erase(): void {
    if (this.terminal && this.drawn > 0) process.stdout.write(`\x1b[${this.drawn}A\x1b[0J`);
    this.drawn = 0;
  }
}
