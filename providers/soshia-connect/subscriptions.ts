/** Webhooks of SoshiaConnect: registered once, by a person. https://docs.soshianest.ai/guides/concepts/webhooks */
import type { Provider } from '../../core/provider.ts';

/** How a webhook comes to be registered: by a person, for SoshiaConnect has no call for it. */
export const registrations: Provider['registrations'] = [
	{
		name: 'manual',
		label: 'Manual',
		description:
			'You or SoshiaConnect support add the URL once, and you put the signing secret into the webhook credential.',
		kind: 'manual',
		steps: [
			'Copy the production URL of this trigger. It must begin with https.',
			'Ask support@soshiaconnect.com to register the URL. If the events come from your own Stripe account, add it in Stripe under Developers > Webhooks instead.',
			'Copy the signing secret of that webhook into the webhook credential of this trigger.',
			'Select the signature: X-Soshia-Signature, or Stripe-Signature if Stripe sends the events.',
			'Publish the workflow, then send a test event, or ask for one.',
		],
		grade: 'inferred',
	},
];
