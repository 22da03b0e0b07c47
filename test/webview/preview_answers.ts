// What the extension answers the prompt preview: a prompt of two arms, and one that cannot be rendered.

import type { ArmPrompt } from '../../src/spec/prompt_view.ts';
import { PreviewState, type ToPreview } from '../../src/webview/messages.ts';

export const MOTIVATION = 'Evaluation Scoring Rules:\nFormat:\n+1: both parts\n-1: <script>alert(1)</script>';

function armPrompt(arm: string, motivation: string | null): ArmPrompt {
  const lead = { text: 'You are a helpful assistant.\n', motivation: false };
  const parts = motivation === null ? [lead] : [lead, { text: MOTIVATION, motivation: true }];
  return {
    arm,
    motivation,
    model: 'bundled:tiny',
    messages: [
      { role: 'system', parts },
      { role: 'user', parts: [{ text: 'Zoey says: "Oliver is a knave".', motivation: false }] },
    ],
    tokens: motivation === null ? { all: 120, motivation: 0 } : { all: 168, motivation: 48 },
    noTokens: null,
  };
}

export function previewAnswer(change: Partial<PreviewState> = {}, language: 'en' | 'ja' = 'en'): ToPreview {
  const state = PreviewState.parse({ uri: 'file:///a.merf', row: 4, ...change });
  const named = { rlvr: null, merf: 'full' } as const;
  const pick = (name: string | null) => (name === 'rlvr' ? armPrompt(name, named.rlvr) : armPrompt('merf', named.merf));
  return {
    kind: 'answer',
    language,
    file: 'knights.merf',
    state,
    answer: {
      kind: 'prompt',
      id: 1,
      arms: [
        { name: 'rlvr', motivation: null },
        { name: 'merf', motivation: 'full' },
      ],
      split: state.split,
      row: state.row,
      rows: { train: 100, test: 20 },
      shown: pick(state.arm),
      other: state.other === null ? null : pick(state.other),
    },
  };
}

export const previewTrouble: ToPreview = {
  kind: 'answer',
  language: 'en',
  file: 'knights.merf',
  state: PreviewState.parse({ uri: 'file:///a.merf' }),
  answer: { kind: 'trouble', id: 2, message: 'There is no name `rolse`. Did you mean `roles`?', line: 29 },
};
