// The diagnostics of .merf files as SARIF 2.1.0 (OASIS), which code hosts show beside a change: one run, a rule for every
// kind of diagnostic, a result for every finding. Lines and columns count from 1 there, columns in UTF-16 units. A file
// that cannot be read is a notification of the tool. Left out: fixes, and fingerprints, which the hosts make themselves.

import { diagnosticKinds } from '../../language/diagnostics.ts';
import { version } from '../version.ts';
import type { FileReport } from './report.ts';

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';

/** An object that JSON.stringify makes a SARIF log of. */
export function sarifLog(reports: readonly FileReport[]): unknown {
  const kinds = diagnosticKinds();
  const rules = kinds.map(({ code, severity, title, why }) => ({
    id: code,
    shortDescription: { text: title },
    fullDescription: { text: why },
    defaultConfiguration: { level: severity },
  }));
  const unread = reports.flatMap(({ file, error }) =>
    error === undefined
      ? []
      : [
          {
            level: 'error',
            message: { text: error },
            locations: [{ physicalLocation: { artifactLocation: at(file) } }],
          },
        ],
  );
  const results = reports.flatMap(({ file, diagnostics }) =>
    diagnostics.map(({ code, severity, message, range: { start, end } }) => ({
      ruleId: code,
      ruleIndex: kinds.findIndex((kind) => kind.code === code),
      level: severity,
      message: { text: message },
      locations: [
        {
          physicalLocation: {
            artifactLocation: at(file),
            region: {
              startLine: start.line + 1,
              startColumn: start.character + 1,
              endLine: end.line + 1,
              endColumn: end.character + 1,
            },
          },
        },
      ],
    })),
  );
  const invocation = { executionSuccessful: unread.length === 0, toolExecutionNotifications: unread };
  const run = {
    tool: { driver: { name: 'merf', version, rules } },
    columnKind: 'utf16CodeUnits',
    invocations: [invocation],
    results,
  };
  return { $schema: SCHEMA, version: '2.1.0', runs: [run] };
}

/** A relative path stays relative; SARIF wants URIs. */
function at(file: string): { uri: string } {
  const path = file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
  const isDrive = /^[A-Za-z]%3A\//.test(path);
  if (isDrive) return { uri: `file:///${path.replace('%3A', ':')}` };
  return { uri: path.startsWith('/') ? `file://${path}` : path };
}
