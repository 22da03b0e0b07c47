// Whole sections and parts that completion offers beside their first word, with places to fill in.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the places of snippets, not of template strings.

export const SNIPPETS: Record<string, string> = {
  experiment: 'experiment ${1:name}',
  task: 'task ${1:knights_and_knaves}(people: ${2:3..7}, train: ${3:4500}, test: ${4:700}, seed: ${5:1})',
  import: 'import "${1:./shared.merf}"',
  verifier: 'verifier ${1:run_tests}(${2:code, cases}): ${3:0..1} from "${4:./verify.py}" timeout ${5:5}s',
  judge:
    'judge ${1:helpful}(${2:question, reply}): ${3:0..10} {\n  endpoint "${4:https://api.openai.com/v1}"\n  model "${5:gpt-4o-mini}"\n  key "${6:OPENAI_API_KEY}"\n  prompt """\n    ${7:How helpful is this reply, from 0 to 10?}\n    {reply}\n  """\n}',
  stage: 'stage ${1:pilot} {\n  steps ${2:30}\n  pass when ${3:accuracy} > ${4:5%} for ${5:3} steps\n}',
  prompt:
    'prompt {\n  system """\n    ${1:You are a helpful assistant.}\n    {motivation}\n  """\n  user "{${2:quiz}}"\n}',
  response: 'response {\n  ${1:answer} = tag("${2:answer}")\n}',
  reward:
    'reward {\n  rule ${1:format} "${2:Format}" {\n    +1 when ${3:exactly(think, answer)} : "${4:the response has both parts}"\n    -1 otherwise : "${5:the response has any other shape}"\n  }\n}',
  rule: 'rule ${1:name} "${2:Title}" {\n  +1 when ${3:condition} : "${4:text}"\n  -1 otherwise : "${5:text}"\n}',
  motivation: 'motivation ${1:full} {\n  """\n  ${2:Evaluation Scoring Rules:}\n  {rules}\n  """\n}',
  arm: 'arm ${1:merf} { motivation ${2:full} }',
  train:
    'train {\n  model ${1:bundled:tiny}\n  steps ${2:60}  prompts ${3:8}  group ${4:8}  max_response ${5:224}\n  seeds ${6:1}\n  evaluate every ${7:20} steps with motivation and without\n}',
  watch: 'watch {\n  alert when ${1:truncated} > ${2:15%} for ${3:5} steps\n}',
  example:
    'example "${1:solved}" {\n  row { ${2:names}: ${3:["Zoey"]} }\n  response "${4:…}"\n  expect reward ${5:3}\n}',
  evaluate: 'evaluate every ${1:20} steps with motivation and without',
  alert: 'alert when ${1:truncated} > ${2:15%} for ${3:5} steps',
  stop: 'stop when ${1:kl} > ${2:2.0} for ${3:10} steps',
};
