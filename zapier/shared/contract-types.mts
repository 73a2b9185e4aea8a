/**
 * The types of what operations answer with, by operation id and field name, as `contracts/` has them.
 *
 * The build puts the service's table in place of this empty one (`zapier/build.mts`): nothing else of a contract is needed at run time.
 */
export type ContractTypes = { readonly [operation: string]: { readonly [field: string]: ContractType } };
export type ContractType = 'string' | 'integer' | 'number' | 'boolean' | 'datetime';

export const CONTRACT_TYPES: ContractTypes = {};
