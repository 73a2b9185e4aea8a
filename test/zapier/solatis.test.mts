import { setTimeout as wait } from 'node:timers/promises';
import { solatis } from '../../providers/solatis/provider.ts';
import {
	describeActions,
	describeConnection,
	describeErrors,
	describeRepeats,
	describeSubscribing,
} from './support/cases.mts';
import { describeApp } from './support/suite.mts';

const ANALYSIS = { documentUrl: 'https://example.com/contract.pdf', analysisType: 'contract_review' };

describeApp(solatis, (stage) => {
	describeConnection(stage, { secret: 'apiKey', label: /^API Key #[0-9a-f]{6}$/ });
	describeSubscribing(stage, {
		subscribe: { method: 'POST', path: '/webhooks$' },
		unsubscribe: { method: 'DELETE', path: '/webhooks/' },
	});
	describeRepeats(stage);
	describeActions(stage, {
		'creates.document_analyze': { ...ANALYSIS, extractFields: ['parties'], includeSummary: true },
		'creates.document_chat': async (first) => ({
			documentId: await first('list_document'),
			message: 'When does it end?',
		}),
		'creates.transcription_create': { audioUrl: 'https://example.com/meeting.mp3', language: 'en' },
		'searches.document_get_many': { limit: 2 },
		'searches.document_find_recent': { since: '2000-01-01T00:00:00Z' },
		'searches.transcription_get': async () => {
			const made = await stage.zapier.act(stage.connection, 'creates', 'transcription_create', {
				audioUrl: 'https://example.com/meeting.mp3',
			});
			await wait(500); // until the sandbox has transcribed it
			return { transcriptionId: (made as { id: string }).id };
		},
		'searches.webhook_get_deliveries': async () => {
			const zap = await stage.turnOn('document_shared');
			await stage.service.raise('document.shared');
			await stage.zapier.settled();
			return { webhookId: zap.subscribeData.id };
		},
		'searches.webhook_get_health': async (first) => ({ webhookId: await first('list_webhooks') }),
		'searches.webhook_get_many': { limit: 2 },
	});
	describeErrors(stage, {
		action: 'creates.transcription_create',
		input: { audioUrl: 'https://example.com/a.mp3' },
		text: 'language',
	});
});
