import * as z from 'zod/mini';

/** A JSON Schema, as far as our documents look into it. */
export interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly enum?: readonly unknown[];
  readonly [keyword: string]: unknown;
}

/**
 * What may be sent, as JSON Schema: before defaults and conversions are applied, and open to further fields, which a consumer ignores.
 *
 * @param target OpenAPI 3.1 speaks the 2020-12 draft, AsyncAPI 3 draft 7.
 */
export function toJsonSchema(schema: z.core.$ZodType, target: 'draft-2020-12' | 'draft-7' = 'draft-2020-12'): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    target,
    io: 'input',
    // A format says it better than the expression that zod checks it with.
    override: ({ jsonSchema }) => void (jsonSchema.format && delete jsonSchema.pattern),
  });
  return rest as JsonSchema;
}
