// `judge helpful(question, reply): 0..10 { endpoint … model … prompt … }`: a model behind an OpenAI-compatible endpoint
// that is asked for a number, a yes or no, or a text. A key never stands in the file: only the name of a variable.

import type { Judge, Template } from '../../spec/specification.ts';
import { nearest } from '../../spec/spelling.ts';
import { type Analysis, type NamedThing, spanOf, spanOfProperty } from '../analysis.ts';
import { DIAGNOSTICS } from '../diagnostics.ts';
import type * as Ast from '../generated/ast.ts';
import { JUDGE_LIMITS, JUDGE_SETTINGS, type JudgeSetting, judgeSetting } from '../judge_settings.ts';
import { readNumber, readText } from '../literals.ts';
import { readHoles } from '../template.ts';
import { type Head, lowerHead, measured } from './external.ts';
import { nameSpan } from './prompt.ts';
import type { LoweredResponse } from './response.ts';

export function lowerJudges(
  nodes: readonly Ast.JudgeSection[],
  response: LoweredResponse,
  analysis: Analysis,
): Judge[] {
  return nodes.map((node) => lowerJudge(node, lowerHead(node, 'judge', response, analysis), analysis));
}

function lowerJudge(node: Ast.JudgeSection, head: Head, analysis: Analysis): Judge {
  const judge: Judge = {
    name: head.name,
    doc: head.doc,
    parameters: head.parameters,
    result: head.result,
    endpoint: '',
    model: '',
    key: null,
    system: null,
    prompt: [],
    temperature: 0,
    timeoutSeconds: 30,
    retries: 3,
    concurrency: 8,
    price: null,
    place: analysis.place(spanOf(node).start),
  };
  const seen = new Set<string>();
  for (const setting of node.settings) {
    const name = setting.name ?? '';
    const span = spanOfProperty(setting, 'name');
    if (seen.has(name)) analysis.report(DIAGNOSTICS.duplicateName, span, 'a setting', name, 'Remove one of them.');
    seen.add(name);
    const declaration = judgeSetting(name);
    if (!declaration) {
      const known = JUDGE_SETTINGS.map((each) => each.name);
      analysis.report(DIAGNOSTICS.unknownName, span, 'setting', name, nearest(name, known), known);
      continue;
    }
    analysis.use(span, settingThing(declaration));
    if (!lowerSetting(setting, judge, head, analysis)) {
      analysis.report(DIAGNOSTICS.settingValue, spanOf(setting), name, declaration.wanted);
    }
  }
  for (const { name, required, example } of JUDGE_SETTINGS) {
    if (!required || seen.has(name)) continue;
    analysis.report(DIAGNOSTICS.missingSection, spanOfProperty(node, 'name'), `\`${head.name}\``, name, example);
  }
  if (seen.has('prompt')) checkUse(node, judge, head, analysis);
  describe(head.thing, judge);
  return judge;
}

/** False: the value does not fit. */
function lowerSetting(node: Ast.Setting, judge: Judge, head: Head, analysis: Analysis): boolean {
  const text = node.text ? readText(node.text).value : null;
  switch (node.name) {
    case 'endpoint':
      return text !== null && lowerEndpoint(node, text, judge, analysis);
    case 'model':
      judge.model = text ?? '';
      return judge.model !== '';
    case 'key':
      return text !== null && lowerKey(node, text, judge, analysis);
    case 'system':
    case 'prompt':
      if (!node.text) return false;
      judge[node.name] = lowerText(node.text, head, analysis);
      return true;
    case 'price': {
      const [input, output, ...more] = node.numbers.map(readNumber);
      if (input === undefined || output === undefined || more.length > 0 || input < 0 || output < 0) return false;
      judge.price = { input, output };
      return true;
    }
    case 'temperature':
    case 'timeout':
    case 'retries':
    case 'concurrency': {
      const value = numberOf(node, node.name);
      if (value === null) return false;
      judge[node.name === 'timeout' ? 'timeoutSeconds' : node.name] = value;
      return true;
    }
    default:
      return true;
  }
}

function numberOf(node: Ast.Setting, name: keyof typeof JUDGE_LIMITS): number | null {
  const [number, ...more] = node.numbers.map(readNumber);
  if (number === undefined || more.length > 0 || node.isPercent) return null;
  const value = name === 'timeout' ? measured(number, node.unit, 'time') : node.unit ? null : number;
  const { min, max, integer } = JUDGE_LIMITS[name];
  return value !== null && value >= min && value <= max && (!integer || Number.isInteger(value)) ? value : null;
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

function lowerEndpoint(node: Ast.Setting, written: string, judge: Judge, analysis: Analysis): boolean {
  const url = URL.canParse(written) ? new URL(written) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.hash !== '') return false;
  judge.endpoint = written.replace(/\/+$/, '');
  if (url.username !== '' || url.password !== '' || url.search !== '') {
    judge.endpoint = '';
    const where = 'An endpoint is an address without a user, a password and a query.';
    analysis.report(DIAGNOSTICS.keyInFile, spanOf(node.text), where);
  } else if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname)) {
    analysis.report(DIAGNOSTICS.openEndpoint, spanOf(node.text), url.hostname);
  }
  return true;
}

/** What is not the name of a variable is taken for a key, and is not repeated in the message. */
function lowerKey(node: Ast.Setting, written: string, judge: Judge, analysis: Analysis): boolean {
  if (isVariableName(written)) {
    judge.key = written;
    return true;
  }
  if (written !== '') analysis.report(DIAGNOSTICS.keyInFile, spanOf(node.text), 'This is no name of a variable.');
  return written !== '';
}

/** Names of variables that look like a key are not taken for names. */
function isVariableName(written: string): boolean {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(written)) return false;
  const issued = /^(sk|pk|rk|hf|gsk|xai)_\w{12,}$/.test(written);
  const mixed = written.length >= 20 && /[a-z]/.test(written) && /\d/.test(written);
  return !issued && !mixed;
}

function lowerText(literal: Ast.TextLiteral, head: Head, analysis: Analysis): Template {
  const { parts, strayBraces } = readHoles(readText(literal));
  for (const span of strayBraces) analysis.report(DIAGNOSTICS.strayBrace, span);
  return parts.flatMap((part): Template => {
    if (part.kind === 'text') return [part];
    const { name, span } = part;
    const thing = head.things.get(name);
    if (thing) {
      analysis.use(nameSpan(span, analysis.text), thing);
      return [{ kind: 'parameter', name }];
    }
    analysis.report(DIAGNOSTICS.unknownName, span, 'parameter', name, nearest(name, head.parameters), head.parameters);
    return [];
  });
}

function checkUse(node: Ast.JudgeSection, { prompt, system }: Judge, head: Head, analysis: Analysis): void {
  const shown = [...prompt, ...(system ?? [])].flatMap((part) => (part.kind === 'parameter' ? part.name : []));
  for (const parameter of node.parameters) {
    const name = parameter.name ?? '';
    if (!shown.includes(name)) analysis.report(DIAGNOSTICS.unusedParameter, spanOf(parameter), head.name, name);
  }
}

function settingThing(declaration: JudgeSetting): NamedThing {
  return {
    kind: 'setting',
    name: declaration.name,
    signature: `${declaration.name}: ${declaration.wanted}`,
    doc: judgeSettingDoc(declaration),
    definition: null,
    extent: null,
  };
}

export function judgeSettingDoc({ doc, standard, example }: JudgeSetting): string {
  return `${doc}${standard === null ? '' : `\n\n\`${standard}\` when it is left out.`}\n\n- \`${example}\``;
}

function describe(thing: NamedThing, { model, endpoint, key }: Judge): void {
  const withKey = key === null ? 'no key' : `the key in \`${key}\``;
  const asked = `Asks the model \`${model}\` at ${endpoint}, with ${withKey}.`;
  const invalid = 'A response that cannot be judged is invalid: left out of its group, never scored 0.';
  thing.doc = [thing.doc, asked, invalid].filter((part) => part !== '').join('\n\n');
}
