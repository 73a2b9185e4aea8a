/**
 * Loaded before every test file (`--import`): a signal ends the process by its own exit, so that whatever a test has started, a
 * real n8n above all, is ended by its `exit` handlers and does not stay behind.
 */
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));
