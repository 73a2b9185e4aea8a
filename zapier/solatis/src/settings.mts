/** What only Zapier has of this service. */
import type { AppSettings } from '../../shared/settings.mts';

export const settings: AppSettings = {};
