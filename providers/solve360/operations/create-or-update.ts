/** Create or Update: looks for the email address the way the vendor's published example does, then updates or creates. */
import { InvalidInput } from '../../../core/errors.ts';
import { defined, isObject, path, text } from '../../../core/json.ts';
import type { HttpResponse, Json, JsonObject, Operation, Values } from '../../../core/provider.ts';
import { listItems, recordItem } from '../answers.ts';
import { call } from '../connection.ts';
import { withNames } from './names.ts';
import {
	recordPath,
	tagsField,
	undoneTags,
	valueFields,
	valueLookUps,
	valuesOf,
	type RecordType,
} from './record-values.ts';

/** The operation, for a type of record that has email addresses. */
export function createOrUpdate(type: RecordType): Operation {
	const names = withNames((input) => valueLookUps(type, input));
	return {
		resource: type.resource,
		name: 'createOrUpdate',
		label: 'Create or Update',
		action: `Create or update ${type.one}`,
		description: `Update the ${type.one} with an email address, or create it if there is none. The result says which.`,
		fields: [
			{
				name: 'email',
				label: 'Email to Match',
				type: 'email',
				required: true,
				placeholder: 'e.g. ada@example.com',
				description: 'All email addresses of contacts are searched. A new contact gets it as business email.',
			},
			{
				name: 'ifSeveral',
				label: 'If Several Match',
				type: 'choice',
				default: 'stop',
				options: [
					{ value: 'stop', label: 'Stop With an Error' },
					{ value: 'oldest', label: 'Update the Oldest' },
				],
				description: 'What to do when several contacts have the email address.',
			},
			...valueFields(type, true),
			tagsField(type, `Category tags to add to those that the ${type.one} has.`),
		],
		prepare: (input) => [
			call('GET', path`/${type.segment}/`, {
				// Layout 1 shows the fields of each contact: they prove that the filter was applied.
				query: {
					filtermode: 'byemail',
					filtervalue: text(input['email']),
					sortfield: 'created',
					sortdir: 'ASC',
					layout: 1,
				},
			}),
			...names.prepare(input),
		],
		prepared: ([found, ...others], input) => ({
			...matches(found, text(input['email']) ?? ''),
			...names.prepared(others, input),
		}),
		request(input, prepared) {
			const id = matchOf(input, prepared);
			const values = valuesOf(type, input, prepared);
			if (id === undefined) {
				return call('POST', path`/${type.segment}/`, {
					json: { ...defined({ businessemail: input['email'] }), ...values },
				});
			}
			// Without anything to change there is nothing to write.
			return Object.keys(values).length === 0
				? call('GET', recordPath(type, id))
				: call('PUT', recordPath(type, id), { json: values });
		},
		undone: undoneTags(type, 'add'),
		items(response, input, prepared) {
			const id = matchOf(input, prepared);
			return [{ ...recordItem(response, id), outcome: id === undefined ? 'created' : 'updated' }];
		},
		sample: { ...type.sample, outcome: 'updated' },
		grade: 'client',
		note: 'Two runs at the same moment can both find nothing and create the contact twice: Solve360 has no call that does both.',
		effect: 'change',
	};
}

/**
 * The contacts of a search. `ids` have the address, or do not show their addresses; `others` show some, and not this one:
 * were a server to ignore the filter, all its contacts would be among those.
 */
function matches(found: HttpResponse | undefined, email: string): { ids: string[]; others: string[] } {
	const records = found ? listItems(found) : [];
	const wanted = email.toLowerCase();
	const showsOther = (record: JsonObject): boolean => {
		const addresses = addressesIn(record);
		return addresses.length > 0 && !addresses.includes(wanted);
	};
	const idsOf = (some: readonly JsonObject[]): string[] => some.flatMap((record) => text(record['id']) ?? []);
	return {
		ids: idsOf(records.filter((record) => !showsOther(record))),
		others: idsOf(records.filter(showsOther)),
	};
}

function addressesIn(record: JsonObject): string[] {
	const { fields } = record;
	const values: Json[] = Object.values({ ...record, ...(isObject(fields) ? fields : {}) });
	const words = values.flatMap((value) => (typeof value === 'string' ? value.toLowerCase().split(/[\s,;<>]+/) : []));
	return words.filter((word) => /^[^@]+@[^@]+\.[^@]+$/.test(word));
}

/** The contact to update; undefined: there is none. Throws `InvalidInput` where that is in doubt. */
function matchOf(input: Values, prepared: JsonObject | undefined): string | undefined {
	const ids = (prepared?.['ids'] ?? []) as string[];
	const others = (prepared?.['others'] ?? []) as string[];
	if (ids.length === 0 && others.length > 0) {
		throw new InvalidInput(
			`Solve360 found contacts for "Email to Match" that show other email addresses (IDs ${others.slice(0, 5).join(', ')}). ` +
				'Nothing was changed. If one of them is right, use Update with its ID.',
		);
	}
	if (ids.length > 1 && input['ifSeveral'] !== 'oldest') {
		throw new InvalidInput(
			`${ids.length} contacts have the email address of "Email to Match" (IDs ${ids.slice(0, 5).join(', ')}): ` +
				'use Update with one ID, or choose "Update the Oldest".',
		);
	}
	return ids[0];
}
