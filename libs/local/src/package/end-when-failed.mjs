// Loaded into the process that packages a service. Plugins leave things open when they fail (serverless-esbuild its esbuild), so that the
// tool has said what is wrong and never ends: https://github.com/floydspace/serverless-esbuild
import { isMainThread } from 'node:worker_threads';

const LOOK_MS = 200;
/** The framework may still be writing its message. */
const looksBeforeEnd = 5;

if (isMainThread) {
  let failedFor = 0;
  setInterval(() => {
    if (!process.exitCode) return;
    failedFor += 1;
    if (failedFor >= looksBeforeEnd) process.exit();
  }, LOOK_MS).unref();
}
