// The builtin functions of the expressions: what the checker knows of each, what hover shows, what docs/language.md
// lists. Evaluation lives in reward/, which holds itself to this table. Every function is total and deterministic;
// where an argument is `none` the result is `none` (and a condition over `none` is false).

import { ANSWER_FUNCTIONS } from './functions/answers.ts';
import type { FunctionDeclaration } from './functions/declaration.ts';
import { LIST_FUNCTIONS } from './functions/lists.ts';
import { NUMBER_FUNCTIONS } from './functions/numbers.ts';
import { STRUCTURE_FUNCTIONS } from './functions/structure.ts';
import { TEXT_FUNCTIONS } from './functions/text.ts';

export type { FunctionDeclaration, FunctionParameter, ParameterType, ResultType } from './functions/declaration.ts';

export const FUNCTIONS: readonly FunctionDeclaration[] = [
  ...STRUCTURE_FUNCTIONS,
  ...ANSWER_FUNCTIONS,
  ...TEXT_FUNCTIONS,
  ...LIST_FUNCTIONS,
  ...NUMBER_FUNCTIONS,
];

export function functionDeclaration(name: string): FunctionDeclaration | undefined {
  return FUNCTIONS.find((declaration) => declaration.name === name);
}
