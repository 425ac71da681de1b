import type { Call } from '@larder/local/kernel/call';
import type { CallFault } from '@larder/local/kernel/faults';

/** What the fault suite takes out, one at a time, to see that it would notice. */
export type Mechanism = 'inbox' | 'outbox' | 'condition' | 'idempotency-key';

interface Action {
  readonly Put?: Readonly<Record<string, unknown>>;
  readonly Update?: Readonly<Record<string, unknown>>;
}

/**
 * Changes a call as if the service had been written without a mechanism.
 *
 * @param sometimes draws by the seed: true for a share of the calls.
 */
export function sabotage(call: Call, mechanism: Mechanism | undefined, sometimes: (share: number) => boolean): CallFault | undefined {
  switch (mechanism) {
    case 'inbox':
      return withoutPuts(call, /-inbox$/);
    case 'outbox':
      // State first, event afterwards: now and then the process ends in between. What is on sale still has to come into stock.
      return putsTo(call, /-(orders|inventory|payments)-outbox$/) && sometimes(0.1) ? withoutPuts(call, /-outbox$/) : undefined;
    case 'condition':
      return withoutCondition(call, /-inventory-stock$/);
    case 'idempotency-key':
      return withoutKey(call, /-psp-sandbox-charges$/);
    case undefined:
      return undefined;
  }
}

const actionsOf = ({ operation, input }: Call) => (operation === 'TransactWriteItems' ? (input.TransactItems as readonly Action[]) : []);
const isPutTo = (action: Action, table: RegExp) => table.test(String(action.Put?.TableName));
const putsTo = (call: Call, table: RegExp) => actionsOf(call).some((action) => isPutTo(action, table));

function withoutPuts(call: Call, table: RegExp): CallFault | undefined {
  const rest = actionsOf(call).filter((action) => !isPutTo(action, table));
  return putsTo(call, table) && rest.length > 0 ? { kind: 'replace', input: { ...call.input, TransactItems: rest } } : undefined;
}

function withoutCondition(call: Call, table: RegExp): CallFault | undefined {
  const actions = actionsOf(call);
  const concerned = (action: Action) => table.test(String(action.Update?.TableName));
  if (!actions.some(concerned)) return undefined;
  const changed = actions.map((action) => {
    if (!action.Update || !concerned(action)) return action;
    const { ConditionExpression: _, ...update } = action.Update;
    return { ...action, Update: update };
  });
  return { kind: 'replace', input: { ...call.input, TransactItems: changed } };
}

/** A provider that does not know an order again: each request for it is a new line of the ledger. */
function withoutKey({ operation, input }: Call, table: RegExp): CallFault | undefined {
  if (!table.test(String(input.TableName))) return undefined;
  if (operation === 'GetItem') return { kind: 'replace', input: { ...input, Key: { orderId: { S: 'nobody' } } } };
  if (operation !== 'PutItem') return undefined;
  const item = input.Item as Readonly<Record<string, { S?: string }>>;
  const { ConditionExpression: _, ...rest } = input;
  return { kind: 'replace', input: { ...rest, Item: { ...item, orderId: { S: `${item.orderId?.S}~${item.chargeId?.S}` } } } };
}
