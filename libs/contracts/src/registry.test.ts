import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiContract } from './define-api.ts';
import type { EventContract } from './define-event.ts';
import type { StreamContract } from './define-stream.ts';
import { apis, events, streams } from './registry.ts';

type Contract = ApiContract | EventContract | StreamContract;

const files = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name: owner }) =>
    readdirSync(join(import.meta.dirname, owner))
      .filter((file) => file.endsWith('.ts') && !file.includes('.test'))
      .map((file) => ({ owner, file })),
  );

const declared = await Promise.all(
  files.map(async ({ owner, file }) => {
    const exported = Object.entries((await import(`./${owner}/${file}`)) as Record<string, unknown>);
    const contracts = exported.filter((entry): entry is [string, Contract] => isContract(entry[1]));
    return { owner, file, contracts };
  }),
);

describe.each(declared)('$owner/$file', ({ owner, file, contracts }) => {
  it('declares one contract', () => {
    expect(contracts).toHaveLength(1);
  });

  it('is called what its contract is called, and exports it under that name', () => {
    const [[exportName, contract]] = contracts as [[string, Contract]];
    expect(file).toBe(`${fileNameOf(contract)}.ts`);
    expect(exportName).toBe(fileNameOf(contract).replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase()));
  });

  it('lies in the folder of its owner', () => {
    for (const [, contract] of contracts) expect(contract.kind === 'api' ? contract.service : contract.owner).toBe(owner);
  });

  it('is in the registry', () => {
    for (const [, contract] of contracts) expect([...events, ...apis, ...streams]).toContain(contract);
  });
});

describe('the registry', () => {
  it('holds nothing twice', () => {
    const names = [...events.map(({ type }) => type), ...apis.map(({ service }) => service), ...streams.map(({ name }) => name)];
    expect(new Set(names).size).toBe(names.length);
  });

  it('holds nothing that has no file', () => {
    const inFiles = declared.flatMap(({ contracts }) => contracts.map(([, contract]) => contract));
    expect(inFiles).toEqual(expect.arrayContaining([...events, ...apis, ...streams]));
  });
});

/** `orders.OrderPlaced.v1` → `order-placed`, its second version `order-placed-v2`; the API of orders → `orders-api`. */
function fileNameOf(contract: Contract): string {
  if (contract.kind === 'api') return `${contract.service}-api`;
  const [, name = '', version = ''] = (contract.kind === 'event' ? contract.type : contract.name).split('.');
  const words = name.replaceAll(/(?!^)[A-Z]/g, '-$&').toLowerCase();
  return version === 'v1' ? words : `${words}-${version}`;
}

function isContract(value: unknown): value is Contract {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    (value.kind === 'event' || value.kind === 'api' || value.kind === 'stream')
  );
}
