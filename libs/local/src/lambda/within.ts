import { AwsError } from '../kernel/aws-error.ts';

/** A whole number among properties, which templates may write as text. @throws {AwsError} `InvalidParameterValueException`. */
export function within(from: Readonly<Record<string, unknown>>, name: string, otherwise: number, least: number, most: number): number {
  const number = from[name] === undefined ? otherwise : Number(from[name]);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new AwsError(
    'InvalidParameterValueException',
    `${name} is ${String(from[name])}: it must be a whole number from ${String(least)} to ${String(most)}.`,
  );
}
