/** While calls are timed the effect is left out of all three: what DynamoDB takes is the same, and would hide the rest. It is in every bundle and at every start. */
export const stubbed = process.env.STUBBED === 'yes';
