/** What people write into boxes, for every field of every service. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cleanInput } from '../../core/operation.ts';
import type { Field } from '../../core/provider.ts';
import { providers } from '../../providers/index.ts';
import { valuesOf } from '../../zapier/shared/form.mts';

/** Every field that an app of this service asks for, rows included. */
function fieldsOf(fields: readonly Field[]): Field[] {
	return fields.flatMap((field) => [field, ...fieldsOf(field.fields ?? [])]);
}

for (const { name, operations, triggerFields = [] } of providers) {
	const fields = fieldsOf([...triggerFields, ...operations.flatMap((operation) => operation.fields)]);
	// As an action reads it, of a field that is alone in its form.
	const read = ({ default: _default, showIf: _showIf, ...field }: Field, written: unknown) => {
		const alone: Field = { ...field, required: false };
		return cleanInput([alone], valuesOf([alone], { [field.name]: written }))[field.name];
	};

	describe(`what people write into the boxes of ${name}`, () => {
		it('lists: one entry for each part between commas, in one box or several', () => {
			// Without its choices, which have other words than these.
			for (const { options: _options, ...field } of fields.filter(
				({ type }) => type === 'list' || type === 'choices',
			)) {
				assert.deepEqual(read(field, ['Qx, 53966']), ['Qx', '53966'], field.name);
				assert.deepEqual(read(field, [' Qx ', '', null, '53966,']), ['Qx', '53966'], field.name);
				assert.deepEqual(read(field, 'Qx,53966'), ['Qx', '53966'], field.name);
				assert.equal(read(field, []), undefined, field.name);
			}
		});

		it('choices: by value or label, in any case', () => {
			for (const field of fields.filter(({ type, options }) => type === 'choice' && options)) {
				for (const { value, label } of field.options ?? []) {
					for (const written of [value, ` ${value.toUpperCase()} `])
						assert.equal(read(field, written), value, field.name);
					const own = field.options?.find((option) => option.value.toLowerCase() === label.toLowerCase());
					assert.equal(read(field, label.toLowerCase()), own?.value ?? value, `${field.name}: ${label}`);
				}
			}
		});

		it('dictionaries: a line without a value was not used', () => {
			for (const field of fields.filter(({ type }) => type === 'pairs'))
				assert.deepEqual(read(field, { kept: 'x', empty: '', blank: ' ', nothing: null }), { kept: 'x' }, field.name);
		});
	});
}
