/** Wakes one waiter; rung while nobody waits, it wakes the next at once. */
export class Bell {
  private hasRung = false;
  private wake = () => {};

  ring(): void {
    this.hasRung = true;
    this.wake();
  }

  /** Until it is rung. */
  async heard(): Promise<void> {
    if (!this.hasRung) {
      await new Promise<void>(resolve => {
        this.wake = resolve;
      });
    }
    this.hasRung = false;
  }
}
