// The bar that says which responses are listed: a filter expression, words to search for, an order. It depends on the
// specification alone and is drawn once for a run.

import type { FilterNames } from '../../run/filter/expression.ts';
import { scoreText } from '../../run/number_text.ts';
import { ListOrder } from '../../run/rollouts/list_query.ts';
import type { Specification } from '../../spec/specification.ts';
import { choice, searchBox } from '../element.ts';
import type { RolloutsState } from '../messages.ts';
import type { Text } from '../text.ts';
import { caseFilter } from './case_list.ts';
import { type FilterBox, filterBox } from './filter_box.ts';

/** Fills the bar; its box, for the focus. `hasNotes`: responses can be starred and noted here. */
export function drawFilterBar(
  bar: HTMLElement,
  of: { specification: Specification; names: FilterNames; state: RolloutsState; hasNotes: boolean; text: Text },
  ask: (part: Partial<RolloutsState>) => void,
): FilterBox {
  const { state, text } = of;
  const box = filterBox(state.filter, of.names, readyConditions(of), text, (filter) => ask({ filter }));
  const orders = ListOrder.options.map((value) => ({ value, label: text.orders[value] }));
  bar.replaceChildren(
    box.element,
    searchBox(text.search, state.search, (search) => ask({ search })),
    choice(text.order, orders, state.order, (order) => ask({ order })),
  );
  return box;
}

/** Conditions to choose from: the verdict, the notes, every case of every rule. */
function readyConditions({
  specification,
  hasNotes,
  text,
}: Pick<Parameters<typeof drawFilterBar>[1], 'specification' | 'hasNotes' | 'text'>): {
  condition: string;
  label: string;
}[] {
  const cases = specification.rules.flatMap((rule) =>
    rule.cases.map((entry, index) => {
      const score = entry.score.kind === 'number' ? `${scoreText(entry.score.value)} ` : '';
      return {
        condition: caseFilter(rule.name, index),
        label: `${rule.title}: ${score}${entry.text ?? text.otherwise}`,
      };
    }),
  );
  const notes = [
    { condition: 'starred', label: text.starred },
    { condition: 'note', label: text.noted },
  ];
  return [
    { condition: 'right', label: text.right },
    { condition: 'not right', label: text.wrong },
    { condition: 'not finished', label: text.finish.length },
    ...(hasNotes ? notes : []),
    ...cases,
  ];
}
