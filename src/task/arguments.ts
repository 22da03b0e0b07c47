// A built-in task's arguments, held against its declaration: the standard value where one is left out, a refusal where one
// is unknown or out of bounds. The checker has done so already, but a specification may come from elsewhere.

import { MerfError } from '../spec/error.ts';
import type { Task } from '../spec/specification.ts';
import type { NumberArgument, TaskDeclaration, TextArgument } from '../spec/tasks.ts';

type Value = Task['arguments'][string];

export interface Range {
  from: number;
  to: number;
}

export class Arguments {
  readonly task: string;
  private readonly ranges = new Map<string, Range>();
  private readonly texts = new Map<string, string>();

  /** @throws MerfError when an argument is unknown or does not fit. */
  constructor(declaration: TaskDeclaration, given: Task['arguments']) {
    this.task = declaration.name;
    const known = declaration.arguments.map(({ name }) => name);
    const unknown = Object.keys(given).find((name) => !known.includes(name));
    if (unknown !== undefined) {
      throw new MerfError(`Task ${this.task} has no argument ${unknown}.`, `Use: ${known.join(', ')}.`);
    }
    for (const argument of declaration.arguments) {
      const value = Object.hasOwn(given, argument.name) ? given[argument.name] : undefined;
      if (argument.kind === 'text') this.texts.set(argument.name, this.readText(argument, value));
      else this.ranges.set(argument.name, this.readRange(argument, value ?? argument.standard));
    }
  }

  /** A number is a range of one. */
  range(name: string): Range {
    const range = this.ranges.get(name);
    if (range === undefined) throw new RangeError(`task ${this.task} declares no argument ${name}`);
    return range;
  }

  number(name: string): number {
    return this.range(name).from;
  }

  text(name: string): string {
    const text = this.texts.get(name);
    if (text === undefined) throw new RangeError(`task ${this.task} declares no argument ${name}`);
    return text;
  }

  private readRange({ name, kind, min, max }: NumberArgument, value: Value): Range {
    const range = typeof value === 'object' ? value : { from: Number(value), to: Number(value) };
    const { from, to } = range;
    const whole = Number.isInteger(from) && Number.isInteger(to) && (kind === 'range' || from === to);
    if (whole && from >= min && to <= max && from <= to) return range;
    throw new MerfError(
      `Task ${this.task}: ${name} cannot be ${typeof value === 'object' ? `${from}..${to}` : value}.`,
      `Give a whole number${kind === 'range' ? ' or a range' : ''} from ${min} to ${max}.`,
    );
  }

  private readText({ name, standard, wanted, pattern }: TextArgument, value: Value | undefined): string {
    if (value === undefined) return standard ?? '';
    if (typeof value === 'string' && (pattern === null || new RegExp(pattern).test(value))) return value;
    throw new MerfError(`Task ${this.task}: ${name} cannot be ${JSON.stringify(value)}.`, `Give ${wanted}.`);
  }
}
