// Which names fit where: for every place of the grammar that takes a name, what there is to choose from.

import { type CompletionItem, CompletionItemKind } from 'vscode-languageserver';
import { FUNCTIONS } from '../../spec/functions.ts';
import { TASKS, taskDeclaration } from '../../spec/tasks.ts';
import type { NamedThing } from '../analysis.ts';
import { showForm, showSignature } from '../calls.ts';
import { EXTRACTORS } from '../extractors.ts';
import { JUDGE_SETTINGS } from '../judge_settings.ts';
import { judgeSettingDoc } from '../lower/judge.ts';
import { MOTIVATION_HOLES } from '../lower/motivation_text.ts';
import { settingDoc } from '../lower/plan.ts';
import { describeArgument } from '../lower/task.ts';
import { metricDoc } from '../lower/watch.ts';
import { METRICS } from '../metrics.ts';
import { builtinScope } from '../scope.ts';
import { SETTINGS, type SettingDeclaration, wantedValue } from '../settings.ts';
import { isRefusal, PENDING } from '../surroundings.ts';
import { showType } from '../types.ts';
import type { EditorDocument } from './document.ts';
import { fieldsBefore } from './fields.ts';
import { markdown } from './hover.ts';

/** `place` is the grammar's rule and property, `Call.function`; `prefix` the section up to the name. */
export function namesFor(place: string, document: EditorDocument, prefix: string): CompletionItem[] {
  switch (place) {
    case 'Name.name':
      return [...things(document, ['capture', 'rule']), ...columns(document), ...builtins(), ...variables(prefix)];
    case 'Call.function':
      return [...things(document, ['verifier', 'judge']), ...functions()];
    case 'Postfix.name':
      return fields(document, prefix);
    case 'ColumnDeclaration.name':
      return dataColumns(document, prefix);
    case 'CaptureDeclaration.extractor':
      return EXTRACTORS.map((each) => item(each.name, CompletionItemKind.Function, each.form, each.doc));
    case 'TaskSection.name':
      return TASKS.map((task) => item(task.name, CompletionItemKind.Module, `task ${task.name}`, task.doc));
    case 'TaskArgument.name':
      return taskArguments(prefix);
    case 'Setting.name':
      return prefix.startsWith('judge') ? judgeSettings() : settings(prefix);
    case 'Word.':
    case 'Setting.word':
      return settingValues(prefix);
    case 'MetricName.name':
      return [...metrics(), ...things(document, ['rule'])];
    case 'RuleName.name':
      return things(document, ['rule']);
    case 'Expectation.name':
      return [item('reward', CompletionItemKind.Value, 'reward', 'The total.'), ...things(document, ['rule'])];
    case 'ArmMotivation.name':
    case 'Derivation.base':
      return things(document, ['motivation']);
    case 'ExampleGiven.name':
      return things(document, ['verifier', 'judge']);
    case 'Field.name':
      return prefix.startsWith('example') ? columns(document) : [];
    default:
      return [];
  }
}

/** Names for an open hole in a text of this section. */
export function holesIn(document: EditorDocument, section: string): CompletionItem[] {
  if (section.startsWith('prompt')) {
    const doc = "Where the arm's motivation goes.";
    const motivation = item('motivation', CompletionItemKind.Keyword, '{motivation}', doc);
    return [motivation, ...columns(document).filter(({ detail }) => !detail?.endsWith('(secret)'))];
  }
  if (section.startsWith('judge')) {
    const parameters = /^judge\s+\w+\s*\(([^)]*)\)/.exec(section)?.[1]?.match(/\w+/g) ?? [];
    return parameters.map((name) => item(name, CompletionItemKind.Variable, `{${name}}`, 'An argument of the call.'));
  }
  if (section.startsWith('motivation')) {
    return MOTIVATION_HOLES.map((name) => item(name, CompletionItemKind.Keyword, `{${name}}`, ''));
  }
  return [];
}

function item(label: string, kind: CompletionItemKind, signature: string, doc: string): CompletionItem {
  return { label, kind, detail: signature, documentation: markdown(signature, doc), sortText: `1${label}` };
}

const ICONS: Partial<Record<NamedThing['kind'], CompletionItemKind>> = {
  capture: CompletionItemKind.Field,
  rule: CompletionItemKind.Function,
  verifier: CompletionItemKind.Function,
  judge: CompletionItemKind.Function,
  motivation: CompletionItemKind.Text,
};

function things({ analysed, remembered }: EditorDocument, kinds: readonly NamedThing['kind'][]): CompletionItem[] {
  return [...analysed.analysis.things, ...remembered]
    .filter((thing) => kinds.includes(thing.kind) && thing.name !== '')
    .map((thing) => item(thing.name, ICONS[thing.kind] ?? CompletionItemKind.Variable, thing.signature, thing.doc));
}

function columns(document: EditorDocument): CompletionItem[] {
  return document.columns.map((column) => {
    const signature = `column ${column.name}: ${showType(column.type)}${column.secret ? ' (secret)' : ''}`;
    return item(column.name, CompletionItemKind.Property, signature, column.doc);
  });
}

/** Columns of the data file, in the block that lists them. */
function dataColumns({ around }: EditorDocument, prefix: string): CompletionItem[] {
  const [, format, path = ''] = /^task\s+(jsonl|csv|parquet)\s*\(\s*"([^"\n]+)"/.exec(prefix) ?? [];
  if (format !== 'jsonl' && format !== 'csv' && format !== 'parquet') return [];
  const facts = around.data({ format, path });
  if (facts === PENDING || isRefusal(facts)) return [];
  return facts.columns.map(({ name, type }) => {
    const signature = `column ${name}: ${type === null ? 'of no single type' : showType(type)}`;
    return item(name, CompletionItemKind.Property, signature, `In \`${path}\`.`);
  });
}

/** Fields of the record before the dot. */
function fields(document: EditorDocument, prefix: string): CompletionItem[] {
  return fieldsBefore(document, prefix).map(({ name, type }) =>
    item(name, CompletionItemKind.Field, `${name}: ${showType(type)}`, ''),
  );
}

function builtins(): CompletionItem[] {
  const scope = builtinScope();
  return scope.names().flatMap((name) => {
    const thing = scope.find(name)?.thing;
    return thing ? [item(name, CompletionItemKind.Constant, thing.signature, thing.doc)] : [];
  });
}

/** Variables of `all(x in …: ` that are still open. */
function variables(prefix: string): CompletionItem[] {
  const line = prefix.slice(prefix.lastIndexOf('\n') + 1);
  return [...line.matchAll(/\b(?:all|any|count)\s*\(\s*(\w+)\s+in\b/g)].map(([, name = '']) =>
    item(name, CompletionItemKind.Variable, name, 'Each item in turn of the list.'),
  );
}

function functions(): CompletionItem[] {
  return FUNCTIONS.map((declaration) => {
    const examples = declaration.examples.map((example) => `- \`${example.source}\` is ${example.value}`);
    const doc = `${declaration.doc}\n\n${examples.join('\n')}`;
    const described = item(declaration.name, CompletionItemKind.Function, showSignature(declaration), doc);
    return { ...described, labelDetails: { detail: showForm(declaration).slice(declaration.name.length) } };
  });
}

function taskArguments(prefix: string): CompletionItem[] {
  const name = /^task\s+(\w+)/m.exec(prefix)?.[1] ?? '';
  return (taskDeclaration(name)?.arguments ?? []).map((argument) =>
    item(argument.name, CompletionItemKind.Property, `${argument.name}: `, describeArgument(argument)),
  );
}

function settings(prefix: string): CompletionItem[] {
  const lora = SETTINGS.find(({ name }) => name === 'lora')?.kind;
  const inner: readonly SettingDeclaration[] = lora?.kind === 'block' ? lora.settings : [];
  return (/\blora\s*\{[^}]*$/.test(prefix) ? inner : SETTINGS).map((setting) => {
    const signature = `${setting.name}: ${wantedValue(setting).replaceAll('`', '')}`;
    return item(setting.name, CompletionItemKind.Property, signature, settingDoc(setting));
  });
}

function judgeSettings(): CompletionItem[] {
  return JUDGE_SETTINGS.map((setting) => {
    const signature = `${setting.name}: ${setting.wanted}`;
    return item(setting.name, CompletionItemKind.Property, signature, judgeSettingDoc(setting));
  });
}

/** Words that are values of the setting right before the cursor. */
function settingValues(prefix: string): CompletionItem[] {
  const name = /(\w+)\s+$/.exec(prefix)?.[1];
  const kind = SETTINGS.find((setting) => setting.name === name)?.kind;
  const values = kind?.kind === 'choice' ? kind.values : kind?.kind === 'model' ? ['bundled:tiny'] : [];
  return values.map((value) => item(value, CompletionItemKind.Value, value, ''));
}

function metrics(): CompletionItem[] {
  return METRICS.map((metric) =>
    item(metric.name, CompletionItemKind.Value, `metric ${metric.name}`, metricDoc(metric)),
  );
}
