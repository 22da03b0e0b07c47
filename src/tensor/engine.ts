// ONNX Runtime, loaded when something is first computed: everything that computes nothing works where it has no binaries
// (a Mac with an Intel processor), and the rest says so.

import { MerfError } from '../spec/error.ts';

export type Engine = typeof import('onnxruntime-node');

/** @throws MerfError where it does not load. */
export async function engine(): Promise<Engine> {
  try {
    return await import('onnxruntime-node');
  } catch (cause) {
    throw new MerfError(
      `The engine that trains and samples, onnxruntime-node, does not load on this machine (${process.platform}-${process.arch}).`,
      'It has binaries for Linux, Windows and Macs with Apple silicon: train on one of them, or install it again there; all else works here.',
      { cause },
    );
  }
}
