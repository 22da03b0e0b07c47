// A number from the command line, within its bounds.

import { MerfError } from '../spec/error.ts';

export interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly integer?: boolean;
}

/** Reads the text of `--name`. */
export function numberOption(name: string, { min, max, integer = false }: Bounds): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (value >= min && value <= max && (!integer || Number.isInteger(value))) return value;
    const wanted = `${integer ? 'a whole number' : 'a number'} from ${min} to ${max}`;
    throw new MerfError(`--${name} cannot be ${text}.`, `Give ${wanted}.`);
  };
}
