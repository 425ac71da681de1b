import { enableCompileCache } from 'node:module';

// Half of the time that a command takes is compiling TypeScript that has not changed.
enableCompileCache();
// Whoever reads the output may have seen enough: `logs | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});
const { run } = await import('./program.ts');
await run(process.argv);
