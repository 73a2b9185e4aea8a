/** What only Zapier has of SoshiaConnect. */
import type { AppSettings } from '../../shared/settings.mts';

export const settings: AppSettings = {
	triggers: { 'payment.succeeded': { label: 'New Successful Payment', noun: 'Payment' } },
	// The smallest plan: 1,000 requests an hour with a key. https://docs.soshianest.ai/guides/rate-limits
	throttle: { window: 3600, limit: 1000 },
};
