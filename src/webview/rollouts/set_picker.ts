// Choosing a file of rollouts: what kind (only those that exist are offered), and which step, with a slider over the
// steps there are and a button to either side.

import { type RolloutSet, sameSet } from '../../run/view.ts';
import { button, choice, element } from '../element.ts';
import type { Text } from '../text.ts';

export function setPicker(
  sets: readonly RolloutSet[],
  current: RolloutSet | null,
  text: Text,
  pick: (set: RolloutSet) => void,
): HTMLElement[] {
  if (!current) return [];
  const names = {
    train: text.training,
    motivation: `${text.heldOut}: ${text.withMotivation}`,
    none: `${text.heldOut}: ${text.withoutMotivation}`,
  };
  const kinds = (['train', 'motivation', 'none'] as const).filter((kind) => sets.some((set) => set.kind === kind));
  const same = sets.filter((set) => set.kind === current.kind);
  const index = same.findIndex((set) => sameSet(set, current));
  const last = same.at(-1)?.step ?? current.step;
  const go = (at: number) => {
    const set = same[Math.min(same.length - 1, Math.max(0, at))];
    if (set && !sameSet(set, current)) pick(set);
  };

  const slider = element('input', { 'aria-label': text.step });
  slider.type = 'range';
  slider.min = '0';
  slider.max = String(Math.max(0, same.length - 1));
  slider.value = String(index);
  slider.setAttribute('aria-valuetext', text.stepOf(current.step, last));
  const label = element('output', { class: 'step' }, text.stepOf(current.step, last));
  slider.addEventListener('input', () => {
    label.textContent = text.stepOf(same[Number(slider.value)]?.step ?? current.step, last);
  });
  slider.addEventListener('change', () => go(Number(slider.value)));
  const previous = button('‹', { 'aria-label': text.previous, title: text.previous }, () => go(index - 1));
  const next = button('›', { 'aria-label': text.next, title: text.next }, () => go(index + 1));
  previous.disabled = index <= 0;
  next.disabled = index >= same.length - 1;

  const toKind = (kind: RolloutSet['kind']) => {
    const there = sets.filter((set) => set.kind === kind);
    const near = there.reduce<RolloutSet | null>(
      (best, set) => (!best || Math.abs(set.step - current.step) < Math.abs(best.step - current.step) ? set : best),
      null,
    );
    if (near) pick(near);
  };
  const kindChoice = choice(
    text.rollouts,
    kinds.map((kind) => ({ value: kind, label: names[kind] })),
    current.kind,
    toKind,
  );
  return [kindChoice, element('span', { class: 'steps' }, previous, slider, next), label];
}
