// A prompt as the editor's preview shows it: what is asked and answered, a JSON line each way, between the editor and
// `merf prompt --serve`. Checked on both sides.

import { z } from 'zod';

export const PromptQuestion = z.object({
  id: z.number(),
  /** The text as it stands in the editor, saved or not. */
  text: z.string(),
  /** The file's path: data files and models are found from there. */
  path: z.string(),
  /** Left out (null) or not there: the first arm. */
  arm: z.string().nullable(),
  /** An arm to compare with; null: none. */
  other: z.string().nullable(),
  split: z.enum(['train', 'test']),
  /** From 0; beyond the last row: the last. */
  row: z.number().int().min(0),
});
export type PromptQuestion = z.infer<typeof PromptQuestion>;

export const PromptMessage = z.object({
  role: z.enum(['system', 'user']),
  /** In their order; the motivation's text marked. */
  parts: z.array(z.object({ text: z.string(), motivation: z.boolean() })),
});
export type PromptMessage = z.infer<typeof PromptMessage>;

export const ArmPrompt = z.object({
  arm: z.string(),
  /** The motivation's name; null: none. */
  motivation: z.string().nullable(),
  model: z.string(),
  messages: z.array(PromptMessage),
  /** Of the whole prompt in the model's chat format, and how many of them the motivation adds; null: see `noTokens`. */
  tokens: z.object({ all: z.number(), motivation: z.number() }).nullable(),
  /** Why tokens are not counted. */
  noTokens: z.string().nullable(),
});
export type ArmPrompt = z.infer<typeof ArmPrompt>;

export const PromptAnswer = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('prompt'),
    id: z.number(),
    arms: z.array(z.object({ name: z.string(), motivation: z.string().nullable() })),
    split: z.enum(['train', 'test']),
    row: z.number(),
    /** How many rows each split has. */
    rows: z.object({ train: z.number(), test: z.number() }),
    shown: ArmPrompt,
    other: ArmPrompt.nullable(),
  }),
  z.object({
    kind: z.literal('trouble'),
    id: z.number(),
    /** What is wrong and what to do. */
    message: z.string(),
    /** Where in the text, from 0; null: nowhere in particular. */
    line: z.number().nullable(),
  }),
]);
export type PromptAnswer = z.infer<typeof PromptAnswer>;
