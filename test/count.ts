// How many tests passed and failed; what every suite reports and the closing line adds up.

import { z } from 'zod';

export const Count = z.object({ passed: z.number(), failed: z.number() });
export type Count = z.infer<typeof Count>;

export const sum = (counts: readonly Count[]): Count => ({
  passed: counts.reduce((total, { passed }) => total + passed, 0),
  failed: counts.reduce((total, { failed }) => total + failed, 0),
});

export const closingLine = ({ passed, failed }: Count): string => `${passed} passed, ${failed} failed`;
