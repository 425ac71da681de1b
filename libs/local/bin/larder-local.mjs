#!/usr/bin/env node
// Runs with Node 24, which takes TypeScript as it stands.
import '../src/cli/main.ts';
