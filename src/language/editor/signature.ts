// Signature help: the call around the cursor and which of its arguments is being written. Only tokens up to the cursor
// are looked at, so it works in a text that is not finished.

import type { Position, SignatureHelp, SignatureInformation } from 'vscode-languageserver';
import { functionDeclaration } from '../../spec/functions.ts';
import { taskDeclaration } from '../../spec/tasks.ts';
import { showParameter } from '../calls.ts';
import { extractorDeclaration } from '../extractors.ts';
import { keywordDoc } from '../keywords.ts';
import { describeArgument } from '../lower/task.ts';
import { coreServices } from '../parse.ts';
import { showResult, showType } from '../types.ts';
import { lastSection } from './completion.ts';
import type { EditorDocument } from './document.ts';

/** A bracket that is still open. */
interface Open {
  /** The name right before `(`. */
  name: string | null;
  isTask: boolean;
  /** Arguments before the one that is being written. */
  index: number;
  /** `people` of `people: 3` when that is being written. */
  label: string | null;
  /** It is a capture's, and where it looks is left out: its first argument is a text. */
  skipsFrom: boolean;
  isCapture: boolean;
}

export function signatureAt(document: EditorDocument, position: Position): SignatureHelp | null {
  const section = lastSection(document.text.getText({ start: { line: 0, character: 0 }, end: position }));
  for (const open of openBrackets(section).reverse()) {
    const found = open.name === null ? null : (describe(open.name, open) ?? describeExternal(document, open));
    if (found) return { signatures: [found.signature], activeSignature: 0, activeParameter: found.active };
  }
  return null;
}

function openBrackets(section: string): Open[] {
  const { tokens } = coreServices().parser.Lexer.tokenize(section);
  const stack: Open[] = [];
  tokens.forEach(({ image }, i) => {
    const top = stack[stack.length - 1];
    const before = tokens[i - 1]?.image ?? '';
    if (image === '(' || image === '[' || image === '{') {
      const name = image === '(' && /^[A-Za-z_]\w*$/.test(before) ? before : null;
      const isTask = tokens[i - 2]?.image === 'task';
      const skipsFrom = (tokens[i + 1]?.image ?? '"').startsWith('"');
      stack.push({ name, isTask, index: 0, label: null, skipsFrom, isCapture: section.startsWith('response') });
    } else if (image === ')' || image === ']' || image === '}') stack.pop();
    else if (top && image === ',') {
      top.index++;
      top.label = null;
    } else if (top && image === ':') {
      top.label = before;
      if (isQuantifier(top.name)) top.index++;
    }
  });
  return stack;
}

const QUANTIFIERS: readonly string[] = ['all', 'any', 'count'];

function isQuantifier(name: string | null): boolean {
  return name !== null && QUANTIFIERS.includes(name);
}

interface Described {
  signature: SignatureInformation;
  active: number;
}

function describe(name: string, { isTask, index, label, skipsFrom, isCapture }: Open): Described | null {
  if (isTask) return describeTask(name, label);
  const extractor = isCapture ? extractorDeclaration(name) : undefined;
  if (extractor) {
    const parameters = extractor.form.slice(name.length + 1, -1).split(', ');
    const signature = signatureOf(name, parameters, `: ${showType(extractor.result)}`, extractor.doc);
    const at = index + (skipsFrom && extractor.argument !== null && extractor.from === 'optional' ? 1 : 0);
    return { signature, active: Math.min(at, parameters.length - 1) };
  }
  const declaration = functionDeclaration(name);
  if (declaration) {
    const parameters = declaration.parameters.map(showParameter);
    const signature = signatureOf(name, parameters, `: ${showResult(declaration.result)}`, declaration.doc);
    return { signature, active: Math.min(index, parameters.length - 1) };
  }
  if (!isQuantifier(name)) return null;
  const type = name === 'count' ? 'number' : 'bool';
  const doc = keywordDoc(name, 'Quantifier')?.doc ?? '';
  const parts = ['x in list', 'condition'];
  return { signature: signatureOf(name, parts, `: ${type}`, doc, ': '), active: Math.min(index, 1) };
}

/** A verifier or a judge of the file. */
function describeExternal({ analysed, remembered }: EditorDocument, { name, index }: Open): Described | null {
  const things = [...analysed.analysis.things, ...remembered];
  const thing = things.find((each) => each.name === name && ['verifier', 'judge'].includes(each.kind));
  const [, parameters = '', result = ''] = /\((.*)\)(.*)$/.exec(thing?.signature ?? '') ?? [];
  if (!thing || parameters === '') return null;
  const names = parameters.split(', ');
  return { signature: signatureOf(thing.name, names, result, thing.doc), active: Math.min(index, names.length - 1) };
}

function describeTask(name: string, label: string | null): Described | null {
  const task = taskDeclaration(name);
  if (!task) return null;
  const names = task.arguments.map((argument) => argument.name);
  const signature = signatureOf(name, names, '', task.doc);
  signature.parameters = signature.parameters?.map((parameter, i) => {
    const argument = task.arguments[i];
    return argument ? { ...parameter, documentation: describeArgument(argument).slice(2) } : parameter;
  });
  return { signature, active: label === null ? names.length : names.indexOf(label) };
}

function signatureOf(
  name: string,
  parameters: readonly string[],
  result: string,
  doc: string,
  separator = ', ',
): SignatureInformation {
  let at = name.length + 1;
  const labels = parameters.map((parameter): [number, number] => {
    const start = at;
    at += parameter.length + separator.length;
    return [start, start + parameter.length];
  });
  return {
    label: `${name}(${parameters.join(separator)})${result}`,
    documentation: { kind: 'markdown', value: doc },
    parameters: labels.map((label) => ({ label })),
  };
}
