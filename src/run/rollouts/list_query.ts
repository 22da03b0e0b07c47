// What a list of responses is asked for, and the lines that it has: a response, or the heading of a prompt's responses.
// Checked where panel and host tell each other of it.

import { z } from 'zod';
import { RolloutSet } from '../view.ts';

/** Lines of a list that are asked for and sent together. */
export const LIST_PAGE = 100;

export const ListOrder = z.enum([
  'prompt',
  'newest',
  'rewardDown',
  'rewardUp',
  'advantageDown',
  'advantageUp',
  'longest',
  'shortest',
]);
export type ListOrder = z.infer<typeof ListOrder>;

export const ListQuery = z.object({
  /** null: every set of the run. */
  set: RolloutSet.nullable(),
  filter: z.string(),
  /** Words that must all be there, in the response or its prompt. */
  search: z.string(),
  order: ListOrder,
});
export type ListQuery = z.infer<typeof ListQuery>;

/** A response as a line of the list. */
export const ListedRow = z.object({
  kind: z.literal('row'),
  set: RolloutSet,
  /** Its line in the file. */
  index: z.number(),
  prompt_index: z.number(),
  sample: z.number(),
  reward: z.number().nullable(),
  advantage: z.number().nullable(),
  tokens: z.number(),
  finished: z.boolean(),
  right: z.boolean(),
  /** Score by rule, in the order of the specification; null: the rule did not judge. */
  scores: z.array(z.number().nullable()),
  snippet: z.string(),
  starred: z.boolean(),
  noted: z.boolean(),
});
export type ListedRow = z.infer<typeof ListedRow>;

/** The heading of a prompt's responses; its numbers are of all of them, whatever the filter. */
export const ListedGroup = z.object({
  kind: z.literal('group'),
  set: RolloutSet,
  prompt_index: z.number(),
  row_index: z.number(),
  asked: z.string(),
  size: z.number(),
  right: z.number(),
  /** null: every response of it is invalid. */
  mean: z.number().nullable(),
});
export type ListedGroup = z.infer<typeof ListedGroup>;
export const ListItem = z.discriminatedUnion('kind', [ListedRow, ListedGroup]);
export type ListItem = z.infer<typeof ListItem>;
