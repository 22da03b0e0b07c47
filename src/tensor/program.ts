// What every executor offers: a graph made ready to run. Data goes in and comes out as typed arrays in row-major
// order; shapes and types are the graph's.

import type { TensorData } from './graph.ts';

export type Values = Readonly<Record<string, TensorData>>;

export interface Program {
  /**
   * Runs once. `feeds` has every input by name and is read in place; `into` may give arrays for outputs, which are
   * written in place and returned (the others are new). An output may share memory with an input only when no
   * operation reads that input after the output is computed. `sizes` gives the graph's free dimensions by name.
   */
  run(feeds: Values, into?: Values, sizes?: Readonly<Record<string, number>>): Promise<Record<string, TensorData>>;
  /** Gives memory back; the program cannot run again. */
  dispose(): Promise<void>;
}
