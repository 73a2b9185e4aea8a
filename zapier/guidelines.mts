/**
 * Zapier's guidelines for people who build integrations, as far as a definition alone can tell: what a reviewer looks at beyond the D-rules
 * of `checks.mts`. They are our reading of https://docs.zapier.com/platform/publish/integration-build-guidelines. README.md lists them.
 */
type Loose = { readonly [name: string]: unknown };

/** A guideline that is not met. `where`: `creates.contact_create`, `searches.order_get.id` ... */
interface Unmet {
	where: string;
	message: string;
}

interface Action {
	kind: 'triggers' | 'searches' | 'creates';
	where: string;
	key: string;
	noun: string;
	label: string;
	description: string;
	hidden: boolean;
	operation: Loose;
	fields: readonly Loose[];
}

const GUIDELINES: { readonly [rule: string]: (actions: readonly Action[], definition: Loose) => Unmet[] } = {
	/** A trigger says that something is new or updated, and of what: one thing. */
	G01: (actions) =>
		visible(actions, 'triggers')
			.filter(({ label, noun }) => !/^(New|Updated) /.test(label) || /[^siu]s$/.test(noun))
			.map(({ where }) => ({ where, message: 'not "New ..." or "Updated ..." with a singular noun' })),

	/** A search finds, and says so. */
	G02: (actions) =>
		visible(actions, 'searches')
			.filter(({ label, description }) => !/^Find /.test(label) || !/^Finds .*\.$/.test(description))
			.map(({ where }) => ({ where, message: 'not "Find ..." and "Finds ... ."' })),

	/** A create says what it does, in the third person. */
	G03: (actions) =>
		visible(actions, 'creates')
			.filter(({ description }) => !/^[A-Z][a-z]+s\b.*\.$/.test(description))
			.map(({ where }) => ({ where, message: 'the description is not "Creates ... ."' })),

	/** Two actions of a kind are not called the same. */
	G04: (actions) =>
		(['triggers', 'searches', 'creates'] as const).flatMap((kind) =>
			visible(actions, kind)
				.filter(({ label }, index, all) => all.findIndex((other) => other.label === label) !== index)
				.map(({ where }) => ({ where, message: 'another one has the same label' })),
		),

	/** Every input has a help text. Line items have none themselves: the schema does not allow it. */
	G05: (actions) =>
		visible(actions).flatMap(({ where, fields }) =>
			fields
				.filter((field) => field.children === undefined && text(field.helpText).trim().length < 8)
				.map((field) => ({ where: `${where}.${text(field.key)}`, message: 'no help text' })),
		),

	/** Nothing of another platform: a Zap is no workflow, a connection no credential. */
	G06: (actions) =>
		actions.flatMap(({ where, label, description, operation, fields }) =>
			[label, description, ...fields.map(({ helpText }) => text(helpText)), JSON.stringify(operation.sample ?? '')]
				.filter((said) => /\bn8n\b|\bworkflows?\b|\bcredentials?\b|\bGet Many\b|\bnodes?\b/i.test(said))
				.map((said) => ({ where, message: `words of another platform: ${said.slice(0, 80)}` })),
		),

	/** A person picks a record: a field with a list is not called an ID. */
	G07: (actions) =>
		visible(actions).flatMap(({ where, fields }) =>
			fields
				.filter(({ dynamic, label }) => dynamic !== undefined && /\bIDs?$/.test(text(label)))
				.map(({ key }) => ({ where: `${where}.${text(key)}`, message: 'a list that is called an ID' })),
		),

	/** A list has all records: it comes in pages. */
	G08: (actions) =>
		actions
			.filter(({ kind, hidden, operation }) => kind === 'triggers' && hidden && operation.canPaginate !== true)
			.map(({ where }) => ({ where, message: 'a list without pages' })),

	/** A deletion says that it cannot be undone. */
	G09: (actions) =>
		visible(actions, 'creates')
			.filter(({ label }) => /^Delete /.test(label))
			.filter(({ fields }) => !fields.some(({ helpText }) => /can't be undone/.test(text(helpText))))
			.map(({ where }) => ({ where, message: 'a deletion that does not say so' })),

	/** What comes out is described, field by field. */
	G10: (actions) =>
		visible(actions)
			.filter(({ operation }) => !Array.isArray(operation.outputFields) || operation.outputFields.length === 0)
			.map(({ where }) => ({ where, message: 'no output fields' })),

	/** Nothing is made up: an ID that is a hash is ours. Hooks need one where the service has none. */
	G11: (actions) =>
		[...visible(actions, 'creates'), ...visible(actions, 'searches')]
			.filter(({ operation }) => /"[0-9a-f]{40,}"/.test(JSON.stringify(operation.sample ?? '')))
			.map(({ where }) => ({ where, message: 'a hash in the sample' })),

	/** Empty input is cleaned, or not, on purpose. */
	G12: (_actions, { flags }) =>
		typeof asObject(flags).cleanInputData === 'boolean'
			? []
			: [{ where: 'flags', message: 'cleanInputData is not set' }],

	/** A search and a create as one step are called so. */
	G13: (_actions, { searchOrCreates }) =>
		Object.entries(asObject(searchOrCreates))
			.filter(([, pair]) => !/^Find or Create /.test(text(asObject(asObject(pair).display).label)))
			.map(([key]) => ({ where: `searchOrCreates.${key}`, message: 'not "Find or Create ..."' })),
};

/** The rules there are, in order. */
export const GUIDELINE_RULES: readonly string[] = Object.keys(GUIDELINES);

/** What of the guidelines a definition does not meet. */
export function unmetGuidelines(definition: Loose): Array<Unmet & { rule: string }> {
	const actions = (['triggers', 'searches', 'creates'] as const).flatMap((kind) =>
		Object.entries(asObject(definition[kind])).map(([key, value]): Action => {
			const { display, operation, noun } = asObject(value);
			const { label, description, hidden } = asObject(display);
			return {
				kind,
				where: `${kind}.${key}`,
				key,
				noun: text(noun),
				label: text(label),
				description: text(description),
				hidden: hidden === true,
				operation: asObject(operation),
				fields: fieldsIn(asObject(operation).inputFields),
			};
		}),
	);
	return Object.entries(GUIDELINES).flatMap(([rule, find]) =>
		find(actions, definition).map((unmet) => ({ rule, ...unmet })),
	);
}

function visible(actions: readonly Action[], kind?: Action['kind']): Action[] {
	return actions.filter((action) => !action.hidden && (kind === undefined || action.kind === kind));
}

function fieldsIn(value: unknown): Loose[] {
	const fields = (Array.isArray(value) ? value : []).filter((field) => typeof field === 'object' && field !== null);
	return (fields as Loose[]).flatMap((field) => [field, ...fieldsIn(field.children)]);
}

function asObject(value: unknown): Loose {
	return typeof value === 'object' && value !== null ? (value as Loose) : {};
}

function text(value: unknown): string {
	return typeof value === 'string' ? value : '';
}
