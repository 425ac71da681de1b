import type { Kernel } from '../kernel/kernel.ts';
import type { Configuration } from './configuration.ts';

/** CloudWatch Logs cuts an event at 256 KiB. */
const LINE_CHARACTERS = 256 * 1024;

/** Tells what a function wrote, line by line. */
export function tellLog(
  kernel: Kernel,
  { service, functionName }: Configuration,
  requestId: string,
  text: string,
  onLine: ((line: string) => void) | undefined,
): void {
  for (const whole of (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n')) {
    const line =
      whole.length > LINE_CHARACTERS ? `${whole.slice(0, LINE_CHARACTERS)}… (${String(whole.length - LINE_CHARACTERS)} more)` : whole;
    kernel.tell({ kind: 'log', at: kernel.now(), service, functionName, requestId, line });
    onLine?.(line);
  }
}
