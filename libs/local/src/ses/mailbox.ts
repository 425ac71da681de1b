import { randomUUID } from 'node:crypto';
import type { Kernel } from '../kernel/kernel.ts';
import type { State } from '../kernel/state.ts';
import { addressOf, type Mail } from './mail.ts';

export interface StoredMail extends Mail {
  readonly Id: string;
  /** ISO 8601. */
  readonly Timestamp: string;
  readonly Region: string;
}

export interface Mailbox {
  /** Keeps a mail and returns its message id. */
  add(mail: Mail): string;
  /** Oldest first; with an address, only the mails from it or to it. */
  list(email: string | undefined): readonly StoredMail[];
  empty(): void;
}

/** The newest mails that are kept. */
const capacity = 1000;

/** The mails that SES took, on disk. */
export function createMailbox(kernel: Kernel, state: State): Mailbox {
  state.sql.exec('CREATE TABLE IF NOT EXISTS mails (number INTEGER PRIMARY KEY AUTOINCREMENT, value TEXT NOT NULL)');
  const insert = state.sql.prepare('INSERT INTO mails (value) VALUES (?)');
  const trim = state.sql.prepare('DELETE FROM mails WHERE number <= (SELECT max(number) FROM mails) - ?');
  const select = state.sql.prepare('SELECT value FROM mails ORDER BY number');
  return {
    add: (mail) => {
      const Id = randomUUID();
      const stored: StoredMail = { Id, Region: kernel.region, Timestamp: new Date(kernel.now()).toISOString(), ...mail };
      insert.run(JSON.stringify(stored));
      trim.run(capacity);
      return Id;
    },
    list: (email) => {
      const mails = select.all().map((row) => JSON.parse(String(row['value'])) as StoredMail);
      const wanted = email?.toLowerCase();
      return wanted === undefined ? mails : mails.filter((mail) => addresses(mail).includes(wanted));
    },
    empty: () => void state.sql.exec('DELETE FROM mails'),
  };
}

function addresses({ Source, Destination }: Mail): string[] {
  const { ToAddresses, CcAddresses = [], BccAddresses = [] } = Destination;
  return [Source, ...ToAddresses, ...CcAddresses, ...BccAddresses].map((address) => addressOf(address).toLowerCase());
}
