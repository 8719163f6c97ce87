"""The shapes of all answers. Their names and properties are a promise: within /api/v1 they are only added to."""
