// Diagnostics 22x: verifiers and judges.

import { kind } from './kind.ts';

export const EXTERNAL_DIAGNOSTICS = {
  externalDescription: kind({
    code: 'MERF221',
    severity: 'error',
    title: 'A verifier or a judge is described wrongly',
    message: (found: string, remedy: string) => `${found} ${remedy}`,
    why: 'A verifier names its script (JavaScript or Python) and what it answers; a judge names its endpoint, its model and its prompt. Without one of them there is nothing to ask.',
    bad: 'verifier run_tests(code): 1..0 from "./verify.sh"',
    good: 'verifier run_tests(code): 0..1 from "./verify.py"',
  }),
  unusedParameter: kind({
    code: 'MERF222',
    severity: 'warning',
    title: 'A parameter is not used',
    message: (judge: string, parameter: string) =>
      `The prompt of \`${judge}\` has no \`{${parameter}}\`, so the judge never sees it. Put it into \`prompt\`, or remove the parameter.`,
    why: 'A judge knows what its prompt says and nothing else.',
    bad: 'judge helpful(question, reply): 0..10 { prompt "How good is {reply}?" … }',
    good: 'judge helpful(question, reply): 0..10 { prompt "How good is {reply} as an answer to {question}?" … }',
  }),
  keyInFile: kind({
    code: 'MERF223',
    severity: 'error',
    title: 'A key is written in the file',
    message: (where: string) =>
      `${where} Put the key into an environment variable, name that: \`key "OPENAI_API_KEY"\`, and make this key invalid where it was issued if the file was ever shared.`,
    why: 'A .merf file is shared, kept in version control and copied into every run. A key in it is given away.',
    bad: 'key "sk-…"',
    good: 'key "OPENAI_API_KEY"',
  }),
  openEndpoint: kind({
    code: 'MERF224',
    severity: 'warning',
    title: 'A judge is asked over an open connection',
    message: (host: string) =>
      `\`http://\` sends prompts and the key to ${host} so that anyone between can read them. Use \`https://\`.`,
    why: 'Only a server on this machine may be asked without encryption.',
    bad: 'endpoint "http://judge.example.com/v1"',
    good: 'endpoint "https://judge.example.com/v1"',
  }),
  scriptMissing: kind({
    code: 'MERF225',
    severity: 'warning',
    title: "A verifier's script cannot be read",
    message: (script: string, name: string) =>
      `\`${script}\` is not there or cannot be read, so \`${name}\` makes every response that needs it invalid. Check the path; it counts from the folder of the file that names it.`,
    why: 'Scoring and training need the script; without it nothing is known of a response, and it is left out.',
    bad: 'verifier run_tests(code) from "./verfy.py"',
    good: 'verifier run_tests(code) from "./verify.py"',
  }),
  scriptWithoutFunction: kind({
    code: 'MERF226',
    severity: 'warning',
    title: "A script does not have the verifier's function",
    message: (script: string, name: string) =>
      `\`${script}\` does not mention \`${name}\`. Define a function of this name there, or give the verifier the name of the script's.`,
    why: 'The script is asked by the name of the verifier.',
    bad: 'verifier runs_tests(code) from "./verify.py"',
    good: 'verifier run_tests(code) from "./verify.py"',
  }),
} as const;
