/** What queue mode is tested with, and what `deploy/compose.yml` must therefore set. */
export const QUEUE_SETTINGS = {
	EXECUTIONS_MODE: 'queue',
	DB_TYPE: 'postgresdb',
	QUEUE_HEALTH_CHECK_ACTIVE: 'true',
	N8N_DISABLE_PRODUCTION_MAIN_PROCESS: 'true',
	N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true',
};
