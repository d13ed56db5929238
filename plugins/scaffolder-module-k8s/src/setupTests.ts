import '@testing-library/jest-dom';
import { configure } from '@testing-library/react';

// What is waited for comes or does not; on a busy machine it comes late. Milliseconds.
configure({ asyncUtilTimeout: 10_000 });
