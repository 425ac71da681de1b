import { enableCompileCache } from 'node:module';

// Half of the time that a command takes is compiling TypeScript that has not changed.
enableCompileCache();
const { run } = await import('./program.ts');
await run(process.argv);
