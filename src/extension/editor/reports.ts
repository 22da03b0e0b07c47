// What `merf test` and `merf probe` print as JSON, as far as the editor shows it: checked where it comes in.

import { z } from 'zod';
import { CommandFailure } from '../merf_command.ts';

const Place = z.object({ line: z.number(), character: z.number() });

export const TestReport = z.object({
  files: z.array(
    z.object({
      file: z.string(),
      /** Why none of its examples could be run. */
      error: z.string().nullable(),
      examples: z.array(
        z.object({
          name: z.string(),
          status: z.enum(['passed', 'failed', 'not_run']),
          milliseconds: z.number(),
          position: Place,
          reason: z.string().nullable(),
          judgements: z.array(
            z.object({
              /** null: the total. */
              rule: z.string().nullable(),
              expected: z.number(),
              actual: z.number().nullable(),
              passed: z.boolean(),
              /** What the model reads of the case that fired. */
              text: z.string().nullable(),
            }),
          ),
        }),
      ),
    }),
  ),
});
export type TestReport = z.infer<typeof TestReport>;
export type ExampleOutcome = TestReport['files'][number]['examples'][number];

export const ProbeReport = z.object({
  isPartial: z.boolean(),
  responses: z.number(),
  findings: z.array(
    z.object({
      kind: z.string(),
      severity: z.enum(['warning', 'information']),
      rule: z.string(),
      /** The rule's file: an imported one, perhaps. */
      file: z.string(),
      range: z.object({ start: Place, end: Place }),
      message: z.string(),
      remedy: z.string(),
      /** '' where there is none to show. */
      response: z.string(),
      reward: z.number(),
      comparedTo: z.object({ title: z.string(), reward: z.number(), response: z.string() }).nullable(),
      /** The response as an example; '' where there is none. */
      example: z.string(),
    }),
  ),
});
export type ProbeReport = z.infer<typeof ProbeReport>;
export type ProbeFinding = ProbeReport['findings'][number];

/** @throws CommandFailure when it is not what the command should print. */
export function readReport<T>(schema: z.ZodType<T>, output: string): T {
  let json: unknown;
  try {
    json = JSON.parse(output);
  } catch {
    throw new CommandFailure(output.trim().slice(0, 400) || 'merf printed nothing.');
  }
  const report = schema.safeParse(json);
  if (report.success) return report.data;
  throw new CommandFailure(`merf printed something unexpected (${report.error.issues[0]?.message ?? ''}).`);
}
