import type { FaultHook } from './faults.ts';

/** What happens in the cloud, for whoever watches: the terminal, `logs`, `events`, a test. */
export type Activity =
  | {
      readonly kind: 'log';
      readonly at: number;
      readonly service: string;
      readonly functionName: string;
      readonly requestId: string;
      readonly line: string;
    }
  | {
      readonly kind: 'invocation';
      readonly at: number;
      readonly service: string;
      readonly functionName: string;
      readonly requestId: string;
      readonly durationMs: number;
      readonly initMs?: number;
      readonly memoryMb: number;
      readonly outcome: 'ok' | 'error' | 'timeout' | 'crash' | 'throttled';
      readonly trigger: string;
      readonly traceHeader?: string | undefined;
    }
  | {
      readonly kind: 'event';
      readonly at: number;
      readonly bus: string;
      readonly event: Readonly<Record<string, unknown>>;
      readonly matchedRules: readonly string[];
    }
  | {
      readonly kind: 'request';
      readonly at: number;
      readonly service: string;
      readonly method: string;
      readonly path: string;
      readonly status: number;
      readonly durationMs: number;
    }
  | {
      readonly kind: 'denied';
      readonly at: number;
      readonly functionName: string;
      readonly action: string;
      readonly resource: string;
      readonly reason: string;
      readonly enforced: boolean;
    }
  | {
      readonly kind: 'notice';
      readonly at: number;
      readonly level: 'info' | 'warn' | 'error';
      readonly service?: string;
      readonly message: string;
    };

/** What every engine is given: where it runs, what time it is, whom to tell. */
export interface Kernel {
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
  readonly partition: 'aws';
  /** Where every AWS API answers, for example `http://localhost:4566`. Known once the endpoint listens. */
  readonly endpointUrl: string;
  /** Where HTTP APIs answer, for example `http://localhost:4000`. */
  readonly gatewayUrl: string;
  /** Where state is kept; undefined keeps it in memory. */
  readonly stateDirectory: string | undefined;
  /** `warn` lets a call pass that IAM would deny. */
  readonly iam: 'enforce' | 'warn';
  readonly faults: FaultHook;
  /** Milliseconds since 1970. */
  now(): number;
  tell(activity: Activity): void;
}
