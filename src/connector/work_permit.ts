/** The right of this process to work one market, as everything that acts in it asks for it. */
export interface WorkPermit {
  /** The fencing token that every write to the store carries; 0 where no leases are used. */
  readonly token: number;
  /** True if an order may be sent now: its answer is due before the right can end. */
  mayPlace(): boolean;
  /** True if what must be written down first may be begun now: a mint or a burn. */
  mayChangePairs(): boolean;
  /**
   * True while no other process can have the market, so that every order of ours in it is this
   * process's business. Otherwise only those are that it has sent itself.
   */
  isExclusive(): boolean;
  /** Reports that the store refused a write: another process has the market. */
  reportFenced(): void;
}

/** The right of a process that shares no market with others. */
export const UNSHARED: WorkPermit = {
  token: 0,
  mayPlace: () => true,
  mayChangePairs: () => true,
  isExclusive: () => true,
  reportFenced: () => {},
};
