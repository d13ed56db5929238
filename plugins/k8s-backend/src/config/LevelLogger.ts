import type { LoggerService } from '@backstage/backend-plugin-api';
import type { JsonObject } from '@backstage/types';
import type { LogLevel } from './readK8sConfig';

const ORDER: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** A logger that leaves out what is below `k8s.logging.level`. */
export class LevelLogger implements LoggerService {
  constructor(
    private readonly logger: LoggerService,
    private readonly level: LogLevel,
  ) {}

  debug(message: string, meta?: Error | JsonObject): void {
    this.log('debug', message, meta);
  }

  info(message: string, meta?: Error | JsonObject): void {
    this.log('info', message, meta);
  }

  warn(message: string, meta?: Error | JsonObject): void {
    this.log('warn', message, meta);
  }

  error(message: string, meta?: Error | JsonObject): void {
    this.log('error', message, meta);
  }

  child(meta: JsonObject): LoggerService {
    return new LevelLogger(this.logger.child(meta), this.level);
  }

  private log(level: LogLevel, message: string, meta?: Error | JsonObject) {
    if (ORDER.indexOf(level) >= ORDER.indexOf(this.level)) {
      this.logger[level](message, meta);
    }
  }
}
