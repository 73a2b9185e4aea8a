/**
 * The life cycle once more, the way n8n goes before 2.40, and later ones with N8N_USE_WORKFLOW_PUBLICATION_SERVICE=false: publishing is
 * answered when it is done, and every start asks each published trigger again.
 */
process.env['HOOKLINE_OLD_START'] = '1';
await import('./lifecycle.test.mts');
