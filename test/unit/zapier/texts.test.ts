/** The words of the apps: how a name of the provider becomes what a person reads in Zapier. */
import type { EventType, Operation } from '../../../core/provider.ts';
import { keyOf, snakeCase, titleCase } from '../../../zapier/shared/names.mts';
import {
	createDescription,
	createLabel,
	forZapier,
	searchDescription,
	searchLabel,
	thirdPerson,
	triggerDescription,
	triggerWords,
} from '../../../zapier/shared/texts.mts';

const operation = (more: Partial<Operation>) => ({ fields: [], name: 'x', ...more }) as unknown as Operation;
const required = (name: string, label: string) => ({ name, label, type: 'string', required: true }) as const;

test.each([
	['crm.contact.created', 'crm_contact_created'],
	['a--b', 'a_b'],
	['Already_1', 'Already_1'],
])('the key of %s is %s', (name, key) => expect(keyOf(name)).toBe(key));

test.each([
	['projectBlog', 'project_blog'],
	['a1B', 'a1_b'],
	['order items', 'order_items'],
	['SKU', 'sku'],
])('%s in snake case is %s', (name, snake) => expect(snakeCase(name)).toBe(snake));

test.each([
	['create or update contact', 'Create or Update Contact'],
	['the end of', 'The End Of'],
	['find Access To route', 'Find Access to Route'],
	['', ''],
])('"%s" in title case is "%s"', (label, title) => expect(titleCase(label)).toBe(title));

test.each([
	['Customer Created', undefined, 'New Customer', 'Customer'],
	['Tag Added', undefined, 'New Tag', 'Tag'],
	['Transcription Started', undefined, 'New Transcription', 'Transcription'],
	['Contact Updated', undefined, 'Updated Contact', 'Contact'],
	['Deal Stage Changed', undefined, 'Updated Deal Stage', 'Deal Stage'],
	['Status Change', undefined, 'Updated Status', 'Status'],
	['Order Paid', undefined, 'New Paid Order', 'Order'],
	['Created', 'Order', 'New Order', 'Order'],
])('the trigger for "%s" (%s) is called "%s"', (label, group, expected, noun) => {
	expect(triggerWords({ label, group } as EventType)).toEqual({ label: expected, noun });
});

test.each([
	['A customer is created', 'Triggers when a customer is created.'],
	['A customer is created. ', 'Triggers when a customer is created.'],
])('"%s" says when: "%s"', (description, said) => {
	expect(triggerDescription({ description } as EventType)).toBe(said);
});

test('a create is called what it does', () => {
	expect(createLabel(operation({ action: 'Create or update contact' }))).toBe('Create or Update Contact');
});

test.each([
	['Get many contacts', [], 'x', 'Find Contacts'],
	['List reservations', [], 'x', 'Find Reservations'],
	['Look up contacts', [], 'x', 'Find Contacts'],
	['Check access to route', [required('route', 'Route')], 'x', 'Find Access to Route'],
	['Get contact', [required('id', 'ID')], 'get', 'Find Contact by ID'],
	['Get contact', [required('id', 'ID')], 'read', 'Find Contact'],
	['Get product', [required('sku', 'SKU')], 'get', 'Find Product by SKU'],
	['Get item', [required('id', 'ID'), required('kind', 'Kind')], 'get', 'Find Item'],
	['Get account', [], 'get', 'Find Account'],
	['Getaway plans', [], 'x', 'Find Getaway Plans'],
] as const)('the search for "%s" with %j is called by its name %s: "%s"', (action, fields, name, label) => {
	expect(searchLabel(operation({ action, fields, name }))).toBe(label);
});

test.each([
	['Create a contact.', 'Creates a contact.'],
	['Create a contact', 'Creates a contact.'],
	['Apply a tag, or remove it.', 'Applies a tag, or removes it.'],
	['Cancel an order and then close it.', 'Cancels an order and then closes it.'],
	['Push a message.', 'Pushes a message.'],
	['Pay an invoice!', 'Pays an invoice!'],
	['Reads a file.', 'Reads a file.'],
	['Pass it on.', 'Passes it on.'],
	['Set up a workflow with your Acme credential.', 'Sets up a Zap with your Acme connection.'],
])('"%s" reads "%s"', (description, said) => {
	expect(createDescription(operation({ description }))).toBe(said);
});

test.each([
	['Get contacts, all or those that match.', 'Finds contacts, all or those that match.'],
	['Search for documents', 'Finds documents.'],
	['Ask whether a route is free.', 'Finds out whether a route is free.'],
	['Check whether it is there.', 'Finds out whether it is there.'],
	['Find whether it is there.', 'Finds out whether it is there.'],
	['Retrieve an order.', 'Finds an order.'],
	['Compare two orders.', 'Compares two orders.'],
])('the search "%s" reads "%s"', (description, said) => {
	expect(searchDescription(operation({ description }))).toBe(said);
});

test('a verb at the start is put into the third person, others only after "and" or "or"', () => {
	expect(thirdPerson('Update a deal or create it; and close it.')).toBe('Updates a deal or creates it; and closes it.');
	expect(thirdPerson('Update the create date.')).toBe('Updates the create date.');
	expect(thirdPerson('Fix, or delete.')).toBe('Fixes, or deletes.');
	expect(thirdPerson('Do it and get it.')).toBe('Does it and gets it.');
});

test.each([
	['Check the credential', 'Check the connection'],
	['Check your Solid# credential.', 'Check your Solid# connection.'],
	['The operation Contact: Get Many lists them', 'The search for a Contact lists them'],
	['See Get Many', 'See the search'],
	['of published triggers', 'of Zaps that are on'],
	['Publish the workflow again', 'Switch the Zap on again'],
	['two workflows and a workflow', 'two Zaps and a Zap'],
	['credentials stay', 'credentials stay'],
])('"%s" in the words of Zapier is "%s"', (text, said) => expect(forZapier(text)).toBe(said));
