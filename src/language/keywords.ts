// What hover and completion say about every word of the grammar, with an example. A word that means different things in
// different places (`response`, `motivation`) has an entry for each, told apart by the syntax node it stands in.

import type { KeywordDoc } from './keywords/entry.ts';
import { EXPRESSION_WORDS } from './keywords/expressions.ts';
import { MOTIVATION_WORDS } from './keywords/motivations.ts';
import { PLAN_WORDS } from './keywords/plan.ts';
import { RULE_WORDS } from './keywords/rules.ts';
import { SECTION_WORDS } from './keywords/sections.ts';
import { TYPE_WORDS } from './keywords/types.ts';

export const KEYWORDS: readonly KeywordDoc[] = [
  ...SECTION_WORDS,
  ...TYPE_WORDS,
  ...RULE_WORDS,
  ...MOTIVATION_WORDS,
  ...PLAN_WORDS,
  ...EXPRESSION_WORDS,
];

/** The entry for a word in a syntax node of this type; where there is none, what it means anywhere. */
export function keywordDoc(word: string, nodeType: string): KeywordDoc | undefined {
  const entries = KEYWORDS.filter((entry) => entry.word === word);
  return (
    entries.find((entry) => entry.within?.includes(nodeType)) ?? entries.find((entry) => !entry.within) ?? entries[0]
  );
}
