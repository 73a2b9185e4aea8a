/** Contacts, deals, tasks, emails and messages of Solid#. */
import { text } from '../../core/json.ts';
import type { JsonObject } from '../../core/provider.ts';
import { freshId, instant } from '../fresh.mts';
import { partOf, queryOf } from '../service.mts';
import { newRecord } from './solid-number-records.mts';
import type { Kept, Records } from './solid-number-records.mts';
import { change, filtered, isEmail, only } from './solid-number-tools.mts';
import type { Call, Handler, On, Tools } from './solid-number-tools.mts';

const CONTACT = ['first_name', 'last_name', 'email', 'phone', 'company_name'];
const DEAL = ['title', 'stage', 'value', 'amount', 'contact_id'];
const TASK = ['title', 'priority', 'due_date', 'status'];

/** Adds the calls of contacts. */
export function contacts(on: On, { invalid, named, page }: Tools): void {
	const contactOf = ({ records, request }: Call): Kept => named(records.contacts, 'Contact', partOf(request, 'id'));
	const checked = (body: JsonObject): JsonObject => {
		if (text(body.email) && !isEmail(body.email)) throw invalid('email', "Field 'email' must be a valid email address");
		return only(body, ...CONTACT);
	};

	on('GET', '/api/v1/crm/contacts', ({ request, records }) => {
		// `status` and `contact_type` are sent by older clients and were never read.
		const search = queryOf(request, 'search')?.toLowerCase();
		const found = filtered(records.contacts, request, 'source').filter(
			(one) => search === undefined || JSON.stringify(Object.values(one)).toLowerCase().includes(search),
		);
		return page(found, request);
	});
	on('POST', '/api/v1/crm/contacts', ({ records, body, raise, reply }) => {
		const contact = newRecord({ status: 'new', source: 'api', contact_type: 'lead', ...checked(body) });
		records.contacts.push(contact);
		raise('crm.contact.created', contact);
		reply.code(201);
		return contact;
	});
	on('GET', '/api/v1/crm/contacts/search/typeahead', ({ request, records }) => {
		const wanted = (queryOf(request, 'q') ?? '').toLowerCase();
		const items = records.contacts.filter((one) => JSON.stringify(one).toLowerCase().includes(wanted));
		return { items: items.slice(0, 10) };
	});
	on('GET', '/api/v1/crm/contacts/:id', contactOf);
	on('PATCH', '/api/v1/crm/contacts/:id', (call) => {
		const contact = change(contactOf(call), checked(call.body), ...CONTACT);
		call.raise('crm.contact.updated', contact);
		return contact;
	});
	on('DELETE', '/api/v1/crm/contacts/:id', (call) => {
		const gone = contactOf(call);
		call.records.contacts = call.records.contacts.filter((one) => one !== gone);
		return { id: gone.id, deleted: true };
	});
	on('GET', '/api/v1/crm/contacts/:id/timeline', (call) => {
		const contact = contactOf(call);
		const { deals, tasks, emails } = call.records;
		const entry = (type: string) => (one: Kept) => ({
			...{ type, contact_id: one.contact_id ?? null, created_at: one.created_at ?? '' },
			description: one.title ?? one.subject ?? '',
		});
		const all = [...deals.map(entry('deal')), ...tasks.map(entry('task')), ...emails.map(entry('email'))];
		const items = all
			.filter((one) => one.contact_id === contact.id)
			.map(({ type, created_at, description }) => ({ type, created_at, description }));
		return { items };
	});
}

/** Adds the calls of deals and tasks. */
export function work(on: On, { invalid, named, page, required }: Tools): void {
	const nameOf = (records: Records, id: JsonObject[string] | undefined): string | null => {
		if (id === undefined) return null;
		const contact = named(records.contacts, 'Contact', text(id) ?? '');
		return `${text(contact.first_name) ?? ''} ${text(contact.last_name) ?? ''}`.trim();
	};
	const checkMoney = ({ amount, value }: JsonObject) => {
		if (amount !== undefined && !(Number.isInteger(amount) && Number(amount) > 0)) {
			throw invalid('amount', "Field 'amount' must be a positive integer (cents)", 'must_be_positive');
		}
		if (value !== undefined && !(typeof value === 'number' && value >= 0))
			throw invalid('value', "Field 'value' must be a number");
	};

	const dealOf = ({ records, request }: Call) => named(records.deals, 'Deal', partOf(request, 'id'));
	const closeDeal: Handler = (call) => {
		const deal = dealOf(call);
		const { outcome } = call.body;
		if (outcome !== 'won' && outcome !== 'lost') throw invalid('outcome', "Field 'outcome' must be 'won' or 'lost'");
		change(deal, { outcome, closed_at: instant() }, 'outcome', 'closed_at');
		call.raise('crm.deal.closed', deal);
		return deal;
	};
	on('GET', '/api/v1/crm/deals', ({ request, records }) => page(filtered(records.deals, request, 'stage'), request));
	on('POST', '/api/v1/crm/deals', ({ records, body, raise, reply }) => {
		required(body, 'title');
		checkMoney(body);
		const contact_name = nameOf(records, body.contact_id);
		const deal = newRecord({
			...{ stage: 'New', contact_id: null, closed_at: null, outcome: null },
			...only(body, ...DEAL),
			contact_name,
		});
		records.deals.push(deal);
		raise('crm.deal.created', deal);
		reply.code(201);
		return deal;
	});
	on('GET', '/api/v1/crm/deals/:id', dealOf);
	on('PATCH', '/api/v1/crm/deals/:id', (call) => {
		const deal = dealOf(call);
		checkMoney(call.body);
		const before = deal.stage ?? null;
		change(deal, call.body, ...DEAL);
		if (deal.stage !== before) call.raise('crm.deal.stage_changed', { ...deal, previous_stage: before });
		return deal;
	});
	on('POST', '/api/v1/crm/deals/:id/close', closeDeal);

	const taskOf = ({ records, request }: Call) => named(records.tasks, 'Task', partOf(request, 'id'));
	const checkTask = ({ priority, due_date }: JsonObject) => {
		if (priority !== undefined && !['low', 'medium', 'high'].includes(String(priority)))
			throw invalid('priority', "Field 'priority' must be low, medium or high");
		if (due_date !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(String(due_date)))
			throw invalid('due_date', "Field 'due_date' must be a date");
	};
	on('GET', '/api/v1/crm/tasks', ({ request, records }) => {
		const now = instant();
		const overdue = queryOf(request, 'overdue') === 'true';
		const late = (task: Kept) => task.status === 'pending' && String(task.due_date ?? '9999') < now;
		return page(
			filtered(records.tasks, request, 'status', 'priority').filter((task) => !overdue || late(task)),
			request,
		);
	});
	on('POST', '/api/v1/crm/tasks', ({ records, body, reply }) => {
		required(body, 'title');
		checkTask(body);
		const contact_name = nameOf(records, body.contact_id);
		const task = newRecord({
			...{ status: 'pending', priority: 'medium', due_date: null, contact_id: null },
			...only(body, 'title', 'contact_id', 'priority', 'due_date'),
			contact_name,
		});
		records.tasks.push(task);
		reply.code(201);
		return task;
	});
	on('PUT', '/api/v1/crm/tasks/:id', (call) => {
		const task = taskOf(call);
		checkTask(call.body);
		return change(task, call.body, ...TASK);
	});
	on('PUT', '/api/v1/crm/tasks/:id/complete', (call) => change(taskOf(call), { status: 'completed' }, 'status'));
	on('DELETE', '/api/v1/crm/tasks/:id', (call) => {
		const gone = taskOf(call);
		call.records.tasks = call.records.tasks.filter((one) => one !== gone);
		return { id: gone.id, deleted: true };
	});

	on('GET', '/api/v1/crm/dashboard/summary', ({ records }) => ({
		...{ total_contacts: records.contacts.length, open_deals: records.deals.length },
		tasks_due: records.tasks.filter((task) => task.status === 'pending').length,
	}));
}

/** Adds the calls of emails, text messages and the chat. */
export function messages(on: On, { invalid, named, page, required }: Tools): void {
	const emailOf = ({ records, request }: Call) => named(records.emails, 'Email', partOf(request, 'id'));
	const sent = ({ records, body }: Call, more: JsonObject = {}): Kept => {
		required(body, 'to_email', 'subject', 'text_content');
		if (!isEmail(body.to_email)) throw invalid('to_email', "Field 'to_email' must be a valid email address");
		const email = newRecord({
			...{ direction: 'outbound', from_email: 'office@example.com', thread_id: freshId('thread_') },
			...{ to_email: body.to_email ?? '', subject: body.subject ?? '', body: body.text_content ?? '', status: 'sent' },
			...more,
		});
		records.emails.push(email);
		return email;
	};
	on('GET', '/api/v1/crm/emails', ({ request, records }) => {
		// The client pages by number here: `page` from 1.
		const size = Number(queryOf(request, 'page_size') ?? queryOf(request, 'limit') ?? 50);
		const start = size * (Number(queryOf(request, 'page') ?? 1) - 1);
		return { items: filtered(records.emails, request, 'direction').slice(start, start + size) };
	});
	on('POST', '/api/v1/crm/emails/send', (call) => sent(call));
	on('GET', '/api/v1/crm/emails/:id', emailOf);
	on('POST', '/api/v1/crm/emails/:id/reply', (call) => {
		const { id, thread_id = '' } = emailOf(call);
		return sent(call, { thread_id, in_reply_to: id });
	});
	on('GET', '/api/v1/crm/emails/threads/:thread', ({ records, request }) => ({
		items: page(
			records.emails.filter((one) => one.thread_id === partOf(request, 'thread')),
			request,
		).items,
	}));

	const phone = (field: string, value: JsonObject[string] | undefined) => {
		if (!/^\+\d{6,15}$/.test(String(value))) throw invalid(field, `Field '${field}' must be in E.164 form`);
	};
	on('POST', '/api/v1/sms/send', ({ body }) => {
		required(body, 'to_phone', 'message');
		phone('to_phone', body.to_phone);
		return { id: freshId('sms_'), status: 'queued', to_phone: body.to_phone ?? '', message: body.message ?? '' };
	});
	on('POST', '/api/v1/communications/send', ({ records, body }) => {
		required(body, 'message');
		const { contact_id, to_email, to_phone, channel } = body;
		const given = [contact_id, to_email, to_phone].filter((one) => one !== undefined);
		if (given.length !== 1) throw invalid('contact_id', 'One of contact_id, to_email and to_phone is required');
		if (to_email !== undefined && !isEmail(to_email)) throw invalid('to_email', "Field 'to_email' must be valid");
		if (to_phone !== undefined) phone('to_phone', to_phone);
		const contact = contact_id === undefined ? undefined : named(records.contacts, 'Contact', text(contact_id) ?? '');
		const byEmail = to_email !== undefined || Boolean(contact?.email);
		return { id: freshId('msg_'), status: 'queued', channel: channel ?? (byEmail ? 'email' : 'sms') };
	});
	on('POST', '/api/v1/chat/message', ({ records, body }) => {
		required(body, 'message');
		const known =
			body.conversation_id === undefined
				? undefined
				: named(records.conversations, 'Conversation', text(body.conversation_id) ?? '');
		const conversation = known ?? newRecord({}, freshId('conv_'));
		if (!known) records.conversations.push(conversation);
		return { conversation_id: conversation.id, response: `The sandbox heard: ${text(body.message) ?? ''}` };
	});
}
