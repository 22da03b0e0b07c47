// The pages that are written from the language's own tables: docs/diagnostics.md whole, and the tables between
// `<!-- tables: NAME -->` and `<!-- end -->` in docs/language.md. A test holds the files equal to what comes out here.

import { FUNCTIONS } from '../spec/functions.ts';
import { TASKS } from '../spec/tasks.ts';
import { showSignature } from './calls.ts';
import { diagnosticKinds } from './diagnostics.ts';
import { EXTRACTORS } from './extractors.ts';
import { JUDGE_SETTINGS } from './judge_settings.ts';
import { describeArgument } from './lower/task.ts';
import { METRICS } from './metrics.ts';
import { SETTINGS, wantedValue } from './settings.ts';
import { showType } from './types.ts';

/** docs/diagnostics.md. */
export function diagnosticsPage(): string {
  const kinds = diagnosticKinds();
  const list = kinds.map(
    ({ code, severity, title }) => `| [${code}](#${code.toLowerCase()}) | ${severity} | ${title} |`,
  );
  const sections = kinds.map(({ code, severity, title, why, bad, good }) => {
    const heading = `## ${code}\n\n**${title}** (${severity})\n\n${why}`;
    return `${heading}\n\nInstead of\n\n${fenced(bad)}\n\nwrite\n\n${fenced(good)}\n`;
  });
  return `# Diagnostics

What \`merf check\` and the editor report about a \`.merf\` file. With an error there is no specification, so nothing
can be scored or trained; a warning stops nothing. This page is written from the checker's own list.

| Code | Severity | What |
|---|---|---|
${list.join('\n')}

${sections.join('\n')}`;
}

function fenced(code: string): string {
  return `\`\`\`merf\n${code}\n\`\`\``;
}

const TABLES: ReadonlyMap<string, () => string> = new Map([
  ['tasks', tasksTable],
  ['captures', capturesTable],
  ['functions', functionsTable],
  ['settings', settingsTable],
  ['judges', judgesTable],
  ['metrics', metricsTable],
]);

export const TABLE_NAMES: readonly string[] = [...TABLES.keys()];

/** A page with its tables written anew. */
export function withTables(page: string): string {
  return page.replace(/(<!-- tables: (\w+) -->\n)[\s\S]*?(<!-- end -->)/g, (whole, start, name, end) => {
    const table = TABLES.get(name);
    return table ? `${start}${table()}\n${end}` : whole;
  });
}

function tasksTable(): string {
  return TASKS.map((task) => {
    const columns = task.columns.map(
      ({ name, type, secret, doc }) => `| \`${name}\` | ${showType(type)} | ${secret ? 'secret' : ''} | ${cell(doc)} |`,
    );
    const described = task.arguments.map(describeArgument).join('\n');
    const table = columns.length > 0 ? `\n\n| Column | Type | | |\n|---|---|---|---|\n${columns.join('\n')}` : '';
    return `**\`${task.form ?? task.name}\`**: ${task.doc}\n\n${described}${table}`;
  }).join('\n\n');
}

function capturesTable(): string {
  const rows = EXTRACTORS.map(({ form, result, doc }) => `| \`${form}\` | ${showType(result)} | ${cell(doc)} |`);
  return `| Capture | Type | What it finds |\n|---|---|---|\n${rows.join('\n')}`;
}

function functionsTable(): string {
  const rows = FUNCTIONS.map((declaration) => {
    const [example] = declaration.examples;
    const shown = example ? `\`${example.source}\` is ${cell(example.value)}` : '';
    return `| \`${cell(showSignature(declaration))}\` | ${cell(declaration.doc)} | ${shown} |`;
  });
  return `| Function | | Example |\n|---|---|---|\n${rows.join('\n')}`;
}

function settingsTable(): string {
  const all = SETTINGS.flatMap((setting) => [setting, ...(setting.kind.kind === 'block' ? setting.kind.settings : [])]);
  const rows = all.map((setting) => {
    const standard = setting.standard === null ? '' : `\`${setting.standard}\``;
    return `| \`${setting.example}\` | ${cell(wantedValue(setting))} | ${standard} | ${cell(setting.doc)} |`;
  });
  return `| Setting | Takes | When left out | |\n|---|---|---|---|\n${rows.join('\n')}`;
}

function judgesTable(): string {
  const rows = JUDGE_SETTINGS.map(({ example, wanted, required, standard, doc }) => {
    const otherwise = required ? 'must be there' : standard === null ? '' : `\`${standard}\``;
    return `| \`${cell(example)}\` | ${cell(wanted)} | ${otherwise} | ${cell(doc)} |`;
  });
  return `| Setting | Takes | When left out | |\n|---|---|---|---|\n${rows.join('\n')}`;
}

function metricsTable(): string {
  const rows = METRICS.map(({ name, metric, doc }) => `| \`${name}\` | \`${metric}\` | ${cell(doc)} |`);
  return `| Metric | In metrics.jsonl | |\n|---|---|---|\n${rows.join('\n')}`;
}

/** Inside a table a bar would end the cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
