import type { Call } from '@larder/local/kernel/call';
import type { CallFault, FaultHook } from '@larder/local/kernel/faults';
import { chance } from '../random.ts';
import { sabotage, type Mechanism } from './sabotage.ts';

/**
 * Faults by a seed: whether the n-th call that a function makes of an operation fails, and how, depends on nothing else, so that
 * a seed gives the same schedule again. Loaded by `larder local up --faults`; configured by the environment:
 * `FAULT_SEED` (a number), `FAULT_RATE` (1 is a bad day, 0 is none), `FAULT_SABOTAGE` (a mechanism to take out).
 */
export default function faultHook(env: NodeJS.ProcessEnv): FaultHook {
  const seed = Number(env.FAULT_SEED ?? 1);
  const rate = Number(env.FAULT_RATE ?? 1);
  const takenOut = env.FAULT_SABOTAGE as Mechanism | undefined;
  const counts = new Map<string, number>();
  /** Faults begin once the services are deployed: what puts the opening assortment on sale, and brings its pictures, is part of that. */
  const spared = (functionName: string) => /-(seed|seedPictures|requestUpload)$/.test(functionName);

  /** The first fault of a list that this occurrence draws; the list gives each its share of all occurrences on a day like `badness`. */
  const draw = <Fault>(badness: number, shares: readonly (readonly [number, Fault])[], ...identity: string[]): Fault | undefined => {
    const key = identity.join(' ');
    const nth = (counts.get(key) ?? 0) + 1;
    counts.set(key, nth);
    let drawn = chance(seed, key, nth);
    for (const [share, fault] of shares) {
      drawn -= share * badness;
      if (drawn < 0) return fault;
    }
    return undefined;
  };

  return {
    onCall: (call) => {
      if (call.caller.kind !== 'function' || spared(call.caller.functionName)) return undefined;
      const function_ = call.caller.functionName;
      return (
        sabotage(call, takenOut, (share) => draw(1, [[share, true]], function_, 'sabotage') ?? false) ??
        draw(rate, callFaults(call), function_, call.operation) ??
        hastened(call)
      );
    },
    onDelivery: ({ functionName }) =>
      draw(
        rate,
        [
          [0.04, { kind: 'duplicate' }],
          [0.04, { kind: 'reverse' }],
          [0.01, { kind: 'delay', ms: 3000 }],
        ] as const,
        functionName,
        'delivery',
      ),
    onInvocation: ({ functionName }) =>
      spared(functionName)
        ? undefined
        : draw(
            rate,
            [
              [0.01, { kind: 'throttle' }],
              [0.005, { kind: 'crash' }],
              [0.005, { kind: 'timeout' }],
            ] as const,
            functionName,
            'invocation',
          ),
  };
}

/** Lost replies and crashes can happen to any call; how a call fails depends on what it is. */
const anywhere: readonly (readonly [number, CallFault])[] = [
  [0.01, { kind: 'lose-reply' }],
  [0.005, { kind: 'crash', when: 'before' }],
  [0.005, { kind: 'crash', when: 'after' }],
  [0.02, { kind: 'delay', ms: 50 }],
];

const throttled: CallFault = { kind: 'error', code: 'ProvisionedThroughputExceededException', message: 'Too fast (injected)', status: 400 };
const unavailable: CallFault = { kind: 'error', code: 'InternalFailure', message: 'Try again (injected)', status: 500 };

function callFaults(call: Call): readonly (readonly [number, CallFault])[] {
  switch (call.operation) {
    case 'TransactWriteItems':
      return [...anywhere, [0.02, throttled], [0.03, conflict(call)]];
    case 'PutEvents':
      return [...anywhere, [0.01, unavailable], [0.05, failInPart(call)]];
    default:
      return [...anywhere, [0.01, call.service === 'dynamodb' ? throttled : unavailable]];
  }
}

/** Seconds after which a failed message comes again, at most. The kit asks for up to two minutes, which would take a run hours. */
const PATIENCE_S = 2;

/** Not a fault: what fails is tried again as often and in as random an order as ever, and sooner. */
function hastened({ operation, input }: Call): CallFault | undefined {
  if (operation !== 'ChangeMessageVisibilityBatch') return undefined;
  const entries = input.Entries as readonly { readonly VisibilityTimeout: number }[];
  const sooner = entries.map((entry) => ({ ...entry, VisibilityTimeout: Math.min(entry.VisibilityTimeout, PATIENCE_S) }));
  return { kind: 'replace', input: { ...input, Entries: sooner } };
}

function conflict({ input }: Call): CallFault {
  const actions = input.TransactItems as readonly unknown[];
  const reasons = actions.map((_, index) =>
    index === 0 ? { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item (injected)' } : { Code: 'None' },
  );
  return {
    kind: 'error',
    code: 'TransactionCanceledException',
    message: 'Transaction cancelled (injected)',
    status: 400,
    members: { CancellationReasons: reasons },
  };
}

/** Puts all entries but the last one, and says so as EventBridge does: in an answer with status 200. */
function failInPart({ input }: Call): CallFault {
  const entries = input.Entries as readonly unknown[];
  const failed = { ErrorCode: 'InternalException', ErrorMessage: 'Try again (injected)' };
  if (entries.length === 1) return unavailable;
  return {
    kind: 'replace',
    input: { ...input, Entries: entries.slice(0, -1) },
    answer: (answer) => ({ FailedEntryCount: 1, Entries: [...((answer as { Entries?: unknown[] }).Entries ?? []), failed] }),
  };
}
