// The program of a scoring thread: the specification comes with its start, then parts of batches, each answered with
// the scores in its order.

import { parentPort, workerData } from 'node:worker_threads';
import { type Part, scorePart } from './score_thread.ts';

parentPort?.on('message', (part: Part) => parentPort?.postMessage(scorePart(workerData, part)));
