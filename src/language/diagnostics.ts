// Every diagnostic of the checker: one list, one entry each, the remedy in the message. docs/diagnostics.md is
// written from this list (documentation.ts), and a test asks for a golden file for every code. The entries are in
// diagnostics/: 1xx the file and its names (13x data files, 14x imports), 2xx expressions (22x verifiers and judges), 3xx rules, 4xx motivations and
// arms, 5xx plan and watches, 6xx examples.

import { ARM_DIAGNOSTICS } from './diagnostics/arms.ts';
import { DATA_DIAGNOSTICS } from './diagnostics/data.ts';
import { EXPRESSION_DIAGNOSTICS } from './diagnostics/expressions.ts';
import { EXTERNAL_DIAGNOSTICS } from './diagnostics/external.ts';
import { FILE_DIAGNOSTICS } from './diagnostics/file.ts';
import { IMPORT_DIAGNOSTICS } from './diagnostics/imports.ts';
import type { DiagnosticKind } from './diagnostics/kind.ts';
import { PLAN_DIAGNOSTICS } from './diagnostics/plan.ts';
import { RULE_DIAGNOSTICS } from './diagnostics/rules.ts';

export const DIAGNOSTICS = {
  ...FILE_DIAGNOSTICS,
  ...DATA_DIAGNOSTICS,
  ...IMPORT_DIAGNOSTICS,
  ...EXPRESSION_DIAGNOSTICS,
  ...EXTERNAL_DIAGNOSTICS,
  ...RULE_DIAGNOSTICS,
  ...ARM_DIAGNOSTICS,
  ...PLAN_DIAGNOSTICS,
} as const;

/** What to do about most duplicates. */
export const ANOTHER_NAME = 'Give this one another name.';

/** All kinds, in the order of their codes. */
export function diagnosticKinds(): Omit<DiagnosticKind<never>, 'message'>[] {
  return Object.values(DIAGNOSTICS);
}
