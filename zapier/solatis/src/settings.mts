/** What only Zapier has of Solatis. */
import { text } from '../../../core/json.ts';
import { recentFind } from '../../shared/finds.mts';
import type { AppSettings } from '../../shared/settings.mts';

export const settings: AppSettings = {
	triggers: {
		'document.analyzed': { label: 'New Document Analysis', noun: 'Document Analysis' },
		'meeting.analyzed': { label: 'New Meeting Analysis', noun: 'Meeting Analysis' },
		'transcription.started': { label: 'New Transcription', noun: 'Transcription' },
		'action_items.extracted': { label: 'New Extracted Action Item', noun: 'Action Item' },
		'brainstorm.completed': { label: 'New Completed Brainstorm', noun: 'Brainstorm' },
	},
	finds: [
		recentFind({
			key: 'document_find_recent',
			label: 'Find Recent Documents',
			description: 'Finds documents that were created since a time.',
			operation: 'document.getMany',
			looksThrough: 500,
			time: (document) => text(document['created_at']),
		}),
	],
	// The smallest plan: 60 requests a minute. https://docs.solatis.team/api/rate-limiting.html
	throttle: { window: 60, limit: 60 },
};
