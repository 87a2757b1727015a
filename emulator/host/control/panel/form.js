// A form from a JSON Schema, and the body that it describes. Empty fields are left out, so
// that the modem's own defaults hold.
import { h } from './dom.js';

let serial = 0;

// What an object needs: of "a value, or an object" the object, which has everything.
const fields_of = schema => schema.properties ?? schema.anyOf?.find(s => s.properties)?.properties ?? {};
const required_of = schema => schema.required ?? schema.anyOf?.find(s => s.required)?.required ?? [];
const unique = list => [...new Set(list.map(String))];

function choices(schema) {
  return schema.enum ?? schema.anyOf?.find(s => s.enum)?.enum;
}

function is_list(schema) {
  return schema.type === 'array' || (schema.anyOf?.some(s => s.type === 'array') && !schema.anyOf.some(s => s.properties));
}

// Of a list: what its entries are. Of a mapping with free keys: what its values are.
const item_of = schema => schema.items ?? schema.anyOf?.find(s => s.items)?.items;
const value_of = schema => !Object.keys(fields_of(schema)).length && schema.additionalProperties?.type;

const types = schema => [schema.type ?? schema.anyOf?.map(s => s.type) ?? []].flat();

function control(schema, id) {
  const hint = schema.default === undefined ? '' : String(schema.default);
  if (!is_list(schema) && choices(schema)) {
    return h('select', { id }, h('option', { value: '' }, hint ? `usual: ${hint}` : 'choose'),
      unique(choices(schema)).map(v => h('option', { value: v }, v)));
  }
  if (types(schema).includes('integer') && types(schema).length === 1)
    return h('input', { id, type: 'number', step: '1', min: String(schema.minimum ?? ''), max: String(schema.maximum ?? ''), placeholder: hint });
  if ((schema.maxLength ?? 0) > 200)
    return h('textarea', { id, maxlength: String(schema.maxLength), placeholder: hint, rows: '2' });
  return h('input', { id, type: 'text', placeholder: is_list(schema) ? 'one, or several with commas' : hint, spellcheck: 'false',
    maxlength: schema.maxLength ? String(schema.maxLength) : null });
}

function limits(schema) {
  if (schema.minimum !== undefined && schema.maximum !== undefined && schema.maximum < 1e9)
    return `${schema.minimum} to ${schema.maximum}`;
  if (schema.pattern?.includes('ms|s|m|h'))
    return 'such as 250ms, 2s, 1m';
  return '';
}

function read_one(schema, input) {
  if (input.type === 'checkbox')
    return input.checked ? true : undefined;
  if (input.value === '')
    return undefined;
  if (is_list(schema))
    return input.value.split(/[,\s]+/).filter(Boolean);
  if (input.type === 'number')
    return Number(input.value);
  const all = choices(schema);
  return all && !all.includes(input.value) ? all.find(v => String(v) === input.value) : input.value;
}

// A field: { element, read(), mark(path, text) }.
function field(key, schema, needed) {
  const id = `f${serial++}`;
  const item = is_list(schema) ? item_of(schema) : null;
  if (item && Object.keys(fields_of(item)).length)
    return nested(key, { ...item, description: schema.description }, value => [value]);
  if (item && choices(item))
    return boxes(key, schema, unique(choices(item)));
  if (Object.keys(fields_of(schema)).length)
    return nested(key, schema, value => value);
  if (value_of(schema))
    return pairs(key, schema, id);
  const is_flag = types(schema).length === 1 && types(schema)[0] === 'boolean';
  const input = is_flag ? h('input', { id, type: 'checkbox', checked: schema.default === true }) : control(schema, id);
  const help = h('span', { class: 'help', id: `${id}h` }, [schema.description, limits(schema)].filter(Boolean).join('; '));
  input.name = key;
  input.setAttribute('aria-describedby', help.id);
  const label = h('label', { for: id }, key, needed ? h('span', { class: 'need', title: 'needed' }, ' *') : null);
  return {
    element: h('div', { class: is_flag ? 'field check' : 'field' }, is_flag ? [input, label] : [label, input], help),
    read: () => is_flag && schema.default === true && !input.checked ? false : read_one(schema, input),
    mark: path => {
      const here = path === key;
      input.setAttribute('aria-invalid', String(here));
      if (here)
        input.focus();
      return here;
    },
  };
}

// Some of several names.
function boxes(key, schema, names) {
  const all = names.map(name => h('input', { type: 'checkbox', id: `f${serial++}`, name: key, value: name }));
  return {
    element: h('fieldset', { class: 'field' }, h('legend', {}, key), h('span', { class: 'help' }, schema.description ?? ''),
      h('div', { class: 'boxes' }, all.map(e => h('span', {}, e, h('label', { for: e.id }, e.value))))),
    read: () => all.some(e => e.checked) ? all.filter(e => e.checked).map(e => e.value) : undefined,
    mark: path => {
      all.forEach(e => e.setAttribute('aria-invalid', String(path === key)));
      if (path === key)
        all[0].focus();
      return path === key;
    },
  };
}

// Free keys: a line for each.
function pairs(key, schema, id) {
  const input = h('textarea', { id, name: key, rows: '2', placeholder: 'KEY=VALUE, one a line', spellcheck: 'false', 'aria-describedby': `${id}h` });
  return {
    element: h('div', { class: 'field' }, h('label', { for: id }, key), input, h('span', { class: 'help', id: `${id}h` }, schema.description ?? '')),
    read: () => {
      const lines = input.value.split('\n').filter(line => line.trim());
      return lines.length ? Object.fromEntries(lines.map(line => line.split(/=(.*)/s).slice(0, 2).map(s => s?.trim() ?? ''))) : undefined;
    },
    mark: path => {
      const here = path === key || Boolean(path?.startsWith(`${key}.`));
      input.setAttribute('aria-invalid', String(here));
      if (here)
        input.focus();
      return here;
    },
  };
}

// A mapping within; wrap: what its value is put into.
function nested(key, schema, wrap) {
  const inner = fields(schema);
  const details = h('details', {}, h('summary', {}, key), h('p', { class: 'lead' }, schema.description ?? ''), inner.elements);
  return {
    element: h('fieldset', { class: 'nest', 'aria-label': key }, details),
    read: () => {
      const value = inner.read();
      return Object.keys(value).length ? wrap(value) : undefined;
    },
    mark: path => {
      const found = path?.startsWith(`${key}.`) ? inner.mark(path.slice(key.length + 1)) : (inner.mark(null), path === key);
      details.open ||= found;
      return found;
    },
  };
}

// The fields of an object schema.
export function fields(schema) {
  const needed = required_of(schema);
  const all = Object.entries(fields_of(schema)).map(([key, s]) => [key, field(key, s, needed.includes(key))]);
  return {
    elements: all.map(([, f]) => f.element),
    count: all.length,
    read: () => Object.fromEntries(all.map(([key, f]) => [key, f.read()]).filter(([, v]) => v !== undefined)),
    // Marks the field that is wrong (null: none); returns whether it was found.
    mark: path => all.map(([, f]) => f.mark(path)).some(Boolean),
  };
}
