// `verifier run_tests(code, cases): 0..1 from "./verify.py" timeout 5s memory 512MB`: a script that is asked what a
// condition cannot tell.

import type { Verifier } from '../../spec/specification.ts';
import { type Analysis, type NamedThing, spanOf } from '../analysis.ts';
import { DIAGNOSTICS } from '../diagnostics.ts';
import type * as Ast from '../generated/ast.ts';
import { joinPaths } from '../imports.ts';
import { readNumber, readText } from '../literals.ts';
import { isRefusal, PENDING } from '../surroundings.ts';
import { lowerHead, measured } from './external.ts';
import type { LoweredResponse } from './response.ts';

const OPTIONS = {
  timeout: { of: 'time', min: 0.05, max: 3600, standard: 10, wanted: 'a time from 50ms to 60min: `timeout 5s`' },
  memory: { of: 'memory', min: 64, max: 1_048_576, standard: 1024, wanted: 'from 64MB to 1024GB: `memory 512MB`' },
} as const;

export function lowerVerifiers(
  nodes: readonly Ast.VerifierSection[],
  response: LoweredResponse,
  analysis: Analysis,
): Verifier[] {
  const verifiers: Verifier[] = [];
  for (const node of nodes) {
    const { name, doc, parameters, result, thing } = lowerHead(node, 'verifier', response, analysis);
    const script = lowerScript(node, analysis);
    const { timeout, memory } = lowerOptions(node, analysis);
    describe(thing, script, timeout, memory);
    verifiers.push({
      name,
      doc,
      parameters,
      result,
      script,
      timeoutSeconds: timeout,
      memoryMegabytes: memory,
      place: analysis.place(spanOf(node).start),
    });
  }
  return verifiers;
}

function lowerScript(node: Ast.VerifierSection, analysis: Analysis): string {
  const script = node.path ? readText(node.path).value : '';
  if (node.path && !/\.(py|m?js)$/i.test(script)) {
    const found = `\`${script}\` is neither Python nor JavaScript by its name.`;
    const remedy = 'Name a script that ends with `.py`, `.mjs` or `.js`.';
    analysis.report(DIAGNOSTICS.externalDescription, spanOf(node.path), found, remedy);
  } else if (node.path) checkScript(node, script, analysis);
  return script;
}

/** That the script is there, and speaks of the verifier at all: it is not understood any further. */
function checkScript(node: Ast.VerifierSection, script: string, analysis: Analysis): void {
  const name = node.name ?? '';
  const from = analysis.importAt(spanOf(node).start)?.path;
  const found = analysis.around.text(from === undefined ? script : joinPaths(from, script));
  if (found === PENDING) return;
  if (isRefusal(found)) analysis.report(DIAGNOSTICS.scriptMissing, spanOf(node.path), script, name);
  else if (!new RegExp(`\\b${name}\\b`).test(found.text)) {
    analysis.report(DIAGNOSTICS.scriptWithoutFunction, spanOf(node.path), script, name);
  }
}

function lowerOptions(node: Ast.VerifierSection, analysis: Analysis): { timeout: number; memory: number } {
  const given = { timeout: OPTIONS.timeout.standard as number, memory: OPTIONS.memory.standard as number };
  const seen = new Set<string>();
  for (const option of node.options) {
    const { name } = option;
    if (!name) continue;
    if (seen.has(name)) {
      analysis.report(DIAGNOSTICS.duplicateName, spanOf(option), 'a setting', name, 'Remove one of them.');
    }
    seen.add(name);
    const { of, min, max, wanted } = OPTIONS[name];
    const value = measured(readNumber(option.value), option.unit, of);
    if (value === null || value < min || value > max) {
      analysis.report(DIAGNOSTICS.settingValue, spanOf(option), name, wanted);
    } else given[name] = value;
  }
  return given;
}

function describe(thing: NamedThing, script: string, timeout: number, memory: number): void {
  const language = /\.py$/i.test(script) ? 'Python' : 'JavaScript';
  const asked = `Asks \`${thing.name}\` of \`${script}\` (${language}), with at most ${timeout} s and ${memory} MB.`;
  const invalid = 'A response for which it fails or takes too long is invalid: left out of its group, never scored 0.';
  thing.doc = [thing.doc, asked, invalid].filter((part) => part !== '').join('\n\n');
}
