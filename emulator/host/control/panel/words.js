// What fields, values and events mean, as the description of the interface says it.
import { get } from './api.js';

let schemas = {};

export async function load() {
  schemas = (await get('/v1/openapi.json')).components.schemas;
}

// The schema of a field of the state, by its part ("port"; "" at the top) and key.
export function field(part, key) {
  const top = schemas.state?.properties ?? {};
  let of = part ? top[part] : { properties: top };
  of = of?.items ?? of?.additionalProperties ?? of;
  return of?.properties?.[key];
}

export const help_of = (part, key) => field(part, key)?.description ?? null;
export const event_help = name => schemas.event?.['x-enumDescriptions']?.[name] ?? null;
