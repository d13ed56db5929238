module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  rules: {
    // The API client's methods are called GET, POST, PUT, PATCH and DELETE.
    'new-cap': ['error', { capIsNew: false }],
  },
});
