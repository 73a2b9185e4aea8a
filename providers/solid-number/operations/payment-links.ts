/** Payment links, as solid-cli calls them (payment_links.ts). The path of the list ends in a slash. */
import { path } from '../../../core/json.ts';
import type { Field, HttpResponse, JsonObject, Operation, Values } from '../../../core/provider.ts';
import { listItems, paging, recordItem, withId } from '../answers.ts';
import { get, send } from '../connection.ts';
import { SAMPLES } from '../events.ts';
import { idField, idIn, idValue, money, phoneIn, positiveIn } from './fields.ts';
import { customerEmail } from './orders.ts';

const amount: Field = { ...money('amount', 'Amount', 'How much to pay.'), required: true };

const PAID: Field = {
	...money('amount', 'Amount', 'How much was paid. Fill it in only if it is not the amount of the link.'),
	notBlank: true,
};

const description: Field = {
	name: 'description',
	label: 'Description',
	type: 'string',
	placeholder: 'e.g. Deposit',
	description: 'What the payment is for.',
};

const linkId = idField('paymentLink', 'Payment Link');

/** A link. The call that sends one by text message calls its id `link_id`. */
function link(response: HttpResponse, input: Values): JsonObject[] {
	return recordItem(response, 'payment_link', 'link').map((item) => {
		const known = withId(item, 'link_id');
		return known['id'] === undefined && input['id'] !== undefined ? { ...{ id: input['id'] }, ...known } : known;
	});
}

export const paymentLinkOperations: readonly Operation[] = [
	{
		resource: 'paymentLink',
		name: 'create',
		label: 'Create',
		action: 'Create payment link',
		description: 'Create a link that a customer can pay with.',
		fields: [amount, description, customerEmail],
		request: (input) =>
			send('POST', '/payment-links/create', {
				amount: positiveIn(input, 'amount', amount.label),
				description: input['description'],
				customer_email: input['customerEmail'],
			}),
		items: link,
		sample: { ...SAMPLES.paymentLink, status: 'pending' },
		grade: 'client',
		effect: 'money',
	},
	{
		resource: 'paymentLink',
		name: 'delete',
		label: 'Delete',
		action: 'Delete payment link',
		description: 'Delete a payment link.',
		fields: [linkId],
		request: (input) => send('DELETE', path`/payment-links/${idIn(input, 'Payment Link ID')}`),
		items: (_, input) => [{ id: input['id'] ?? '', deleted: true }],
		sample: { id: '311', deleted: true },
		grade: 'client',
		effect: 'remove',
		repeatable: true,
	},
	{
		resource: 'paymentLink',
		name: 'get',
		label: 'Get',
		action: 'Get payment link',
		description: 'Get a payment link.',
		fields: [linkId],
		request: (input) => get(path`/payment-links/${idIn(input, 'Payment Link ID')}`),
		items: link,
		sample: SAMPLES.paymentLink,
		grade: 'client',
		effect: 'read',
	},
	{
		resource: 'paymentLink',
		name: 'getMany',
		label: 'Get Many',
		action: 'Get many payment links',
		description: 'Get payment links.',
		fields: [],
		request: () => get('/payment-links/'),
		items: (response) => listItems(response, 'links', 'payment_links'),
		paging,
		sample: SAMPLES.paymentLink,
		grade: 'client',
		effect: 'read',
	},
	{
		resource: 'paymentLink',
		name: 'markPaid',
		label: 'Mark as Paid',
		action: 'Mark payment link as paid',
		description: 'Record that a payment link was paid in another way.',
		fields: [linkId, PAID],
		request: (input) =>
			send('POST', '/payment-links/mark-paid', {
				link_id: idValue({ id: idIn(input, 'Payment Link ID') }, 'id'),
				amount: positiveIn(input, 'amount', PAID.label),
			}),
		items: link,
		sample: SAMPLES.paymentLink,
		grade: 'client',
		effect: 'money',
	},
	{
		resource: 'paymentLink',
		name: 'sendTextToPay',
		label: 'Send Text to Pay',
		action: 'Send payment link by text message',
		description: 'Create a payment link and send it by text message.',
		fields: [
			{
				name: 'phone',
				label: 'Phone',
				type: 'string',
				required: true,
				placeholder: 'e.g. +15550100',
				description: 'The phone number to send to, with + and the country code.',
			},
			amount,
			description,
		],
		request: (input) =>
			send('POST', '/payment-links/send-text2pay', {
				phone: phoneIn(input, 'phone', 'Phone'),
				amount: positiveIn(input, 'amount', amount.label),
				description: input['description'],
			}),
		items: link,
		sample: { id: 311, link_id: 311, status: 'sent' },
		grade: 'client',
		effect: 'money',
	},
];
