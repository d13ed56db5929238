import type { ServerResponse } from 'node:http';
import { PreparedJson } from './PreparedJson';

/**
 * Sends JSON. Answers are the caller's alone and change by themselves, so nobody keeps them.
 */
export function sendAnswer(
  response: ServerResponse,
  answer: { status: number; headers?: Record<string, string>; body: unknown },
): void {
  response.statusCode = answer.status;
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader('Cache-Control', 'no-store');
  for (const [name, value] of Object.entries(answer.headers ?? {})) {
    response.setHeader(name, value);
  }
  const { body } = answer;
  response.end(
    body instanceof PreparedJson ? body.toBytes() : JSON.stringify(body),
  );
}
