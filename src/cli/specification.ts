// The one way a command gets its specification: the file is checked, and an error in it ends the command with all of
// them, each at its place. Warnings stop nothing and are `merf check`'s to show.

import { MerfError } from '../spec/error.ts';
import type { Specification } from '../spec/specification.ts';

/**
 * The checked specification of a .merf file.
 * @throws MerfError when the file cannot be read or has errors.
 */
export async function loadSpecification(file: string): Promise<Specification> {
  const { checkFile } = await import('../language/check.ts');
  const { diskWorld } = await import('./world.ts');
  const { specification, diagnostics } = await checkFile(file, diskWorld());
  if (specification === null && diagnostics.some(({ code }) => code === 'MERF144')) {
    throw new MerfError(`${file} can only be imported.`, 'Name a file with an experiment that imports it.');
  }
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (specification !== null && errors.length === 0) return specification;
  const listed = errors.map(({ range: { start }, code, message }) => {
    return `  ${file}:${start.line + 1}:${start.character + 1}: ${code}: ${message}`;
  });
  const count = errors.length === 1 ? 'an error' : `${errors.length} errors`;
  throw new MerfError(
    `${file} has ${count}:\n${listed.join('\n')}\n`,
    `Correct the file; merf check ${file} shows where it stands.`,
  );
}
