import type { Policy } from './define-configuration.ts';
import { toEdits, type Transformed } from './transformations.ts';

/** What is known of who asks. */
export interface Client {
  readonly accept?: string | undefined;
  readonly host?: string | undefined;
  /** Pixels of the screen to one of CSS. */
  readonly dpr?: number | undefined;
  /** In pixels of CSS. */
  readonly viewportWidth?: number | undefined;
}

/** Headers that an answer depends on besides `Accept`, as a browser sends them. */
export type Hint = 'sec-ch-dpr' | 'sec-ch-viewport-width';

/**
 * What a policy makes of a picture for this client.
 *
 * As in AWS's solution its outputs come after its transformations: a quality for the screen's density, a width for the viewport, a format.
 */
export function applyPolicy(
  { edits = {}, transformations = [], outputs = [] }: Policy,
  client: Client,
): Transformed & { readonly hints: readonly Hint[] } {
  const held = transformations.filter(({ condition }) => condition === undefined || holds(condition, client));
  const said = outputs.map((output): { transformation: string; value: unknown; hint?: Hint } | undefined => {
    if (output.type === 'format') return { transformation: 'format', value: output.value };
    if (output.type === 'quality') {
      const [usual, ...others] = output.value;
      const { dpr } = client;
      const other = dpr === undefined ? undefined : others.find(([from, below]) => dpr >= from && dpr < below);
      return { transformation: 'quality', value: other?.[2] ?? usual, ...(others.length > 0 && { hint: 'sec-ch-dpr' }) };
    }
    const widths = output.value.toSorted((a, b) => a - b);
    const { viewportWidth } = client;
    const width = viewportWidth === undefined ? undefined : (widths.find((each) => each > viewportWidth) ?? widths.at(-1));
    return { transformation: 'resize', value: width === undefined ? undefined : { width }, hint: 'sec-ch-viewport-width' };
  });
  const all = said.flatMap((output) => output ?? []);
  const made = toEdits([...held, ...all.filter(({ value }) => value !== undefined)]);
  const asked = transformations.flatMap(({ condition }) => hintOf(condition?.field) ?? []);
  return {
    edits: { ...edits, ...made.edits },
    quality: made.quality,
    hints: [...new Set([...asked, ...all.flatMap(({ hint }) => hint ?? [])])],
  };
}

type Condition = NonNullable<NonNullable<Policy['transformations']>[number]['condition']>;

function holds({ field, value }: Condition, client: Client): boolean {
  const values = (Array.isArray(value) ? value : [value]).map(String);
  switch (field.replace(/^dit-/, '')) {
    case 'accept':
      // A client accepts several: one of them is enough.
      return values.some((type) => client.accept?.includes(type));
    case 'host':
      return values.includes(client.host ?? '');
    case 'dpr':
      return client.dpr !== undefined && values.map(Number).includes(client.dpr);
    default:
      return client.viewportWidth !== undefined && values.map(Number).includes(client.viewportWidth);
  }
}

function hintOf(field: string | undefined): Hint | undefined {
  if (field?.endsWith('dpr')) return 'sec-ch-dpr';
  return field?.endsWith('viewport-width') ? 'sec-ch-viewport-width' : undefined;
}
