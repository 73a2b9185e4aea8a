/** The event types of SoshiaConnect, with one sample each. https://docs.soshianest.ai/guides/concepts/webhooks */
import type { EventType, JsonObject } from '../../core/provider.ts';

type Group = 'Payments' | 'Subscriptions' | 'Accounts';

/** The documented envelope, which is Stripe's. `created` counts seconds since 1970. */
function payload(type: string, object: JsonObject): JsonObject {
	return { id: 'evt_1234567890', type, created: 1609459200, data: { object } };
}

/** An event type without a documented payload: the envelope is that of the documented one, what it holds is assumed. */
function assumed(group: Group, name: string, label: string, description: string, object: JsonObject): EventType {
	return {
		name,
		label,
		description,
		group,
		grade: 'documented',
		sample: payload(name, object),
		sampleGrade: 'inferred',
	};
}

const METADATA = { user_id: '123', subscription_id: '456' };

function payment(status: string): JsonObject {
	return { id: 'pi_1234567890', amount: 9999, currency: 'usd', status, metadata: METADATA };
}

function subscription(status: string): JsonObject {
	return { id: 'sub_1234567890', status, metadata: METADATA };
}

/** The fields of a user in the newer documentation. https://docs.soshianest.ai/api */
const user: JsonObject = {
	userId: 'usr_1234567890',
	email: 'jane@example.com',
	firstName: 'Jane',
	lastName: 'Example',
	userType: 'viewer',
	status: 'active',
	createdAt: '2026-01-05T09:00:00Z',
};

export const events: readonly [EventType, ...EventType[]] = [
	{
		name: 'payment.succeeded',
		label: 'Payment Succeeded',
		description: 'A payment is processed successfully',
		group: 'Payments',
		grade: 'documented',
		sample: payload('payment.succeeded', payment('succeeded')),
		sampleGrade: 'documented',
		note: 'Not confirmed by SoshiaConnect: amount is in the smallest unit of the currency, e.g. 9999 means 99.99.',
	},
	assumed('Payments', 'payment.failed', 'Payment Failed', 'The processing of a payment fails', payment('failed')),
	assumed('Payments', 'payment.refunded', 'Payment Refunded', 'A payment is refunded', payment('refunded')),
	assumed(
		'Subscriptions',
		'subscription.created',
		'Subscription Created',
		'A new subscription is activated',
		subscription('active'),
	),
	assumed(
		'Subscriptions',
		'subscription.renewed',
		'Subscription Renewed',
		'A subscription is renewed',
		subscription('active'),
	),
	assumed(
		'Subscriptions',
		'subscription.expired',
		'Subscription Expired',
		'A subscription expires',
		subscription('expired'),
	),
	assumed(
		'Subscriptions',
		'subscription.cancelled',
		'Subscription Cancelled',
		'A subscription is cancelled',
		subscription('cancelled'),
	),
	assumed('Accounts', 'account.updated', 'Account Updated', 'The information of a profile is changed', user),
	assumed('Accounts', 'account.verified', 'Account Verified', 'The verification of an email address is complete', user),
];
