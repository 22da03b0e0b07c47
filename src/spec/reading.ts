// What is read off a response: its captures, and what verifiers and judges are asked about it. Part of the specification.

import type { ValueType } from './expression.ts';
import type { Template } from './inputs.ts';
import type { Place } from './place.ts';

/** A named part of the response, found by one of the extractors; `none` when it is not there. */
export interface Capture {
  name: string;
  extractor: Extractor;
  /** Of its value: the extractor's own, or what `as` makes of the text it found. */
  type: ValueType;
  place: Place;
}

/** `from`: the capture in whose text it looks; null: the whole response. Where several fit, the last one counts. */
export type Extractor =
  /** Text inside `<tag>…</tag>`. */
  | { kind: 'tag'; from: string | null; tag: string }
  /** The first group of the pattern (RE2 syntax), or all of the match where it has none. */
  | { kind: 'regex'; from: string | null; pattern: string }
  /** The trimmed text after a marker. */
  | { kind: 'after'; from: string | null; marker: string }
  | { kind: 'last_number'; from: string | null }
  /** Text inside `\\boxed{…}`, braces balanced. */
  | { kind: 'boxed'; from: string | null }
  /** A JSON value: the text itself, a fenced block of it, or the last balanced `{…}` or `[…]`. */
  | { kind: 'json'; from: string | null }
  /** A fenced code block, of a language or (null) of any. */
  | { kind: 'code_block'; from: string | null; language: string | null }
  /** The one option that occurs as whole words, whatever its case; none where none or several do. */
  | { kind: 'choice'; from: string | null; options: string[] | { column: string } }
  /** The lines that are not blank, trimmed. */
  | { kind: 'lines'; from: string | null }
  /** Name-to-value pairs found by a pattern with two holes (see reward/assignments.ts). */
  | { kind: 'assignments'; from: string; pattern: string };

/** What a verifier or a judge may answer; any other answer makes the sample invalid. A bool counts as 0 or 1. */
export type ExternalResult = { kind: 'bool' } | { kind: 'text' } | { kind: 'number'; min: number; max: number };

/** `verifier run_tests(code, cases): 0..1 from "./verify.py" timeout 5s memory 512MB`. */
export interface Verifier {
  name: string;
  doc: string;
  parameters: string[];
  result: ExternalResult;
  /** A JavaScript module (.js, .mjs) or a Python script (.py), as written; relative to the folder of the .merf file. */
  script: string;
  timeoutSeconds: number;
  memoryMegabytes: number;
  place: Place;
}

/** A model behind an OpenAI-compatible endpoint that is asked for a number, a yes or no, or a text. */
export interface Judge {
  name: string;
  doc: string;
  parameters: string[];
  result: ExternalResult;
  /** Base address: `https://api.openai.com/v1`. */
  endpoint: string;
  model: string;
  /** Name of the environment variable or of VS Code's secret that holds the key; null: none is sent. */
  key: string | null;
  system: Template | null;
  prompt: Template;
  temperature: number;
  timeoutSeconds: number;
  retries: number;
  concurrency: number;
  /** Dollars for a million tokens; null: cost is not counted. */
  price: { input: number; output: number } | null;
  place: Place;
}
